"""Questions about one request and for taking one: history, call-backs, duplicates, categories, colleagues."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, text

from geo.i18n import current_language
from geo.places.rules import pinyin_of
from geo.places.search_text import cleaned, folded
from geo.requests.board import BY_DUE, VIEWS, RequestView, rows
from geo.requests.draft import RequestDraft
from geo.requests.numbers import numbers
from geo.requests.placing import place_of
from geo.requests.rules import Standing, is_dissatisfied
from geo.requests.tables import CallBack, RequestCategory, RequestEvent
from geo.store.statements import statement

MOST_DUPLICATES = 5
COLLEAGUES = text("SELECT name, shown_name FROM app_colleagues() WHERE community_id = :community_id ORDER BY 2, 1")
ORGANISATIONS = text(
    "SELECT id, name, kind FROM organisation WHERE closed_on IS NULL "
    "AND (community_id = :community_id OR kind = 'department') ORDER BY kind, name, id"
)


@dataclass(frozen=True)
class EventView:
    """One step of a request's history."""

    kind: str
    happened_at: datetime
    recorded_by: str
    from_status: str | None
    to_status: str | None
    note: str | None
    details: dict[str, Any]


@dataclass(frozen=True)
class CallBackView:
    """What a resident answered when called back."""

    called_at: datetime
    recorded_by: str
    reached: bool
    responded: bool | None
    solved: bool | None
    satisfied: str | None
    note: str | None


@dataclass(frozen=True)
class CategoryView:
    """A category with its own hours (None: those of its class)."""

    id: int
    code: str
    name: str
    name_zh: str
    class_code: str
    respond_h: float | None
    solve_h: float | None
    words: str | None
    position: int
    active: bool
    version: int

    @property
    def label(self) -> str:
        """Return the name in the language of the reader."""
        return self.name_zh if current_language() == "zh_CN" else self.name


@dataclass(frozen=True)
class Organisation:
    """An organisation that a request can be handed to."""

    id: int
    name: str
    kind: str


def request_by_number(connection: Connection, number: str) -> RequestView | None:
    """Return a request by its number, None when the actor sees no such request."""
    return next(iter(rows(connection, VIEWS["all"], {"number": cleaned(number)}, limit=1)), None)


def request_by_id(connection: Connection, request_id: int) -> RequestView | None:
    """Return a request by its key, None when the actor sees no such request."""
    return next(iter(rows(connection, VIEWS["all"], {"request_id": request_id}, limit=1)), None)


def open_at_buildings(connection: Connection, building_ids: Sequence[int], *, limit: int = 50) -> list[RequestView]:
    """Return the open requests of some buildings that the actor may see, the earliest due first."""
    if not building_ids:
        return []
    return rows(connection, VIEWS["open"], {"building_ids": list(building_ids)}, order=BY_DUE, limit=limit)


def timeline(connection: Connection, request_id: int) -> list[EventView]:
    """Return what happened to a request, the first first."""
    found = connection.execute(
        select(
            RequestEvent.kind, RequestEvent.happened_at, RequestEvent.recorded_by, RequestEvent.from_status,
            RequestEvent.to_status, RequestEvent.note, RequestEvent.details,
        )
        .where(RequestEvent.request_id == request_id)
        .order_by(RequestEvent.happened_at, RequestEvent.id)
    )  # fmt: skip
    return [EventView(**row._asdict()) for row in found]


def call_backs(connection: Connection, request_id: int) -> list[CallBackView]:
    """Return the call-backs of a request, the latest first."""
    found = connection.execute(
        select(
            CallBack.called_at, CallBack.recorded_by, CallBack.reached, CallBack.responded, CallBack.solved,
            CallBack.satisfied, CallBack.note,
        )
        .where(CallBack.request_id == request_id)
        .order_by(CallBack.called_at.desc(), CallBack.id.desc())
    )  # fmt: skip
    return [CallBackView(**row._asdict()) for row in found]


def standing(connection: Connection, request: RequestView) -> Standing:
    """Return how a request stands, as the rules look at it."""
    last = next((one for one in call_backs(connection, request.id) if one.reached), None)
    unhappy = last is not None and is_dissatisfied(last.solved, last.satisfied)
    return Standing(request.status, request.returned_times, request.escalated_to, unhappy)


def possible_duplicates(connection: Connection, draft: RequestDraft) -> list[RequestView]:
    """Return open requests that may be the same as a draft: one category, near (duplicate_near_m), of these hours.

    Nothing for a draft that says no more than its community. Raises BadInput, NotFound for a place that is none.
    """
    place = place_of(connection, draft)
    if place.geom is None:
        return []
    known = numbers(connection)
    point = connection.execute(
        text("SELECT ST_X(CAST(:geom AS geometry)) AS lon, ST_Y(CAST(:geom AS geometry)) AS lat"), {"geom": place.geom}
    ).one()
    asked = {
        "category": draft.category_code, "at": draft.received_at, "building_id": place.building_id, "lon": point.lon,
        "lat": point.lat, "near_m": known["duplicate_near_m"], "within_h": known["duplicate_within_h"],
        "most": MOST_DUPLICATES,
    }  # fmt: skip
    ids = list(connection.scalars(text(statement("requests", "duplicates")), asked))
    return [found for found in (request_by_id(connection, one) for one in ids) if found]


def categories(connection: Connection, *, active: bool = True) -> list[CategoryView]:
    """Return the categories in their order; retired ones too with active False."""
    names = tuple(CategoryView.__dataclass_fields__)
    query = select(*(getattr(RequestCategory, name) for name in names))
    query = query.where(RequestCategory.active) if active else query
    found = connection.execute(query.order_by(RequestCategory.position, RequestCategory.code))
    return [CategoryView(**row._asdict()) for row in found]


def matching_categories(known: Sequence[CategoryView], typed: str) -> list[CategoryView]:
    """Return the categories somebody means by a word, in either language or pinyin; all when nothing is typed.

    >>> water = CategoryView(1, "water", "Water supply", "供水", "utilities", None, None, "tap 停水", 1, True, 1)
    >>> noise = CategoryView(2, "noise", "Noise", "噪声扰民", "normal", None, None, "loud 噪音", 2, True, 1)
    >>> [[one.code for one in matching_categories([water, noise], typed)] for typed in ("停水", "zao", "wat tap", "x")]
    [['water'], ['noise'], ['water'], []]
    """
    words = cleaned(typed).lower().split()
    return [one for one in known if all(_means(one, word) for word in words)]


def _means(category: CategoryView, word: str) -> bool:
    said = f"{category.code} {category.name} {category.name_zh} {category.words or ''}".lower()
    key = folded(word)
    parts = " ".join(pinyin_of(one) or "" for one in (category.name_zh, *(category.words or "").split())).split()
    return word in said or (bool(key) and any(part.startswith(key) for part in parts))


def colleagues(connection: Connection, community_id: int) -> dict[str, str]:
    """Return who works in a community, for whom works there too: user names with the names people read."""
    return {row.name: row.shown_name for row in connection.execute(COLLEAGUES, {"community_id": community_id})}


def organisations(connection: Connection, community_id: int) -> list[Organisation]:
    """Return the organisations a request of a community can be handed to."""
    return [Organisation(*row) for row in connection.execute(ORGANISATIONS, {"community_id": community_id})]
