"""The card of a place: what is known about it, where it belongs, what it holds, what happened to it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, text

from geo.errors import NotFound
from geo.i18n import N_, _, day, number
from geo.places.history import HistoryRow, place_history, value_text
from geo.places.names import building_name_of, unit_name_of
from geo.places.rules import AREA_KINDS, PLACE_KINDS, joined
from geo.places.search import Bounds
from geo.store.statements import statement

CHILDREN_SHOWN = 200
FACTS = {
    "compound": ("address", "sort", "built_year"),
    "building": ("address", "floors", "height_m", "elevator", "built_year"),
    "unit": ("address",),
    "household": ("floor", "area_m2", "tenure"),
    "station": ("status", "phase", "floor_area_m2", "opening_hours", "opened_on"),
    "candidate_site": ("sort", "area_m2", "cost_fen", "owner"),
    "gate": ("sort",),
}
FACT_LABELS = {
    "address": N_("Address"),
    "sort": N_("Kind"),
    "built_year": N_("Built in"),
    "floors": N_("Floors"),
    "height_m": N_("Height (m)"),
    "elevator": N_("Elevator"),
    "floor": N_("Floor"),
    "area_m2": N_("Area (m²)"),
    "tenure": N_("Tenure"),
    "status": N_("Status"),
    "phase": N_("Phase"),
    "floor_area_m2": N_("Floor area (m²)"),
    "opening_hours": N_("Opening hours"),
    "opened_on": N_("Opened on"),
    "cost_fen": N_("Cost (fen)"),
    "owner": N_("Owner"),
}
COLUMN_OF_INSIDE = {"community": "community_id", "compound": "compound_id"}


@dataclass(frozen=True)
class PlaceCard:
    """Everything a page shows of one place.

    facts: (label msgid, value in the reader's words); parent: (kind, id, name) or None for the city; children: (kind,
    id, name, households or None); lon, lat and bounds (west, south, east, north) in EPSG:4326, None without a shape.
    """

    kind: str
    id: int
    code: str
    name: str
    facts: list[tuple[str, str]]
    parent: tuple[str, int, str] | None
    children: list[tuple[str, int, str, int | None]]
    lon: float | None
    lat: float | None
    bounds: Bounds | None
    version: int
    closed_on: date | None
    community_id: int | None
    households: int | None
    history: list[HistoryRow]


def place_card(connection: Connection, kind: str, place_id: int) -> PlaceCard:
    """Return the card of a place; raises NotFound when the actor sees no such place."""
    family = "area" if kind in AREA_KINDS else kind
    query = statement("places", f"card_{family}") if kind in PLACE_KINDS else None
    row = connection.execute(text(query), {"id": place_id, "kind": kind}).first() if query else None
    if row is None:
        raise NotFound(N_("This place does not exist, or you may not see it. Choose another on the map."))
    return PlaceCard(
        kind=kind,
        id=row.id,
        code=row.code,
        name=_name(row),
        facts=[*_facts(row), *_household_facts(connection, row)],
        parent=_parent(row),
        children=_children(connection, kind, row),
        lon=row.lon,
        lat=row.lat,
        bounds=None if row.west is None else (row.west, row.south, row.east, row.north),
        version=row.version,
        closed_on=row.closed_on,
        community_id=row.id if kind == "community" else row.community_id,
        households=getattr(row, "households", None),
        history=place_history(connection, kind, place_id),
    )


def _name(row: Row[Any]) -> str:
    if row.placeholder:
        return _("Not assigned yet")
    if row.kind == "household":
        return joined(unit_name_of(row), row.room, "室")
    if row.kind == "unit":
        return unit_name_of(row)
    if row.kind == "building":
        return building_name_of(row)
    return row.name or row.code


def _parent(row: Row[Any]) -> tuple[str, int, str] | None:
    if row.parent_id is None:
        return None
    if row.parent_placeholder:
        return row.parent_kind, row.parent_id, _("Not assigned yet")
    if row.parent_kind == "building":
        return row.parent_kind, row.parent_id, building_name_of(row)
    if row.parent_kind == "unit":
        return row.parent_kind, row.parent_id, unit_name_of(row)
    return row.parent_kind, row.parent_id, row.parent_name


def _facts(row: Row[Any]) -> Iterator[tuple[str, str]]:
    for field in FACTS.get(row.kind, ()):
        value = getattr(row, field)
        if isinstance(value, date):
            yield FACT_LABELS[field], day(value)
        else:
            yield FACT_LABELS[field], value_text("kind" if field == "sort" else field, value)
    yield N_("Code"), row.code
    if row.kind in AREA_KINDS:
        yield N_("Boundary"), _("not known yet") if row.west is None else _("known")
    if row.closed_on is not None:
        yield N_("Closed on"), day(row.closed_on)


def _household_facts(connection: Connection, row: Row[Any]) -> Iterator[tuple[str, str]]:
    if hasattr(row, "households"):
        yield N_("Households"), number(row.households)
    column = COLUMN_OF_INSIDE.get(row.kind)
    if column is None:
        return
    query = statement("places", "households_inside").replace("{place}", column)
    inside = connection.execute(text(query), {"id": row.id}).one()
    yield N_("Buildings"), number(inside.buildings)
    if inside.buildings:
        yield (
            N_("Households counted in buildings"),
            _(
                "{known}; unknown in {unknown} of {buildings} buildings",
                known=number(inside.known),
                unknown=number(inside.unknown),
                buildings=number(inside.buildings),
            ),
        )


def _children(connection: Connection, kind: str, row: Row[Any]) -> list[tuple[str, int, str, int | None]]:
    family = "area" if kind in AREA_KINDS else kind
    if family not in ("area", "compound", "building", "unit"):
        return []
    rows = connection.execute(text(statement("places", f"children_{family}")), {"id": row.id, "most": CHILDREN_SHOWN})
    return [(child.kind, child.id, _child_name(child, row), child.households) for child in rows]


def _child_name(child: Row[Any], parent: Row[Any]) -> str:
    if child.placeholder:
        return _("Not assigned yet")
    if child.kind == "building":
        return building_name_of(child)
    if child.kind == "unit":
        return joined(building_name_of(parent), child.own_name, "单元")
    return child.own_name
