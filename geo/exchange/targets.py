"""Where the rows of a kind go: the table, its columns with their types, the references that only name a parent."""

from dataclasses import dataclass

from geo.exchange.kinds import kind_named

STAGED_AS = {"numeric": "float8"}
REFERENCES = (
    "parent_code",
    "community_code",
    "compound_code",
    "compound_name",
    "building_code",
    "unit_code",
    "unit_number",
    "place_address",
)


@dataclass(frozen=True)
class Target:
    """One table an import fills.

    columns are written as they come (PostgreSQL types); references only serve to find the parent; parents are the
    foreign keys that follow from it; derived columns follow from the geometry; fallback tells whether rows
    without a known parent wait in a placeholder.
    """

    kind: str
    table: str
    columns: dict[str, str]
    references: tuple[str, ...] = ()
    parents: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    geometry: str | None = None
    key: tuple[str, ...] = ("code",)
    fallback: bool = True
    versioned: bool = True
    named: bool = False
    topic: str = "places"

    @property
    def staged(self) -> dict[str, str]:
        """The columns of the staging table with their types: `row` counts the records, `file_row` is their row."""
        own = {name: STAGED_AS.get(kind, kind) for name, kind in self.columns.items()}
        return {"row": "int8", "file_row": "int8", **own, **dict.fromkeys(self.references, "text")} | (
            {"geom": "geometry"} if self.geometry else {}
        )

    @property
    def written(self) -> dict[str, str]:
        """The columns of the table that come from the file, the geometry included."""
        return self.columns | ({"geom": "geometry"} if self.geometry else {})


_TARGETS = (
    Target(
        "areas",
        "area",
        {"level": "text", "code": "text", "name": "text", "pinyin": "text", "households": "int4"},
        references=("parent_code", "community_code"),
        parents=("parent_id", "community_id"),
        geometry="MULTIPOLYGON",
        key=("level", "code"),
        named=True,
    ),
    Target(
        "compounds",
        "compound",
        {
            "code": "text",
            "name": "text",
            "pinyin": "text",
            "kind": "text",
            "built_year": "int2",
            "households": "int4",
            "address": "text",
        },
        references=("community_code",),
        parents=("community_id",),
        geometry="MULTIPOLYGON",
        named=True,
    ),
    Target(
        "buildings",
        "building",
        {
            "code": "text",
            "number": "text",
            "name": "text",
            "address": "text",
            "floors": "int2",
            "height_m": "float8",
            "elevator": "bool",
            "built_year": "int2",
            "households": "int4",
        },
        references=("compound_code", "compound_name", "community_code"),
        parents=("compound_id", "community_id"),
        geometry="MULTIPOLYGON",
    ),
    Target(
        "units",
        "unit",
        {"code": "text", "number": "text", "households": "int4"},
        references=("building_code", "place_address"),
        parents=("building_id", "community_id"),
        geometry="POINT",
        fallback=False,
    ),
    Target(
        "households",
        "household",
        {"code": "text", "floor": "int2", "room": "text", "area_m2": "numeric", "tenure": "text"},
        references=("unit_code", "building_code", "unit_number", "place_address"),
        parents=("unit_id", "community_id"),
        fallback=False,
    ),
    Target(
        "roads",
        "walk_edge",
        {
            "code": "text",
            "from_node": "int8",
            "to_node": "int8",
            "kind": "text",
            "name": "text",
            "walkable": "bool",
            "oneway": "bool",
            "barrier": "text",
            "length_m": "float8",
        },
        derived=("length_m",),
        geometry="LINESTRING",
        versioned=False,
        topic="base",
    ),
    Target(
        "stations",
        "station",
        {
            "code": "text",
            "name": "text",
            "pinyin": "text",
            "status": "text",
            "phase": "text",
            "floor_area_m2": "float8",
            "opening_hours": "text",
            "opened_on": "date",
        },
        references=("community_code", "compound_code", "compound_name"),
        parents=("compound_id", "community_id"),
        geometry="POINT",
        named=True,
    ),
    Target(
        "candidates",
        "candidate_site",
        {"code": "text", "name": "text", "kind": "text", "area_m2": "float8", "cost_fen": "int8", "owner": "text"},
        references=("community_code", "compound_code", "compound_name"),
        parents=("compound_id", "community_id"),
        geometry="POINT",
    ),
    Target(
        "gates",
        "gate",
        {"code": "text", "kind": "text", "name": "text"},
        references=("community_code", "compound_code", "compound_name"),
        parents=("compound_id", "community_id"),
        geometry="POINT",
        fallback=False,
    ),
    Target(
        "organisations",
        "organisation",
        {"code": "text", "kind": "text", "team_kind": "text", "name": "text"},
        references=("community_code", "compound_code", "compound_name"),
        parents=("compound_id", "community_id"),
        fallback=False,
    ),
)
TARGETS: dict[str, Target] = {target.kind: target for target in _TARGETS}
BY_TABLE: dict[str, Target] = {target.table: target for target in _TARGETS}


def target_of(kind: str) -> Target:
    """Return where the rows of a kind go; BadInput for a kind that cannot be imported, KeyError for the roster."""
    return TARGETS[kind_named(kind).name]
