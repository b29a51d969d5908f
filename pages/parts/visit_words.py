"""Visits in words: when the next is due, what came of the last, and the way to the form for the phone."""

from typing import Literal
from urllib.parse import urlencode, urlsplit

import streamlit as st

from geo.i18n import _, current_language, day, listed, number
from geo.people.visit_reads import DueNeed, VisitView, due_of_need
from geo.people.visit_rules import FINDING_LABELS, KIND_LABELS, RESULT_LABELS, STATE_LABELS
from geo.store.clock import today
from pages.parts.session import looking, may

FORM = "/visit-form/"
STATE_ICONS = {
    "overdue": ":material/alarm:",
    "never": ":material/person_alert:",
    "due": ":material/event_upcoming:",
    "kept": ":material/check_circle:",
}


def form_address(number: str | None = None, *, whole: bool = False) -> str:
    """Return the address of the visit form, for one need or for all that is due; whole: with the host, to send on."""
    query = {"lang": current_language()} | ({"need": number} if number else {})
    parts = urlsplit(st.context.url or "") if whole else None
    host = f"{parts.scheme}://{parts.netloc}" if parts and parts.netloc else ""
    return f"{host}{FORM}?{urlencode(query)}"


def link_to_form(number: str | None = None) -> None:
    """Show the way to the visit form, for whom it is open."""
    if may("record_visits"):
        label = _("Record a visit to this need") if number else _("Record visits on the phone")
        look: Literal["primary", "secondary"] = "secondary" if number else "primary"
        st.link_button(label, form_address(number), icon=":material/smartphone:", type=look)


def door_text(need: DueNeed) -> str:
    """Return the door of a need as people say it."""
    return f"{need.place} {need.room}" if need.room else need.place


def due_text(need: DueNeed) -> str:
    """Return when the next visit is due, and how late it is."""
    late = (today() - need.due_on).days
    if need.state == "never":
        return _("never visited, open since {day}", day=day(need.opened_on))
    if late > 0:
        return _("since {day}, {count} days overdue", day=day(need.due_on), count=late)
    told = _("today") if late == 0 else day(need.due_on)
    return _("{day}, within a day after a change", day=told) if need.after_change else told


def state_text(need: DueNeed) -> str:
    """Return how a need stands with its rhythm, with its sign."""
    return f"{STATE_ICONS[need.state]} {_(STATE_LABELS[need.state])}"


def visit_text(visit: VisitView) -> str:
    """Return what came of a visit: result, kind, findings and minutes."""
    said = [_(RESULT_LABELS[visit.result]), _(KIND_LABELS[visit.kind])]
    said += [_(FINDING_LABELS[code]) for code in visit.findings]
    said += [_("{count} min", count=number(visit.minutes))] if visit.minutes else []
    return listed(said)


def visit_facts(need_id: int) -> list[tuple[str, str]]:
    """Return the last visit and the next due day of a need for its card; nothing when it is not open."""
    with looking() as connection:
        found = due_of_need(connection, need_id)
    if found is None:
        return []
    last = day(found.last_met_on) if found.last_met_on else _("nobody was met yet")
    return [(_("Last visit"), last), (_("Next visit due"), due_text(found))]
