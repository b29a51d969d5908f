"""The card of a care circle: the door, who takes turns, and what may be done about it."""

from collections.abc import Callable

import streamlit as st

from geo.i18n import N_, _, day
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, circle
from geo.people.circle_rules import MOVES
from geo.people.needs import STATUS_LABELS as NEED_LABELS
from pages.parts.circle_history import show_circle_history
from pages.parts.circle_map import show_circle_map
from pages.parts.circle_members import show_members
from pages.parts.circle_moves import show_moves
from pages.parts.circle_state import open_circle
from pages.parts.circle_words import circle_status, members_words
from pages.parts.links import is_open
from pages.parts.need_words import tasks_in_words
from pages.parts.session import looking, may
from pages.parts.volunteer_words import hours_words

Part = Callable[[CircleView], object]


def show_circle(circle_id: int) -> None:
    """Show everything about a circle, or say that it is not there."""
    with looking() as connection:
        found = circle(connection, circle_id)
    if found is None:
        st.warning(
            _("There is no such circle, or you may not see it. Choose one in the list."), icon=":material/search_off:"
        )
        st.button(_("Back to the list"), key="close_circle", on_click=open_circle, args=(None,))
        return
    _show_head(found)
    _show_facts(found)
    show_circle_map(found)
    _show_work(found)


def _show_head(found: CircleView) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("Circle of need {number}", number=plain(found.number)), anchor=False)
        st.button(
            "", icon=":material/close:", help=_("Close this card"), key="close_circle", type="tertiary",
            on_click=open_circle, args=(None,),
        )  # fmt: skip


def _show_facts(found: CircleView) -> None:
    asked = hours_words(found.hours_week) if found.hours_week is not None else _("as usual in this city")
    facts = [
        (_("Place"), plain(found.door)),
        (_("Status"), circle_status(found.status)),
        (_("Help needed"), plain(tasks_in_words(found.tasks))),
        (_("Hours a week"), plain(asked)),
        (_("Since"), day(found.started_on)),
    ]
    if found.ended_on:
        facts.append((_("Ended"), day(found.ended_on)))
    if found.reason:
        facts.append((_("Reason"), plain(_(found.reason))))
    if found.team:
        facts.append((_("Team"), plain(found.team)))
    st.markdown("  \n".join(f":gray[{label}] {value}" for label, value in facts))
    if found.need_status != "open" and found.status != "ended":
        st.warning(
            _("The need is {status}; the rota does not plan for it. Pause or end the circle too.",
              status=_(NEED_LABELS[found.need_status])),
            icon=":material/info:",
        )  # fmt: skip
    st.markdown(members_words(found.members))
    if is_open("care_needs"):
        st.page_link("care_needs.py", label=_("Open the need"), icon=":material/volunteer_activism:",
                     query_params={"need": found.number})  # fmt: skip


def _show_work(found: CircleView) -> None:
    known: list[tuple[str, bool, str, Part]] = [
        ("status", may("edit_circles") and bool(MOVES[found.status]), N_("Decide"), show_moves),
        ("members", may("edit_circles") and found.status != "ended", N_("Members"), show_members),
        ("history", True, N_("History"), show_circle_history),
    ]
    offered = {name: (label, part) for name, allowed, label, part in known if allowed}
    chosen = st.pills(
        _("What to do"), list(offered), default=next(iter(offered)), key=f"circle_task_{found.id}",
        format_func=lambda name: _(offered[name][0]), label_visibility="collapsed",
    )  # fmt: skip
    if chosen:
        offered[chosen][1](found)
