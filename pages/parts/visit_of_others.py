"""A visit somebody else made, recorded for them at the desk: the volunteer is given the hours."""

from datetime import date, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import streamlit as st

from geo.i18n import _, day
from geo.maps.safe_text import plain
from geo.people.circle_reads import circles_of_need
from geo.people.visit_reads import DueNeed
from geo.people.visit_rules import (
    FINDING_LABELS,
    MINUTE_CHOICES,
    OLDEST_DAYS,
    RESULT_LABELS,
    VisitDraft,
    kind_due,
)
from geo.people.visit_writes import record_visit
from geo.people.volunteer_reads import VolunteerChoice, volunteers
from geo.settings import settings
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.session import act, looking, may

TURN = "visit_of_others_turn"
KEY = "visit_of_others_key_{turn}"
NOON = time(12)


def show_visit_of_others(need: DueNeed) -> None:
    """Offer to record a visit a volunteer told of, for whoever may see volunteers."""
    if not may("see_volunteers"):
        return
    with st.expander(_("Record it for a volunteer")):
        known = _volunteers(need)
        if not known:
            st.caption(_("No volunteer is active in this community."))
            return
        _ask(need, known)


def _volunteers(need: DueNeed) -> dict[int, str]:
    """Return the active volunteers of the community by name, those of the need's circle first."""
    with looking() as connection:
        circle = [member for one in circles_of_need(connection, need.id) for member in one.members]
        others = volunteers(connection, VolunteerChoice(community_id=need.community_id))
    first = {member.volunteer_id: member.name or "" for member in circle if member.volunteer_status == "active"}
    return first | {one.id: one.name or "" for one in others if one.id not in first}


def _ask(need: DueNeed, known: dict[int, str]) -> None:
    turn = st.session_state.setdefault(TURN, 0)
    key = st.session_state.setdefault(KEY.format(turn=turn), uuid4())
    with st.form(f"visit_of_others_{need.number}_{turn}", border=False, enter_to_submit=False):
        who = st.selectbox(_("Who went?"), list(known), format_func=lambda one: plain(known[one]))
        earliest = today() - timedelta(days=OLDEST_DAYS - 1)
        on = st.date_input(_("On which day?"), today(), min_value=earliest, max_value=today())
        result = st.pills(
            _("Did they meet somebody?"), list(RESULT_LABELS), default="met",
            format_func=lambda code: _(RESULT_LABELS[code]),
        )  # fmt: skip
        findings = st.pills(
            _("How was it?"), list(FINDING_LABELS), selection_mode="multi",
            format_func=lambda code: _(FINDING_LABELS[code]),
        )  # fmt: skip
        minutes = st.pills(
            _("How many minutes?"), list(MINUTE_CHOICES), default=20,
            format_func=lambda count: _("{count} min", count=count),
        )  # fmt: skip
        if not st.form_submit_button(_("Record this visit"), type="primary", width="stretch"):
            return
    kind = kind_due(need.state, after_change=need.after_change)
    draft = VisitDraft(key, need.id, _moment(on), result or "met", tuple(findings), minutes, kind, volunteer_id=who)
    _record(draft, turn)


def _moment(on: date) -> datetime:
    """Return noon of a day in the city, the present for today: nobody asks at the desk to the minute."""
    now = datetime.now(ZoneInfo(settings().time_zone))
    return now if on == now.date() else datetime.combine(on, NOON, now.tzinfo)


def _record(draft: VisitDraft, turn: int) -> None:
    made = act(lambda session: record_visit(session, draft))
    if made is not None:
        st.session_state[TURN] = turn + 1
        due = day(made.next_due_on) if made.next_due_on else _("not planned")
        st.toast(_("The visit to {number} is recorded; next due: {due}.", number=plain(made.number), due=due))
        rerun_part()
