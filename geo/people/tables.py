"""Tables of people: persons (minimal), posts at places, holdings of posts, care needs."""

from datetime import date

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.places.tables import Origin
from geo.store.base import Base, Keyed, Versioned, not_blank, one_of

POST_KINDS = ("stationmaster", "deputy_stationmaster", "building_head", "unit_head", "grid_member", "committee_member")
SINGLE_SEAT = ("stationmaster", "building_head", "unit_head", "grid_member")
HOW = ("elected", "appointed")
TASKS = ("visit", "shopping", "medicine", "meal")
NEED_STATUSES = ("open", "paused", "ended")


class Person(Base, Keyed, Versioned, Origin):
    """A person as far as a post needs it: the name, in the community that knows them; see also personal.contact."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        not_blank("name"),
        CheckConstraint("char_length(phone_end) <= 4", name="phone_end_short"),
        Index("ix_person_name", "community_id", "name"),
    )

    name: Mapped[str]
    pinyin: Mapped[str | None]
    phone_end: Mapped[str | None]
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"))


class Post(Base, Keyed, Origin):
    """A post at exactly one place: a station, building, unit, grid or organisation."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        one_of("kind", POST_KINDS),
        CheckConstraint(
            "num_nonnulls(station_id, building_id, unit_id, grid_id, organisation_id) = 1", name="one_place"
        ),
        CheckConstraint(
            "CASE kind WHEN 'building_head' THEN building_id IS NOT NULL WHEN 'unit_head' THEN unit_id IS NOT NULL "
            "WHEN 'grid_member' THEN grid_id IS NOT NULL WHEN 'committee_member' THEN organisation_id IS NOT NULL "
            "ELSE station_id IS NOT NULL END",
            name="place_fits_kind",
        ),
        Index("uq_post_building_head", "building_id", unique=True, postgresql_where=text("kind = 'building_head'")),
        Index("uq_post_unit_head", "unit_id", unique=True, postgresql_where=text("kind = 'unit_head'")),
        Index("uq_post_grid_member", "grid_id", unique=True, postgresql_where=text("kind = 'grid_member'")),
        Index("uq_post_stationmaster", "station_id", unique=True, postgresql_where=text("kind = 'stationmaster'")),
        Index("ix_post_station_id", "station_id"),
    )

    kind: Mapped[str]
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    grid_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))


class Holding(Base, Keyed, Versioned):
    """Who holds a post from which day to which; to_on is the first day without (NULL: open; from_on: called off)."""

    __tablename__ = "holding"
    __table_args__ = (
        ForeignKeyConstraint(["post_id", "community_id"], ["post.id", "post.community_id"], onupdate="CASCADE"),
        one_of("how", HOW),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_not_before_start"),
        ExcludeConstraint(
            (text("post_id"), "="),
            (text("daterange(from_on, to_on)"), "&&"),
            name="ex_holding_one_current",
            using="gist",
            where=text("single_seat"),
        ),
        Index("ix_holding_post_id", "post_id"),
        Index("ix_holding_person_id", "person_id"),
    )

    post_id: Mapped[int] = mapped_column(BigInteger)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    how: Mapped[str]
    single_seat: Mapped[bool] = mapped_column(default=True, server_default="true")
    end_reason: Mapped[str | None]
    import_id: Mapped[int | None] = mapped_column(BigInteger, index=True)


class CareNeed(Base, Keyed, Versioned):
    """What somebody needs help with: known by place and number; who it is stands in the schema personal alone."""

    __tablename__ = "care_need"
    __table_args__ = (
        UniqueConstraint("number"),
        ForeignKeyConstraint(
            ["building_id", "community_id"], ["building.id", "building.community_id"], onupdate="CASCADE"
        ),
        ForeignKeyConstraint(
            ["helped_person_id", "community_id"],
            ["personal.helped_person.id", "personal.helped_person.community_id"],
            onupdate="CASCADE",
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("number ~ '^[2-9A-HJ-NP-Z]{6}$'", name="number_form"),
        CheckConstraint(
            f"cardinality(tasks) > 0 AND tasks <@ ARRAY[{', '.join(repr(task) for task in TASKS)}]", name="tasks_known"
        ),
        one_of("status", NEED_STATUSES),
        CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="ended_has_day"),
        CheckConstraint("ended_on >= opened_on", name="ends_not_before_start"),
    )

    number: Mapped[str]
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    building_id: Mapped[int] = mapped_column(BigInteger, index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    helped_person_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    tasks: Mapped[list[str]] = mapped_column(ARRAY(Text))
    status: Mapped[str] = mapped_column(default="open", server_default="open")
    opened_on: Mapped[date]
    ended_on: Mapped[date | None]
