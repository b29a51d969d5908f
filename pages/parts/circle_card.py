"""The card of a care circle: the door, who takes turns, and what may be done about it."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import N_, _, day, moment
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, circle, members_ever
from geo.people.circle_rules import ACTION_LABELS, MAX_REASON, MOVES, NEED_REASON
from geo.people.circle_writes import move_circle
from geo.people.needs import STATUS_LABELS as NEED_LABELS
from geo.store.audit import history
from geo.store.clock import today
from pages.parts.circle_members import pinned_circle, show_members
from pages.parts.circle_state import open_circle
from pages.parts.circle_words import circle_status, members_words, name_words, role_words
from pages.parts.language import rerun_part
from pages.parts.links import is_open
from pages.parts.merge import unpin
from pages.parts.need_words import tasks_in_words
from pages.parts.session import act, looking, may
from pages.parts.volunteer_words import hours_words

Part = Callable[[CircleView], object]
MOST_HISTORY = 12
MOVE_LABELS = {
    "trial": N_("Accept on trial"),
    "active": N_("Accept"),
    "paused": N_("Pause"),
    "ended": N_("End"),
}


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
        ("status", may("edit_circles") and bool(MOVES[found.status]), N_("Decide"), _show_moves),
        ("members", may("edit_circles") and found.status != "ended", N_("Members"), show_members),
        ("history", True, N_("History"), _show_history),
    ]
    offered = {name: (label, part) for name, allowed, label, part in known if allowed}
    chosen = st.pills(
        _("What to do"), list(offered), default=next(iter(offered)), key=f"circle_task_{found.id}",
        format_func=lambda name: _(offered[name][0]), label_visibility="collapsed",
    )  # fmt: skip
    if chosen:
        offered[chosen][1](found)


def _show_moves(found: CircleView) -> None:
    seen = pinned_circle(found)
    labels = MOVE_LABELS
    if found.status == "proposed":
        labels = labels | {"ended": N_("Refuse")}
    elif found.status == "paused":
        labels = labels | {"active": N_("Resume")}
    elif found.status == "trial":
        labels = labels | {"active": N_("Keep for good")}
    reason = st.text_input(
        _("Reason, without names (to pause, refuse or end)"), key=f"move_reason_{found.id}", max_chars=MAX_REASON,
        autocomplete="off",
    )  # fmt: skip
    with st.container(horizontal=True):
        for at, status in enumerate(MOVES[found.status]):
            kind: Any = "primary" if at == 0 and status not in NEED_REASON else "secondary"
            if st.button(_(labels[status]), key=f"move_{found.id}_{status}", type=kind):
                _move(seen, status, reason)


def _move(seen: CircleView, status: str, reason: str) -> None:
    done = act(
        lambda session: (
            move_circle(session, seen.id, status, on=today(), version=seen.version, reason=reason or None), True,
        )[1]
    )  # fmt: skip
    if done:
        unpin()
        st.toast(_("The circle of need {number} is changed.", number=seen.number), icon=":material/check:")
        rerun_part()


def _show_history(found: CircleView) -> None:
    with looking() as connection:
        past = [one for one in members_ever(connection, found.id) if one.to_on]
        entries = history(connection, "care_circle", found.id, limit=MOST_HISTORY)
    for one in past:
        who = f"{name_words(one.name, one.volunteer_id)} · {role_words(one)}"
        st.markdown(f"- {plain(who)}: {day(one.from_on)} – {day(one.to_on)}")
        if one.reason:
            st.caption(plain(_(one.reason)))
    for entry in entries:
        what = _(ACTION_LABELS.get(entry.action, entry.action))
        status = (entry.after or {}).get("status")
        if entry.action == "move_circle" and status:
            what = f"{what}: {circle_status(status)}"
        st.caption(f"{moment(entry.at)} · {what} · {plain(shown_name(entry.actor))}")
        if entry.note:
            st.caption(plain(_(entry.note)))
    if not past and not entries:
        st.caption(_("Nothing is in the history that you may see."))
