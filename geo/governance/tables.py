"""Tables of governance: organisations, neighbourhood stations, and proposals to deliberate."""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import WKBElement
from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.places.tables import Origin
from geo.store.base import Base, Keyed, Versioned, geometry, geometry_rules, not_blank, one_of

ORGANISATION_KINDS = ("party_branch", "owners_committee", "property_company", "volunteer_team", "department")
TEAM_KINDS = ("family_mediation", "care_4050_7080", "repair", "health", "policy_talk")
STATION_STATUSES = ("proposed", "sited", "funded", "building", "open", "suspended", "closed")
STATION_PHASES = ("pilot", "rollout")
PROPOSAL_SOURCES = ("cluster", "forum", "visit", "incident")
PROPOSAL_STATUSES = ("raised", "withdrawn")


class Organisation(Base, Keyed, Versioned, Origin):
    """A party branch, owners' committee, property company, volunteer team or department."""

    __tablename__ = "organisation"
    __table_args__ = (
        UniqueConstraint("code"),
        one_of("kind", ORGANISATION_KINDS),
        one_of("team_kind", TEAM_KINDS),
        CheckConstraint("team_kind IS NULL OR kind = 'volunteer_team'", name="team_kind_of_team"),
        not_blank("code"),
        not_blank("name"),
    )

    code: Mapped[str]
    kind: Mapped[str]
    team_kind: Mapped[str | None]
    name: Mapped[str]
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compound.id"), index=True)


class Station(Base, Keyed, Versioned, Origin):
    """A neighbourhood station: a point in a compound with its status."""

    __tablename__ = "station"
    __table_args__ = (
        UniqueConstraint("code"),
        not_blank("code"),
        not_blank("name"),
        not_blank("opening_hours"),
        one_of("status", STATION_STATUSES),
        one_of("phase", STATION_PHASES),
        CheckConstraint("floor_area_m2 > 0", name="floor_area_positive"),
        *geometry_rules("station"),
    )

    code: Mapped[str]
    name: Mapped[str]
    pinyin: Mapped[str | None]
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    compound_id: Mapped[int | None] = mapped_column(ForeignKey("compound.id"), index=True)
    status: Mapped[str] = mapped_column(default="proposed", server_default="proposed")
    phase: Mapped[str] = mapped_column(default="rollout", server_default="rollout")
    floor_area_m2: Mapped[float | None]
    opening_hours: Mapped[str | None]
    opened_on: Mapped[date | None]
    geom: Mapped[WKBElement] = mapped_column(geometry("POINT"))


class Proposal(Base, Keyed, Versioned):
    """A matter raised for deliberation, with a link to what raised it: a cluster of requests, a forum, a visit."""

    __tablename__ = "proposal"
    __table_args__ = (
        one_of("source", PROPOSAL_SOURCES),
        one_of("status", PROPOSAL_STATUSES),
        not_blank("name"),
        not_blank("note"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"), index=True)
    name: Mapped[str]
    note: Mapped[str | None]
    source: Mapped[str]
    link: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")
    status: Mapped[str] = mapped_column(default="raised", server_default="raised")
    raised_by: Mapped[str]
    raised_at: Mapped[datetime] = mapped_column(server_default=func.now())
