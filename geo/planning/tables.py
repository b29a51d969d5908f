"""Tables of planning: parameters of the city, studies with what they rested on, siting scenarios, shifts."""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from geo.people.tables import DAY_MINUTES, TASKS
from geo.store.base import Base, Keyed, Versioned, geometry, geometry_rules, not_blank, one_of

STUDY_KINDS = ("coverage", "reach", "patches", "pairing", "rota", "years_ahead", "what_if", "siting", "hotspots")
SCENARIO_STATUSES = ("draft", "proposed", "approved", "dropped")
SHIFT_STATUSES = ("open", "offered", "accepted", "done", "missed", "replaced", "cancelled")


class Parameter(Base, Versioned):
    """A city's own value of a default number; the defaults themselves are in planning.rules."""

    __tablename__ = "parameter"
    __table_args__ = (not_blank("name"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    changed_by: Mapped[str]


class Study(Base, Keyed):
    """A result kept with all it rested on: the area, what was asked, the city's numbers and the data of that day."""

    __tablename__ = "study"
    __table_args__ = (
        one_of("kind", STUDY_KINDS),
        not_blank("name"),
        not_blank("note"),
        Index("ix_study_kind_made_at", "kind", "made_at"),
    )

    kind: Mapped[str]
    name: Mapped[str]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    parameters: Mapped[dict[str, Any]] = mapped_column(JSONB)
    data_versions: Mapped[dict[str, Any]] = mapped_column(JSONB)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    frame: Mapped[bytes | None] = mapped_column(LargeBinary)
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    data_on: Mapped[date]
    note: Mapped[str | None]
    dropped_at: Mapped[datetime | None]


class Shift(Base, Keyed, Versioned):
    """One turn of a care circle on a day; a missed one is replaced by another shift that names it."""

    __tablename__ = "shift"
    __table_args__ = (
        ForeignKeyConstraint(
            ["circle_id", "community_id"], ["care_circle.id", "care_circle.community_id"], onupdate="CASCADE"
        ),
        ForeignKeyConstraint(
            ["volunteer_id", "community_id"], ["volunteer.id", "volunteer.community_id"], onupdate="CASCADE"
        ),
        one_of("status", SHIFT_STATUSES),
        one_of("task", TASKS),
        not_blank("reason"),
        CheckConstraint(
            "CASE status WHEN 'open' THEN volunteer_id IS NULL WHEN 'cancelled' THEN true "
            "ELSE volunteer_id IS NOT NULL END",
            name="open_has_nobody",
        ),
        ExcludeConstraint(
            (text("volunteer_id"), "="),
            (text("on_day"), "="),
            (text("int4range(from_minute, to_minute)"), "&&"),
            name="ex_shift_one_at_a_time",
            using="gist",
            where=text("status IN ('offered', 'accepted', 'done')"),
        ),
        Index("uq_shift_replaces_id", "replaces_id", unique=True, postgresql_where=text("status <> 'cancelled'")),
        CheckConstraint(
            f"from_minute >= 0 AND to_minute <= {DAY_MINUTES} AND from_minute < to_minute", name="minutes_of_a_day"
        ),
        Index("ix_shift_community_id_on_day", "community_id", "on_day"),
        Index("ix_shift_volunteer_id_on_day", "volunteer_id", "on_day"),
    )

    circle_id: Mapped[int] = mapped_column(BigInteger, index=True)
    volunteer_id: Mapped[int | None] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger)
    on_day: Mapped[date]
    from_minute: Mapped[int]
    to_minute: Mapped[int]
    task: Mapped[str]
    status: Mapped[str] = mapped_column(default="open", server_default="open")
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"), index=True)
    reason: Mapped[str | None]


class Scenario(Base, Keyed, Versioned):
    """A siting proposal with a name: what was asked, the study that answered it, and how far it has come."""

    __tablename__ = "scenario"
    __table_args__ = (
        one_of("status", SCENARIO_STATUSES),
        not_blank("name"),
        not_blank("note"),
        CheckConstraint("(status = 'approved') = (approved_on IS NOT NULL)", name="approved_has_day"),
        CheckConstraint("(approved_by IS NULL) = (approved_on IS NULL)", name="approved_whole"),
    )

    name: Mapped[str]
    community_id: Mapped[int | None] = mapped_column(ForeignKey("area.id"), index=True)
    status: Mapped[str] = mapped_column(default="draft", server_default="draft")
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    study_id: Mapped[int | None] = mapped_column(ForeignKey("study.id"), index=True)
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    data_on: Mapped[date]
    approved_by: Mapped[str | None]
    approved_on: Mapped[date | None]
    note: Mapped[str | None]


class ScenarioSite(Base, Keyed):
    """What a scenario says of a candidate site or a place drawn on the map: chosen, pinned, banned, cost, year."""

    __tablename__ = "scenario_site"
    __table_args__ = (
        UniqueConstraint("scenario_id", "candidate_site_id"),
        not_blank("name"),
        CheckConstraint("NOT (pinned AND banned)", name="pinned_or_banned"),
        CheckConstraint("cost_fen >= 0", name="cost_not_negative"),
        CheckConstraint("phase_year BETWEEN 2000 AND 2200", name="year_plausible"),
        CheckConstraint("capacity > 0", name="capacity_positive"),
        *geometry_rules("scenario_site"),
    )

    scenario_id: Mapped[int] = mapped_column(ForeignKey("scenario.id", ondelete="CASCADE"))
    candidate_site_id: Mapped[int | None] = mapped_column(ForeignKey("candidate_site.id"), index=True)
    name: Mapped[str]
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))
    cost_fen: Mapped[int | None] = mapped_column(BigInteger)
    capacity: Mapped[int | None]
    pinned: Mapped[bool] = mapped_column(default=False, server_default="false")
    banned: Mapped[bool] = mapped_column(default=False, server_default="false")
    chosen: Mapped[bool] = mapped_column(default=False, server_default="false")
    phase_year: Mapped[int | None] = mapped_column(SmallInteger)
    station_id: Mapped[int | None] = mapped_column(ForeignKey("station.id"), index=True)
