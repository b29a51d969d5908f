"""Tables of places: areas, compounds, buildings, units, households, the walking network and the ground."""

from datetime import date
from decimal import Decimal

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.base import Base, Keyed, Versioned, geometry, geometry_rules, not_blank, one_of, words_index

AREA_LEVELS = ("city", "district", "street_office", "community", "grid")
COMPOUND_KINDS = ("commodity", "old", "work_unit", "unknown")
TENURES = ("owner", "tenant", "vacant")
GATE_KINDS = ("main", "side", "foot")
EDGE_KINDS = ("road", "street", "path", "stairs", "crossing")
GROUND_KINDS = ("water", "river", "park")
CANDIDATE_KINDS = ("empty_room", "gatehouse", "bike_shed", "other")


class Origin:
    """Where a record came from: the import that made it, and the day it was closed (closed ones stay, undrawn)."""

    source: Mapped[str | None] = mapped_column(sort_order=80)
    import_id: Mapped[int | None] = mapped_column(BigInteger, index=True, sort_order=81)
    closed_on: Mapped[date | None] = mapped_column(sort_order=82)


class City(Base, Versioned):
    """The one city of this database: its metric CRS and extent."""

    __tablename__ = "city"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"), not_blank("name"))

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, default=1, autoincrement=False)
    name: Mapped[str]
    metric_srid: Mapped[int]
    extent: Mapped[WKBElement] = mapped_column(geometry("POLYGON"))
    demo_seed: Mapped[int | None]


class Area(Base, Keyed, Versioned, Origin):
    """City, district, street office, community or grid; the boundary may be unknown (geom is NULL)."""

    __tablename__ = "area"
    __table_args__ = (
        one_of("level", AREA_LEVELS),
        UniqueConstraint("level", "code"),
        not_blank("code"),
        not_blank("name"),
        CheckConstraint("(level = 'city') = (parent_id IS NULL)", name="parent_exists"),
        CheckConstraint("(level = 'grid') = (community_id IS NOT NULL)", name="grid_has_community"),
        CheckConstraint("households >= 0", name="households_not_negative"),
        *geometry_rules("area", max_vertices=500_000),
    )

    level: Mapped[str]
    code: Mapped[str]
    name: Mapped[str]
    pinyin: Mapped[str | None]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    community_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    households: Mapped[int | None]
    placeholder: Mapped[bool] = mapped_column(default=False, server_default="false")
    geom: Mapped[WKBElement | None] = mapped_column(geometry("MULTIPOLYGON"))


class Compound(Base, Keyed, Versioned, Origin):
    """A residential compound of one community; the boundary and the number of households may be unknown."""

    __tablename__ = "compound"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("id", "community_id"),
        not_blank("code"),
        not_blank("name"),
        not_blank("address"),
        one_of("kind", COMPOUND_KINDS),
        CheckConstraint("households >= 0", name="households_not_negative"),
        CheckConstraint("built_year BETWEEN 1500 AND 2200", name="built_year_plausible"),
        *geometry_rules("compound"),
    )

    code: Mapped[str]
    name: Mapped[str]
    pinyin: Mapped[str | None]
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    kind: Mapped[str] = mapped_column(default="unknown", server_default="unknown")
    built_year: Mapped[int | None] = mapped_column(SmallInteger)
    households: Mapped[int | None]
    address: Mapped[str | None]
    placeholder: Mapped[bool] = mapped_column(default=False, server_default="false")
    geom: Mapped[WKBElement | None] = mapped_column(geometry("MULTIPOLYGON"))


class Gate(Base, Keyed, Versioned, Origin):
    """An entrance of a compound, as a point."""

    __tablename__ = "gate"
    __table_args__ = (
        UniqueConstraint("code"),
        ForeignKeyConstraint(
            ["compound_id", "community_id"], ["compound.id", "compound.community_id"], onupdate="CASCADE"
        ),
        one_of("kind", GATE_KINDS),
        not_blank("code"),
        not_blank("name"),
        *geometry_rules("gate"),
    )

    code: Mapped[str]
    compound_id: Mapped[int] = mapped_column(BigInteger, index=True)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    kind: Mapped[str] = mapped_column(default="main", server_default="main")
    name: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))


class Building(Base, Keyed, Versioned, Origin):
    """A building of one compound; the community is carried along for the row policies and kept equal by the key."""

    __tablename__ = "building"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("id", "community_id"),
        ForeignKeyConstraint(
            ["compound_id", "community_id"], ["compound.id", "compound.community_id"], onupdate="CASCADE"
        ),
        not_blank("code"),
        not_blank("number"),
        not_blank("name"),
        not_blank("address"),
        CheckConstraint("floors BETWEEN 1 AND 200", name="floors_plausible"),
        CheckConstraint("households >= 0", name="households_not_negative"),
        CheckConstraint("height_m > 0 AND height_m < 1000", name="height_plausible"),
        CheckConstraint("built_year BETWEEN 1000 AND 2200", name="built_year_plausible"),
        words_index("building", "name"),
        words_index("building", "address"),
        *geometry_rules("building"),
    )

    code: Mapped[str]
    number: Mapped[str | None]
    name: Mapped[str | None]
    address: Mapped[str | None] = mapped_column(index=True)
    compound_id: Mapped[int] = mapped_column(BigInteger, index=True)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    floors: Mapped[int | None] = mapped_column(SmallInteger)
    height_m: Mapped[float | None]
    elevator: Mapped[bool | None]
    built_year: Mapped[int | None] = mapped_column(SmallInteger)
    households: Mapped[int | None]
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))


class Residents(Base):
    """How many people of which age live in a building; unknown where the row or the number is missing."""

    __tablename__ = "residents"
    __table_args__ = (
        ForeignKeyConstraint(["building_id", "community_id"], ["building.id", "building.community_id"],
                             onupdate="CASCADE", ondelete="CASCADE"),
    )

    building_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    age_0_17: Mapped[int | None] = mapped_column(SmallInteger)
    age_18_39: Mapped[int | None] = mapped_column(SmallInteger)
    age_40_59: Mapped[int | None] = mapped_column(SmallInteger)
    age_60_69: Mapped[int | None] = mapped_column(SmallInteger)
    age_70_89: Mapped[int | None] = mapped_column(SmallInteger)
    age_90_up: Mapped[int | None] = mapped_column(SmallInteger)


class Unit(Base, Keyed, Versioned, Origin):
    """A stairwell of a building with its entrance point."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("building_id", "number"),
        UniqueConstraint("id", "community_id"),
        ForeignKeyConstraint(
            ["building_id", "community_id"], ["building.id", "building.community_id"], onupdate="CASCADE"
        ),
        not_blank("code"),
        not_blank("number"),
        CheckConstraint("households >= 0", name="households_not_negative"),
        *geometry_rules("unit"),
    )

    code: Mapped[str]
    number: Mapped[str]
    building_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    households: Mapped[int | None]
    geom: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))


class Household(Base, Keyed, Versioned, Origin):
    """A flat: floor, room, size and tenure; no person's data here."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("unit_id", "room"),
        ForeignKeyConstraint(["unit_id", "community_id"], ["unit.id", "unit.community_id"], onupdate="CASCADE"),
        not_blank("code"),
        not_blank("room"),
        one_of("tenure", TENURES),
        CheckConstraint("area_m2 > 0 AND area_m2 < 10000", name="area_plausible"),
    )

    code: Mapped[str]
    unit_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    floor: Mapped[int | None] = mapped_column(SmallInteger)
    room: Mapped[str]
    area_m2: Mapped[Decimal | None]
    tenure: Mapped[str | None]


class WalkEdge(Base, Keyed):
    """A straight-on piece of the walking network between two nodes; equal node numbers are the same junction."""

    __tablename__ = "walk_edge"
    __table_args__ = (
        UniqueConstraint("code"),
        Index("ix_walk_edge_nodes", "from_node", "to_node"),
        one_of("kind", EDGE_KINDS),
        not_blank("code"),
        not_blank("name"),
        not_blank("barrier"),
        CheckConstraint("length_m >= 0", name="length_not_negative"),
        *geometry_rules("walk_edge"),
    )

    code: Mapped[str]
    from_node: Mapped[int] = mapped_column(BigInteger)
    to_node: Mapped[int] = mapped_column(BigInteger)
    kind: Mapped[str]
    name: Mapped[str | None]
    walkable: Mapped[bool] = mapped_column(default=True, server_default="true")
    oneway: Mapped[bool] = mapped_column(default=False, server_default="false")
    barrier: Mapped[str | None]
    length_m: Mapped[float]
    source: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    geom: Mapped[WKBElement] = mapped_column(geometry("LINESTRING"))


class Ground(Base, Keyed):
    """Water and green that the map draws below everything else."""

    __tablename__ = "ground"
    __table_args__ = (
        UniqueConstraint("code"),
        one_of("kind", GROUND_KINDS),
        not_blank("code"),
        not_blank("name"),
        *geometry_rules("ground"),
    )

    code: Mapped[str]
    kind: Mapped[str]
    name: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    geom: Mapped[WKBElement] = mapped_column(geometry("MULTIPOLYGON"))


class CandidateSite(Base, Keyed, Versioned, Origin):
    """A place where a station could go: area, cost and owner."""

    __tablename__ = "candidate_site"
    __table_args__ = (
        UniqueConstraint("code"),
        not_blank("code"),
        not_blank("name"),
        not_blank("owner"),
        one_of("kind", CANDIDATE_KINDS),
        CheckConstraint("area_m2 > 0", name="area_positive"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
        *geometry_rules("candidate_site"),
    )

    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(default="other", server_default="other")
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compound.id"), index=True)
    area_m2: Mapped[float | None]
    cost_fen: Mapped[int | None] = mapped_column(BigInteger)
    owner: Mapped[str | None]
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
