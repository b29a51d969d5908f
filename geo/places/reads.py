"""Questions about places: the city, its communities, counts, what lacks a boundary, what lies outside its parent."""

from dataclasses import dataclass

from sqlalchemy import Connection, text

from geo.i18n import _
from geo.places.card import PlaceCard, place_card
from geo.places.history import FieldChange, HistoryRow, place_history
from geo.places.names import building_name_of
from geo.places.rules import AREA_KINDS, INSIDE_SHARE
from geo.places.search import Bounds, PlaceHit, search_places
from geo.store.statements import statement

__all__ = [
    "AreaWithoutBoundary",
    "City",
    "Community",
    "FieldChange",
    "HistoryRow",
    "OutsideParent",
    "PlaceCard",
    "PlaceHit",
    "areas_without_boundary",
    "city",
    "communities",
    "counts",
    "findings_inside_parent",
    "place_card",
    "place_history",
    "search_places",
]


@dataclass(frozen=True)
class City:
    """The city of this database; bounds are west, south, east, north in EPSG:4326."""

    name: str
    metric_srid: int
    bounds: Bounds
    demo_seed: int | None


@dataclass(frozen=True)
class Community:
    """A community to choose; bounds is None while its boundary is not known."""

    id: int
    code: str
    name: str
    placeholder: bool
    bounds: Bounds | None


@dataclass(frozen=True)
class AreaWithoutBoundary:
    """An area known by code and name only."""

    kind: str
    id: int
    code: str
    name: str
    parent: str | None


@dataclass(frozen=True)
class OutsideParent:
    """A place of which less than 90 % of the area lies inside its parent; share is 0 to 1."""

    kind: str
    id: int
    name: str
    parent_kind: str
    parent_id: int
    parent_name: str
    share: float
    lon: float
    lat: float


def city(connection: Connection) -> City | None:
    """Return the city, None while nothing is imported."""
    row = connection.execute(
        text(
            "SELECT name, metric_srid, demo_seed, ST_XMin(extent) AS west, ST_YMin(extent) AS south, "
            "ST_XMax(extent) AS east, ST_YMax(extent) AS north FROM city"
        )
    ).first()
    if row is None:
        return None
    return City(row.name, row.metric_srid, (row.west, row.south, row.east, row.north), row.demo_seed)


def communities(connection: Connection) -> list[Community]:
    """Return the open communities by name, the placeholder last."""
    rows = connection.execute(
        text(
            "SELECT id, code, name, placeholder, ST_XMin(geom) AS west, ST_YMin(geom) AS south, "
            "ST_XMax(geom) AS east, ST_YMax(geom) AS north FROM area "
            "WHERE level = 'community' AND closed_on IS NULL ORDER BY placeholder, name, id"
        )
    )
    return [
        Community(
            row.id,
            row.code,
            _("Not assigned yet") if row.placeholder else row.name,
            row.placeholder,
            None if row.west is None else (row.west, row.south, row.east, row.north),
        )
        for row in rows
    ]


def counts(connection: Connection) -> dict[str, int]:
    """Return how many open records there are per kind; "area" counts all levels, placeholders count nowhere."""
    rows = connection.execute(text(statement("places", "counts")))
    found: dict[str, int] = {row.kind: row.quantity for row in rows}
    return {**dict.fromkeys(AREA_KINDS, 0), **found, "area": sum(found.get(level, 0) for level in AREA_KINDS)}


def kinds_present(connection: Connection) -> set[str]:
    """Return which of area (a community at least), compound, building and post are on record at all."""
    row = connection.execute(
        text(
            "SELECT EXISTS (SELECT FROM area WHERE level = 'community' AND NOT placeholder) AS area, "
            "EXISTS (SELECT FROM compound WHERE NOT placeholder) AS compound, "
            "EXISTS (SELECT FROM building) AS building, EXISTS (SELECT FROM post) AS post"
        )
    ).one()
    return {kind for kind, present in row._asdict().items() if present}


def areas_without_boundary(connection: Connection, *, limit: int = 5000) -> list[AreaWithoutBoundary]:
    """Return open areas whose boundary is not known, upper levels first."""
    rows = connection.execute(
        text(
            "SELECT a.level, a.id, a.code, a.name, p.name AS parent FROM area a LEFT JOIN area p ON p.id = a.parent_id "
            "WHERE a.geom IS NULL AND a.closed_on IS NULL AND NOT a.placeholder ORDER BY array_position("
            "ARRAY['city', 'district', 'street_office', 'community', 'grid'], a.level), p.name, a.code LIMIT :most"
        ),
        {"most": limit},
    )
    return [AreaWithoutBoundary(row.level, row.id, row.code, row.name, row.parent) for row in rows]


def findings_inside_parent(
    connection: Connection, *, community_id: int | None = None, limit: int = 500
) -> list[OutsideParent]:
    """Return areas, compounds and buildings less than 90 % inside their parent, the worst first."""
    rows = connection.execute(
        text(statement("places", "findings_inside_parent")),
        {"community_id": community_id, "inside_share": INSIDE_SHARE, "most": limit},
    )
    return [
        OutsideParent(
            kind=row.kind,
            id=row.id,
            name=building_name_of(row) if row.kind == "building" else row.own_name,
            parent_kind=row.parent_kind,
            parent_id=row.parent_id,
            parent_name=row.parent_name,
            share=row.share,
            lon=row.lon,
            lat=row.lat,
        )
        for row in rows
    ]
