"""The card of a need among the visits: when the next is due, a message that asks somebody to go, and the history."""

from datetime import timedelta

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _, day, moment
from geo.maps.safe_text import plain
from geo.people.need_reads import need_by_number
from geo.people.visit_reads import DueNeed, due_of_need, visits_of_need
from geo.store.clock import today
from pages.parts.links import is_open, link_to
from pages.parts.need_words import door_of
from pages.parts.session import looking
from pages.parts.visit_of_others import show_visit_of_others
from pages.parts.visit_state import open_visit_card
from pages.parts.visit_words import door_text, due_text, form_address, link_to_form, state_text, visit_text

MOST_HISTORY = 12
LONGEST_PLAN_DAYS = 90


def show_visit_card(number: str) -> None:
    """Show when a need is visited next and what came of the visits so far, or say that it is not there."""
    with looking() as connection:
        need = need_by_number(connection, number)
        due = due_of_need(connection, need.id) if need else None
    if need is None:
        st.warning(
            _("There is no need {number}, or you may not see it. Choose one in the list.", number=plain(number)),
            icon=":material/search_off:",
        )
        st.button(_("Back to the list"), key="close_visit", on_click=open_visit_card, args=(None,))
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("Need {number}", number=plain(need.number)), anchor=False)
        st.button(
            "", icon=":material/close:", help=_("Close this card"), key="close_visit", type="tertiary",
            on_click=open_visit_card, args=(None,),
        )  # fmt: skip
    facts = [(_("Place"), plain(door_of(need))), (_("Community"), plain(need.community))]
    if due:
        facts += [(_("How it stands"), state_text(due)), (_("Next visit due"), due_text(due))]
    st.markdown("  \n".join(f":gray[{label}] {value}" for label, value in facts))
    if due is None:
        st.caption(_("This need is not open, so no visit is due."))
    else:
        link_to_form(need.number)
        _show_plan(due)
        show_visit_of_others(due)
    if is_open("care_needs"):
        link_to("care_needs", _("Open this need"), icon=":material/volunteer_activism:", query={"need": need.number})
    _show_history(need.id)


def _show_plan(need: DueNeed) -> None:
    with st.expander(_("Plan a visit")):
        latest = today() + timedelta(days=LONGEST_PLAN_DAYS)
        proposed = min(max(need.due_on, today()), latest)
        on = st.date_input(_("On which day?"), proposed, min_value=today(), max_value=latest, key=f"plan_{need.number}")
        st.caption(_("Copy this message and send it to whoever goes."))
        message = _(
            "Please visit {door} (need {number}) on {day}. Afterwards record it on the phone: {address}",
            door=door_text(need), number=plain(need.number), day=day(on), address=form_address(need.number, whole=True),
        )  # fmt: skip
        st.code(message, language=None, wrap_lines=True)
        link_to("care_and_rota", _("Plan it in the rota"), icon=":material/diversity_1:")


def _show_history(need_id: int) -> None:
    with looking() as connection:
        found = visits_of_need(connection, need_id, limit=MOST_HISTORY)
    st.markdown(_("Visits so far"))
    if not found:
        st.caption(_("Nobody has been there yet."))
    for visit in found:
        st.markdown(f"{moment(visit.visited_at)} · {plain(visit_text(visit))}")
        st.caption(
            _("recorded by {name} on {day}", name=plain(shown_name(visit.recorded_by)), day=day(visit.recorded_at))
        )
