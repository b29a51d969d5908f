"""A request as it is handed in, by whichever channel: its fields, cleaned and checked one by one."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from geo.errors import BadInput
from geo.i18n import N_, _
from geo.places.search_text import cleaned
from geo.requests.tables import CHANNELS
from geo.store.texts import LONGEST

AHEAD = timedelta(minutes=10)
"""So far may the clock of another system be ahead of ours."""
LONGEST_SUMMARY, LONGEST_NAME, LONGEST_PHONE, LONGEST_ID = 4000, 100, 40, 200
FIELD_LABELS = {
    "channel": N_("Channel"),
    "category_code": N_("Category"),
    "received_at": N_("Received"),
    "summary": N_("What they say"),
    "place": N_("Place"),
    "address": N_("Address"),
    "requester_name": N_("Name"),
    "requester_phone": N_("Telephone"),
    "external_id": N_("Number in the other system"),
}


@dataclass(frozen=True)
class RequestDraft:
    """A request before it is recorded.

    received_at has a time zone; the place is a unit, else a building, else lon and lat (EPSG:4326), else a community;
    owner: the user who sees to it; who asked is sealed and never shows when the draft is printed.
    """

    channel: str
    category_code: str
    received_at: datetime
    summary: str | None = None
    community_id: int | None = None
    building_id: int | None = None
    unit_id: int | None = None
    lon: float | None = None
    lat: float | None = None
    address: str | None = None
    owner: str | None = None
    requester_name: str | None = field(default=None, repr=False)
    requester_phone: str | None = field(default=None, repr=False)
    external_system: str | None = None
    external_id: str | None = None

    @property
    def has_point(self) -> bool:
        """Tell whether the draft says where on the map it is."""
        return self.lon is not None and self.lat is not None


def checked_draft(draft: RequestDraft, now: datetime) -> RequestDraft:
    """Return a draft with its texts cleaned; BadInput names the first field that is not right.

    >>> from datetime import UTC
    >>> now = datetime(2026, 11, 22, 12, tzinfo=UTC)
    >>> checked_draft(RequestDraft("station_desk", "water", now, "  no   water ", building_id=7), now).summary
    'no water'
    >>> checked_draft(RequestDraft("station_desk", "water", now, "no water"), now)
    Traceback (most recent call last):
    geo.errors.BadInput: Place: choose the building or unit, a point on the map, or the community.
    """
    if draft.channel not in CHANNELS:
        raise _wrong("channel", N_("{field}: “{value}” is not known. Choose one of the list."), value=draft.channel)
    if not draft.category_code:
        raise _wrong("category_code", N_("{field}: choose what the request is about."))
    _check_time(draft.received_at, now)
    check_place(draft)
    if bool(draft.external_system) != bool(draft.external_id):
        raise _wrong("external_id", N_("{field}: the other system and the number there belong together."))
    return replace(
        draft,
        summary=_text("summary", draft.summary, LONGEST_SUMMARY),
        address=_text("address", draft.address, LONGEST["address"]),
        requester_name=_text("requester_name", draft.requester_name, LONGEST_NAME),
        requester_phone=_text("requester_phone", draft.requester_phone, LONGEST_PHONE),
        external_system=_text("external_id", draft.external_system, LONGEST_ID),
        external_id=_text("external_id", draft.external_id, LONGEST_ID),
    )


def _check_time(received_at: datetime, now: datetime) -> None:
    if received_at.utcoffset() is None:
        raise _wrong("received_at", N_("{field}: the time has no time zone. Say which one it is in."))
    if received_at > now + AHEAD:
        raise _wrong("received_at", N_("{field}: this time lies in the future. Correct it, then hand it in again."))


def check_place(draft: RequestDraft) -> None:
    """Raise BadInput for a draft that does not say where it is, or not on this globe."""
    if (draft.lon is None) != (draft.lat is None):
        raise _wrong("place", N_("{field}: a point has a longitude and a latitude. Give both, or none."))
    if draft.lon is not None and draft.lat is not None and not (-180 <= draft.lon <= 180 and -90 <= draft.lat <= 90):
        raise _wrong("place", N_("{field}: this point does not lie on the globe. Check longitude and latitude."))
    if not draft.has_point and draft.unit_id is None and draft.building_id is None and draft.community_id is None:
        raise _wrong("place", N_("{field}: choose the building or unit, a point on the map, or the community."))


def _text(name: str, written: str | None, most: int) -> str | None:
    plain = cleaned(written or "")
    if len(plain) > most:
        raise _wrong(name, N_("{field}: the text is too long. Say it in at most {count} characters."), count=most)
    return plain or None


def _wrong(name: str, message: str, **values: object) -> BadInput:
    return BadInput(message, field=_(FIELD_LABELS[name]), **values)
