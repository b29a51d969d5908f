"""Tables of people: persons (minimal), posts and holdings, care needs, volunteers, care circles, visits."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
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
SKILLS = ("company", "shopping", "medicine", "cooking", "nursing", "repair", "mediation", "policy_talk")
NEED_STATUSES = ("open", "paused", "ended")
CANDIDACY_STATUSES = ("asked", "accepted", "declined", "appointed", "refused", "withdrawn")
VOLUNTEER_STATUSES = ("active", "paused", "ended")
CIRCLE_STATUSES = ("proposed", "trial", "active", "paused", "ended")
CIRCLE_ROLES = ("primary", "turn", "backup")
CIRCLE_SIZE = 7
VISIT_KINDS = ("care", "first", "after_change", "phone")
VISIT_RESULTS = ("met", "absent", "refused")
VISIT_FINDINGS = ("all_well", "unwell", "fell", "lonely", "needs_medicine", "needs_shopping", "repair", "wants_call")
WEEKDAYS, DAY_MINUTES = 7, 24 * 60


def _among(column: str, codes: tuple[str, ...]) -> CheckConstraint:
    listed = ", ".join(repr(code) for code in codes)
    return CheckConstraint(f"{column} <@ ARRAY[{listed}]", name=f"{column}_known")


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
        UniqueConstraint("id", "community_id"),
        _among("skills", SKILLS),
        CheckConstraint("hours_week > 0 AND hours_week <= 168", name="hours_plausible"),
        CheckConstraint("cadence_days BETWEEN 1 AND 730", name="cadence_plausible"),
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
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    hours_week: Mapped[Decimal | None]
    cadence_days: Mapped[int | None] = mapped_column(SmallInteger)
    import_id: Mapped[int | None] = mapped_column(BigInteger, index=True)


class Candidacy(Base, Keyed, Versioned):
    """Somebody asked to take a vacant post, and what came of it; nothing is removed."""

    __tablename__ = "candidacy"
    __table_args__ = (
        ForeignKeyConstraint(["post_id", "community_id"], ["post.id", "post.community_id"], onupdate="CASCADE"),
        one_of("status", CANDIDACY_STATUSES),
        not_blank("reason"),
        CheckConstraint("status NOT IN ('declined', 'refused') OR reason IS NOT NULL", name="no_has_reason"),
        CheckConstraint("(status = 'asked') = (decided_on IS NULL)", name="decided_has_day"),
        Index("uq_candidacy_open", "post_id", "person_id", unique=True, postgresql_where=text("status = 'asked'")),
    )

    post_id: Mapped[int] = mapped_column(BigInteger, index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    status: Mapped[str] = mapped_column(default="asked", server_default="asked")
    asked_on: Mapped[date]
    asked_by: Mapped[str]
    decided_on: Mapped[date | None]
    reason: Mapped[str | None]


class Volunteer(Base, Keyed, Versioned, Origin):
    """Somebody who offers hours and skills in a community; a party member checked in has a check-in day."""

    __tablename__ = "volunteer"
    __table_args__ = (
        UniqueConstraint("person_id"),
        UniqueConstraint("id", "community_id"),
        ForeignKeyConstraint(["person_id", "community_id"], ["person.id", "person.community_id"], onupdate="CASCADE"),
        one_of("status", VOLUNTEER_STATUSES),
        _among("skills", SKILLS),
        CheckConstraint("hours_week >= 0 AND hours_week <= 168", name="hours_plausible"),
        CheckConstraint("limit_m BETWEEN 50 AND 20000", name="limit_plausible"),
        CheckConstraint("birth_year BETWEEN 1890 AND 2200", name="birth_year_plausible"),
        CheckConstraint("unit_id IS NULL OR building_id IS NOT NULL", name="unit_has_building"),
    )

    person_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    skills: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    hours_week: Mapped[Decimal]
    limit_m: Mapped[int | None]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    party_member: Mapped[bool] = mapped_column(default=False, server_default="false")
    checked_in_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="active", server_default="active")


class Availability(Base, Keyed):
    """A weekly time a volunteer can come: weekday 0 is Monday, minutes after midnight; times never overlap."""

    __tablename__ = "availability"
    __table_args__ = (
        ForeignKeyConstraint(
            ["volunteer_id", "community_id"], ["volunteer.id", "volunteer.community_id"], onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_known"),
        CheckConstraint(
            f"from_minute >= 0 AND to_minute <= {DAY_MINUTES} AND from_minute < to_minute", name="minutes_of_a_day"
        ),
        ExcludeConstraint(
            (text("volunteer_id"), "="),
            (text("weekday"), "="),
            (text("int4range(from_minute, to_minute)"), "&&"),
            name="ex_availability_no_overlap",
            using="gist",
        ),
    )  # fmt: skip

    volunteer_id: Mapped[int] = mapped_column(BigInteger, index=True)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    weekday: Mapped[int]
    from_minute: Mapped[int]
    to_minute: Mapped[int]


class HoursGiven(Base, Keyed):
    """Time a volunteer gave on a day; it counts once somebody else has confirmed it."""

    __tablename__ = "hours_given"
    __table_args__ = (
        ForeignKeyConstraint(
            ["volunteer_id", "community_id"], ["volunteer.id", "volunteer.community_id"], onupdate="CASCADE"
        ),
        CheckConstraint(f"minutes > 0 AND minutes <= {DAY_MINUTES}", name="minutes_plausible"),
        CheckConstraint("(confirmed_by IS NULL) = (confirmed_at IS NULL)", name="confirmed_whole"),
        CheckConstraint("confirmed_by <> recorded_by", name="confirmed_by_another"),
        not_blank("purpose"),
    )

    volunteer_id: Mapped[int] = mapped_column(BigInteger, index=True)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    given_on: Mapped[date]
    minutes: Mapped[int]
    purpose: Mapped[str | None]
    recorded_by: Mapped[str]
    confirmed_by: Mapped[str | None]
    confirmed_at: Mapped[datetime | None]


class CareCircle(Base, Keyed, Versioned):
    """Volunteers paired with one care need who take turns; at most one that has not ended per need."""

    __tablename__ = "care_circle"
    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        ForeignKeyConstraint(
            ["care_need_id", "community_id"], ["care_need.id", "care_need.community_id"], onupdate="CASCADE"
        ),
        one_of("status", CIRCLE_STATUSES),
        not_blank("reason"),
        CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name="ended_has_day"),
        Index("uq_care_circle_current", "care_need_id", unique=True, postgresql_where=text("status <> 'ended'")),
    )

    care_need_id: Mapped[int] = mapped_column(BigInteger, index=True)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    team_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    status: Mapped[str] = mapped_column(default="proposed", server_default="proposed")
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    reason: Mapped[str | None]
    study_id: Mapped[int | None] = mapped_column(BigInteger)


class CircleMember(Base, Keyed):
    """A volunteer in a care circle: primary for some tasks or weekdays, taking turns, or backup."""

    __tablename__ = "circle_member"
    __table_args__ = (
        ForeignKeyConstraint(
            ["circle_id", "community_id"], ["care_circle.id", "care_circle.community_id"], onupdate="CASCADE"
        ),
        ForeignKeyConstraint(
            ["volunteer_id", "community_id"], ["volunteer.id", "volunteer.community_id"], onupdate="CASCADE"
        ),
        one_of("role", CIRCLE_ROLES),
        _among("tasks", TASKS),
        CheckConstraint("weekdays <@ ARRAY[0, 1, 2, 3, 4, 5, 6]::smallint[]", name="weekdays_known"),
        CheckConstraint("hours_week >= 0 AND hours_week <= 168", name="hours_plausible"),
        CheckConstraint("distance_m >= 0", name="distance_not_negative"),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_not_before_start"),
        not_blank("reason"),
        Index("uq_circle_member_current", "circle_id", "volunteer_id", unique=True,
              postgresql_where=text("to_on IS NULL")),
    )  # fmt: skip

    circle_id: Mapped[int] = mapped_column(BigInteger, index=True)
    volunteer_id: Mapped[int] = mapped_column(BigInteger, index=True)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    role: Mapped[str]
    tasks: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger), default=list, server_default="{}")
    hours_week: Mapped[Decimal]
    distance_m: Mapped[float | None]
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    reason: Mapped[str | None]


class Visit(Base, Keyed):
    """A visit to somebody with a care need, in codes alone; the key is the phone's own, so that none counts twice."""

    __tablename__ = "visit"
    __table_args__ = (
        UniqueConstraint("key"),
        ForeignKeyConstraint(
            ["care_need_id", "community_id"], ["care_need.id", "care_need.community_id"], onupdate="CASCADE"
        ),
        ForeignKeyConstraint(
            ["building_id", "community_id"], ["building.id", "building.community_id"], onupdate="CASCADE"
        ),
        one_of("kind", VISIT_KINDS),
        one_of("result", VISIT_RESULTS),
        _among("findings", VISIT_FINDINGS),
        CheckConstraint("result = 'met' OR findings = '{}'", name="findings_when_met"),
        CheckConstraint(f"minutes > 0 AND minutes <= {DAY_MINUTES}", name="minutes_plausible"),
        CheckConstraint("visited_at <= recorded_at + interval '1 hour'", name="not_in_the_future"),
        Index("ix_visit_care_need_id_visited_at", "care_need_id", "visited_at"),
    )

    key: Mapped[UUID]
    care_need_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    building_id: Mapped[int] = mapped_column(BigInteger, index=True)
    volunteer_id: Mapped[int | None] = mapped_column(ForeignKey("volunteer.id"), index=True)
    visited_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    recorded_by: Mapped[str]
    kind: Mapped[str] = mapped_column(default="care", server_default="care")
    result: Mapped[str]
    findings: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    minutes: Mapped[int | None]
    next_due_on: Mapped[date | None]
