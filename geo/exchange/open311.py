"""Open311 GeoReport v2 in words: services, requests and errors as its answers give them, in JSON and XML; no database.

https://wiki.open311.org/GeoReport_v2/
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from geo.errors import BadInput
from geo.i18n import N_, _
from geo.requests.draft import RequestDraft
from geo.requests.rules import CLASS_LABELS, STATUS_LABELS
from geo.store.texts import HIDDEN

FORMATS = {"json": "application/json", "xml": "text/xml"}
CLOSED = frozenset({"resolved", "called_back", "closed", "duplicate", "out_of_scope"})
SPAN = timedelta(days=90)
MOST_REQUESTS, MOST_IDS = 1000, 200
LONGEST_DETAIL = 200
Record = dict[str, Any]


def service(code: str, name: str, class_code: str, words: str | None) -> Record:
    """Return a category as a service of the list.

    >>> service("water", "Water supply", "utilities", "tap pressure")["keywords"]
    'tap,pressure'
    """
    return {
        "service_code": code,
        "service_name": name,
        "description": name,
        "metadata": False,
        "type": "realtime",
        "keywords": ",".join((words or "").split()),
        "group": _(CLASS_LABELS[class_code]),
    }


def definition(code: str) -> Record:
    """Return what a service asks beyond place and description: nothing."""
    return {"service_code": code, "attributes": []}


def status_of(status: str) -> str:
    """Return whether a request is open or closed for the outside.

    >>> status_of("waiting"), status_of("resolved")
    ('open', 'closed')
    """
    return "closed" if status in CLOSED else "open"


def report(row: Mapping[str, Any]) -> Record:
    """Return a row of open311_requests.sql as the interface gives it: nothing of who asked."""
    closed = row["closed_at"] or row["resolved_at"]
    return {
        "service_request_id": row["number"],
        "status": status_of(row["status"]),
        "status_notes": _(STATUS_LABELS[row["status"]]),
        "service_name": row["service_name"],
        "service_code": row["service_code"],
        "description": row["summary"],
        "agency_responsible": row["organisation"],
        "service_notice": None,
        "requested_datetime": _moment(row["received_at"]),
        "updated_datetime": _moment(row["changed_at"]),
        "expected_datetime": _moment(row["received_at"] + timedelta(hours=row["solve_h"])) if not closed else None,
        "address": row["address"],
        "address_id": row["building_code"],
        "zipcode": None,
        "lat": row["lat"],
        "long": row["lon"],
        "media_url": None,
    }


def _moment(value: datetime | None) -> str | None:
    return value.astimezone(UTC).replace(microsecond=0).isoformat() if value is not None else None


@dataclass(frozen=True)
class Wanted:
    """Which requests a client asks for; None is any."""

    numbers: tuple[str, ...] | None
    services: tuple[str, ...] | None
    since: datetime
    until: datetime
    status: str | None


def wanted(asked: Mapping[str, str], now: datetime) -> Wanted:
    """Return what a client asks for by its parameters: at most 90 days at a time, the last ones unless it says more.

    Raises BadInput naming the parameter.

    >>> now = datetime(2026, 11, 22, tzinfo=UTC)
    >>> wanted({"service_code": "water,power", "status": "open"}, now).services
    ('water', 'power')
    >>> wanted({"start_date": "soon"}, now)
    Traceback (most recent call last):
    geo.errors.BadInput: start_date: “soon” is no time. Write it like 2026-01-31T00:00:00Z.
    """
    status = asked.get("status") or None
    if status is not None and set(status.split(",")) - {"open", "closed"}:
        raise BadInput(N_("status: “{value}” is not open or closed."), value=status[:LONGEST_DETAIL])
    since, until = _day_of(asked, "start_date"), _day_of(asked, "end_date")
    if since is None:
        since = (until or now) - SPAN
    if until is None:
        until = since + SPAN if asked.get("start_date") else now + SPAN
    if asked.get("end_date") and until - since > SPAN:
        raise BadInput(N_("end_date: at most 90 days after start_date. Ask for less at a time."))
    states = None if status is None or "," in status else status
    return Wanted(_listed(asked, "service_request_id"), _listed(asked, "service_code"), since, until, states)


def _listed(asked: Mapping[str, str], name: str) -> tuple[str, ...] | None:
    found = tuple(part.strip() for part in asked.get(name, "").split(",") if part.strip())
    return found[:MOST_IDS] or None


def _day_of(asked: Mapping[str, str], name: str) -> datetime | None:
    written = asked.get(name, "").strip()
    if not written:
        return None
    try:
        read = datetime.fromisoformat(written.replace(" ", "+"))
    except ValueError:
        raise BadInput(
            N_("{name}: “{value}” is no time. Write it like 2026-01-31T00:00:00Z."),
            name=name, value=written[:LONGEST_DETAIL],
        ) from None  # fmt: skip
    return read if read.tzinfo else read.replace(tzinfo=UTC)


def draft_of(fields: Mapping[str, str], now: datetime, *, key: str, system: str) -> RequestDraft:
    """Return what a client hands in as a draft. key: what makes it the same when it is handed in again, or "".

    Raises BadInput naming the parameter.
    """
    if not fields.get("service_code"):
        raise BadInput(N_("service_code: say which service; services lists them."))
    names = (fields.get("last_name", ""), fields.get("first_name", ""))
    return RequestDraft(
        "open311",
        fields["service_code"],
        now,
        summary=fields.get("description") or None,
        lon=_degrees(fields, "long"),
        lat=_degrees(fields, "lat"),
        address=fields.get("address_string") or None,
        requester_name=" ".join(part.strip() for part in names if part.strip()) or None,
        requester_phone=fields.get("phone") or None,
        external_system=system if key else None,
        external_id=key or None,
    )


def _degrees(fields: Mapping[str, str], name: str) -> float | None:
    written = fields.get(name, "").strip()
    if not written:
        return None
    try:
        return float(written)
    except ValueError:
        raise BadInput(N_("{name}: “{value}” is no number."), name=name, value=written[:LONGEST_DETAIL]) from None


def errors(code: int, description: str) -> list[Record]:
    """Return an error in the one shape of the interface.

    >>> errors(404, "no such request")
    [{'code': 404, 'description': 'no such request'}]
    """
    return [{"code": code, "description": description}]


def as_json(records: Iterable[Record] | Record) -> bytes:
    """Return records as JSON."""
    return json.dumps(records if isinstance(records, dict) else list(records), ensure_ascii=False).encode()


def as_xml(root: str, item: str, records: Sequence[Record] | Record) -> bytes:
    """Return records as XML: a root with an element each; signs that XML cannot hold are left out.

    >>> as_xml("errors", "error", errors(404, "<none>")).decode().splitlines()[-1]
    '<errors><error><code>404</code><description>&lt;none&gt;</description></error></errors>'
    """
    whole = Element(root)
    if isinstance(records, dict):
        _fill(whole, records)
    else:
        for record in records:
            _fill(SubElement(whole, item), record)
    packed: bytes = tostring(whole, encoding="utf-8", xml_declaration=True)
    return packed


def _fill(parent: Element, record: Record) -> None:
    for name, value in record.items():
        child = SubElement(parent, name)
        if isinstance(value, bool):
            child.text = str(value).lower()
        elif value is not None and not isinstance(value, list):
            child.text = HIDDEN.sub("", str(value))
