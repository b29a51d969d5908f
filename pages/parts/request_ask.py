"""What a step asks for before it is done: a reason, to whom, until when, what it repeats, what was answered."""

from datetime import date, timedelta

import streamlit as st

from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.planning.reads import parameters
from geo.requests.board import RequestView
from geo.requests.request_reads import request_by_number
from geo.requests.rules import ESCALATION_LABELS, STEPS, Answers, StepInput, next_level
from geo.store.clock import today
from pages.parts.request_assign import ask_assignee
from pages.parts.request_call_back import ask_answers
from pages.parts.session import looking

USUAL_DAYS = 7


def ask_for(request: RequestView, step: str) -> tuple[StepInput, Answers | None]:
    """Show the fields of a step; return what is said, and the answers of a call-back."""
    asks, key = STEPS[step].asks, f"{step}_{request.id}"
    given, answers = StepInput(), None
    if "answers" in asks:
        answers = ask_answers(key)
    if "assignee" in asks:
        given = ask_assignee(key, request.community_id, owner=request.owner)
    first = _ask_first(key, request) if "first" in asks else None
    limit = _ask_limit(key) if "limit" in asks else None
    level = next_level(request.escalated_to) if "level" in asks else None
    if level:
        st.caption(_("Goes to the {level}.", level=_(ESCALATION_LABELS[level])))
    note = st.text_area(
        _("Reason, without names") if "note" in asks or step == "close" else _("Note (optional)"), key=f"{key}_note"
    )
    return StepInput(note, given.organisation_id, None, given.owner, limit, first, level), answers


def _ask_first(key: str, request: RequestView) -> int | None:
    typed = st.text_input(_("Number of the request that it repeats"), key=f"{key}_first", placeholder=request.number)
    if not typed.strip():
        return None
    with looking() as connection:
        found = request_by_number(connection, typed)
    if found is None:
        st.caption(_("There is no request {number}, or you may not see it.", number=plain(typed)))
    return found.id if found else -1


def _ask_limit(key: str) -> date:
    with looking() as connection:
        most = int(parameters(connection)["waiting_limit_days"])
    proposed, last = today() + timedelta(days=min(USUAL_DAYS, most)), today() + timedelta(days=most)
    return st.date_input(
        _("Until when, at the latest? At most {count} days.", count=number(most)), proposed,
        min_value=today() + timedelta(days=1), max_value=last, key=f"{key}_limit",
    )  # fmt: skip
