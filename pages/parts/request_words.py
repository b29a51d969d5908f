"""Requests in words: how one stands, by when it is due, who sees to it, what happened to it."""

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _, labelled, listed, moment
from geo.maps.safe_text import plain
from geo.requests.board import RequestView
from geo.requests.request_reads import EventView
from geo.requests.rules import ESCALATION_LABELS, EVENT_LABELS, SATISFACTION_LABELS, STATUS_LABELS
from geo.requests.tables import ENDED
from pages.parts.request_times import present, span_text

STATUS_ICONS = {
    "received": ":material/inbox:",
    "accepted": ":material/check:",
    "dispatched": ":material/forward:",
    "in_progress": ":material/construction:",
    "resolved": ":material/task_alt:",
    "called_back": ":material/call:",
    "closed": ":material/archive:",
    "returned": ":material/undo:",
    "duplicate": ":material/content_copy:",
    "out_of_scope": ":material/block:",
    "waiting": ":material/hourglass_top:",
    "escalated": ":material/campaign:",
    "reopened": ":material/replay:",
}
PAGE = "requests"


def status_text(status: str) -> str:
    """Return a state with its sign."""
    return f"{STATUS_ICONS[status]} {_(STATUS_LABELS[status])}"


def due_text(request: RequestView) -> str:
    """Return by when the next thing is due and how far it is; nothing more for one that is solved or has ended."""
    now, clock = present(), request.clock
    if clock.resolved_at is not None:
        late = clock.resolved_at > request.solve_by(clock.resolved_at)
        return _("solved late") if late else _("solved in time")
    if request.status in ENDED:
        return _("ended")
    if clock.paused_from is not None:
        return _("the clock stands still")
    answer = clock.accepted_at is None and now <= request.solve_by(now)
    at = request.respond_by if answer else request.solve_by(now)
    span = span_text(abs((at - now).total_seconds()) / 3600)
    if at < now:
        return _("answer {span} overdue", span=span) if answer else _("{span} overdue", span=span)
    return _("answer within {span}", span=span) if answer else _("{span} left", span=span)


def assignee_text(request: RequestView, names: dict[str, str] | None = None) -> str:
    """Return who sees to a request; names: user names with the names people read."""
    known = names or {}
    owner = known.get(request.owner or "", shown_name(request.owner)) if request.owner else None
    return listed(one for one in (owner, request.organisation, request.person) if one) or _("nobody yet")


def event_title(event: EventView) -> str:
    """Return what happened in a few words."""
    if event.kind == "status" and event.to_status:
        return status_text(event.to_status)
    if event.from_status and event.to_status:
        return f"{_(EVENT_LABELS[event.kind])} · {status_text(event.to_status)}"
    return _(EVENT_LABELS[event.kind])


def event_details(event: EventView, names: dict[str, str]) -> str:
    """Return what was said with a step: to whom, until when, which answers."""
    said, details = [], event.details
    if details.get("owner"):
        said.append(_("to {name}", name=names.get(details["owner"], details["owner"])))
    if details.get("organisation_id"):
        said.append(_("to {name}", name=names.get(str(details["organisation_id"]), _("an organisation"))))
    if details.get("to") in ESCALATION_LABELS:
        said.append(_("to {name}", name=_(ESCALATION_LABELS[details["to"]])))
    if details.get("until"):
        said.append(_("until {day}", day=details["until"]))
    if details.get("first"):
        said.append(_("repeats {number}", number=details["first"]))
    if details.get("reached") is False:
        said.append(_("nobody was reached"))
    if details.get("satisfied"):
        said.append(_("solved") if details.get("solved") else _("not solved"))
        said.append(_(SATISFACTION_LABELS[details["satisfied"]]))
    return listed(said)


def show_event(event: EventView, names: dict[str, str]) -> None:
    """Show one step of the history: what, with what, when, by whom, and the note."""
    details = event_details(event, names)
    st.markdown(f"{event_title(event)} · {plain(details)}" if details else event_title(event))
    st.caption(
        _("{moment}, by {name}", moment=moment(event.happened_at),
          name=plain(names.get(event.recorded_by, shown_name(event.recorded_by))))
    )  # fmt: skip
    if event.note:
        st.markdown(f"> {plain(event.note)}")


def title_of(request: RequestView) -> str:
    """Return how a request is called in a list of few: number, what it is about, where."""
    return labelled(f"{plain(request.number)} · {plain(request.category_name)}", plain(request.place))
