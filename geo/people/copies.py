"""Everything stored about one helped person, to be handed to them: as plain values and as a page to read."""

from datetime import date, datetime
from typing import Any

from geo.access.consents import PURPOSE_LABELS, WAY_LABELS, consents_of
from geo.access.helped_persons import FIELDS, RISK_LABELS
from geo.access.reveals import ACTION_LABELS, FIELD_LABELS, disclosed, reveals_of
from geo.i18n import _, day, labelled, listed, moment
from geo.people.need_reads import needs_of_person
from geo.people.needs import STATUS_LABELS, TASK_LABELS
from geo.store.session import Actor, writing


def personal_copy(actor: Actor, person_id: int, *, reason: str) -> dict[str, Any]:
    """Return everything stored about one person as values JSON can hold; one log entry is kept first.

    Raises BadInput without a reason, NotAllowed, NotFound, StoreUnavailable when the key is not here.
    """
    person = disclosed(actor, [person_id], FIELDS, purpose="copy", reason=reason)[0]
    with writing(actor) as session:
        connection = session.connection()
        return {
            "person": person.values,
            "needs": [
                {
                    "number": need.number,
                    "place": " ".join(filter(None, (need.community, need.place, need.room))),
                    "tasks": list(need.tasks),
                    "status": need.status,
                    "opened_on": need.opened_on.isoformat(),
                    "ended_on": need.ended_on.isoformat() if need.ended_on else None,
                }
                for need in needs_of_person(connection, person_id)
            ],
            "consents": [
                {
                    "purpose": consent.purpose,
                    "given_on": consent.given_on.isoformat(),
                    "withdrawn_on": consent.withdrawn_on.isoformat() if consent.withdrawn_on else None,
                    "how": consent.how,
                }
                for consent in consents_of(session, person_id)
            ],
            "log": [
                {"at": entry.at.isoformat(), "who": entry.actor, "action": entry.action, "reason": entry.note}
                for entry in reveals_of(connection, person_id, limit=10_000)
            ],
        }


def readable_copy(copy: dict[str, Any]) -> str:
    """Return a copy made by personal_copy as text in the language of the current context."""
    parts = [
        _("What is stored about you"),
        *(labelled(_(FIELD_LABELS[name]), _value(name, value)) for name, value in copy["person"].items()),
        "",
        _("Help you asked for"),
        *(_need(need) for need in copy["needs"]),
        "",
        _("What you agreed to"),
        *(_consent(consent) for consent in copy["consents"]),
        "",
        _("Who looked at it or changed it"),
        *(_entry(entry) for entry in copy["log"]),
    ]
    return "\n".join(parts) + "\n"


def _value(name: str, value: Any) -> str:
    if value is None:
        return _("unknown")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return _(RISK_LABELS[value]) if name == "risk_class" else str(value)


def _need(need: dict[str, Any]) -> str:
    tasks = listed(_(TASK_LABELS[task]) for task in need["tasks"])
    state = f"{_(STATUS_LABELS[need['status']])}, {_days(need['opened_on'], need['ended_on'])}"
    return labelled(need["number"], " · ".join((need["place"], tasks, state)))


def _consent(consent: dict[str, Any]) -> str:
    way = _(WAY_LABELS[consent["how"]])
    return labelled(
        _(PURPOSE_LABELS[consent["purpose"]]), f"{way}, {_days(consent['given_on'], consent['withdrawn_on'])}"
    )


def _days(first: str, last: str | None) -> str:
    return f"{day(date.fromisoformat(first))} – {day(date.fromisoformat(last)) if last else ''}".rstrip()


def _entry(entry: dict[str, Any]) -> str:
    what = _(ACTION_LABELS.get(entry["action"], entry["action"]))
    told = " · ".join(filter(None, (entry["who"], what, entry["reason"])))
    return labelled(moment(datetime.fromisoformat(entry["at"])), told)
