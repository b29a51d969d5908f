"""Tables of requests: categories, requests, their events, call-backs and attachments, incidents, keys of the API."""

from datetime import datetime
from typing import Any
from uuid import UUID

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
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.places.tables import Origin
from geo.store.base import Base, Keyed, Versioned, geometry, geometry_rules, not_blank, one_of

CHANNELS = ("station_desk", "building_head", "visit", "hotline_12345", "web", "open311")
CLASSES = ("urgent", "utilities", "normal", "hard")
STATUSES = (
    "received", "accepted", "dispatched", "in_progress", "resolved", "called_back", "closed",
    "returned", "duplicate", "out_of_scope", "waiting", "escalated", "reopened",
)  # fmt: skip
ENDED = ("closed", "duplicate", "out_of_scope")
PLACED_BY = ("unit", "building", "point", "community")
ESCALATIONS = ("street_office", "department")
EVENT_KINDS = (
    "status", "note", "assignment", "category", "place", "attachment", "incident", "correction", "imported",
)  # fmt: skip
SATISFACTIONS = ("yes", "basically", "no")
INCIDENT_KINDS = ("water", "power", "lift", "heating", "gas", "other")
MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
ATTACHMENT_BYTES = 8_000_000


class RequestCategory(Base, Keyed, Versioned):
    """What a request is about, in both languages; its class sets the clocks unless it has hours of its own."""

    __tablename__ = "request_category"
    __table_args__ = (
        UniqueConstraint("code"),
        not_blank("code"),
        not_blank("name"),
        not_blank("name_zh"),
        one_of("class_code", CLASSES),
        CheckConstraint("respond_h > 0 AND solve_h > 0", name="hours_positive"),
    )

    code: Mapped[str]
    name: Mapped[str]
    name_zh: Mapped[str]
    class_code: Mapped[str]
    respond_h: Mapped[float | None]
    solve_h: Mapped[float | None]
    words: Mapped[str | None]
    position: Mapped[int] = mapped_column(SmallInteger, default=100, server_default="100")
    active: Mapped[bool] = mapped_column(default=True, server_default="true")


class Incident(Base, Keyed, Versioned):
    """One failure of water, power, a lift …: requests join it and count once; it lasts until it is over."""

    __tablename__ = "incident"
    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        one_of("kind", INCIDENT_KINDS),
        not_blank("name"),
        not_blank("note"),
        CheckConstraint("ended_at IS NULL OR ended_at >= started_at", name="ends_not_before_start"),
        Index("ix_incident_community_id_started_at", "community_id", "started_at"),
    )

    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    kind: Mapped[str]
    name: Mapped[str]
    started_at: Mapped[datetime]
    expected_end_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    note: Mapped[str | None]
    recorded_by: Mapped[str]


class IncidentDoor(Base, Keyed):
    """A building, or one unit of it, that an incident affects."""

    __tablename__ = "incident_door"
    __table_args__ = (
        ForeignKeyConstraint(
            ["incident_id", "community_id"], ["incident.id", "incident.community_id"], onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        Index("uq_incident_door_place", "incident_id", "building_id", text("coalesce(unit_id, 0)"), unique=True),
    )  # fmt: skip

    incident_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    building_id: Mapped[int] = mapped_column(ForeignKey("building.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)


class Request(Base, Keyed, Versioned, Origin):
    """A request as it stands now; how it came there is in its events. The point is filled for every placed request.

    The hours promised are those of its category on the day it came. paused_s are the seconds its clocks stood still;
    paused_from is set while they do.
    """

    __tablename__ = "request"
    __table_args__ = (
        UniqueConstraint("number"),
        UniqueConstraint("id", "community_id"),
        UniqueConstraint("external_system", "external_id"),
        ForeignKeyConstraint(
            ["incident_id", "community_id"], ["incident.id", "incident.community_id"], onupdate="CASCADE"
        ),
        not_blank("number"),
        not_blank("summary"),
        not_blank("address"),
        not_blank("external_id"),
        one_of("channel", CHANNELS),
        one_of("status", STATUSES),
        one_of("class_code", CLASSES),
        one_of("placed_by", PLACED_BY),
        one_of("escalated_to", ESCALATIONS),
        CheckConstraint(
            "CASE placed_by WHEN 'unit' THEN unit_id IS NOT NULL WHEN 'building' THEN building_id IS NOT NULL "
            "WHEN 'point' THEN geom IS NOT NULL ELSE true END",
            name="place_fits",
        ),
        CheckConstraint("unit_id IS NULL OR building_id IS NOT NULL", name="unit_has_building"),
        CheckConstraint("respond_h > 0 AND solve_h > 0", name="hours_positive"),
        CheckConstraint("paused_s >= 0", name="paused_not_negative"),
        CheckConstraint("accepted_at >= received_at", name="accepted_not_before_received"),
        CheckConstraint("resolved_at >= received_at", name="resolved_not_before_received"),
        CheckConstraint("closed_at >= received_at", name="closed_not_before_received"),
        CheckConstraint("(status = 'waiting') = (waiting_until IS NOT NULL)", name="waiting_has_limit"),
        CheckConstraint("(status = 'duplicate') = (duplicate_of IS NOT NULL)", name="duplicate_names_first"),
        CheckConstraint("duplicate_of <> id", name="duplicate_of_another"),
        CheckConstraint("returned_times BETWEEN 0 AND 1", name="returned_once"),
        CheckConstraint("reopened_times >= 0", name="reopened_not_negative"),
        *geometry_rules("request"),
        Index("ix_request_community_id_received_at", "community_id", "received_at"),
        Index("ix_request_category_id_received_at", "category_id", "received_at"),
        Index("ix_request_received_at", "received_at"),
        Index("ix_request_open", "community_id", "received_at", postgresql_where=text("closed_at IS NULL")),
        Index("ix_request_owner", "owner", postgresql_where=text("closed_at IS NULL")),
    )

    number: Mapped[str]
    channel: Mapped[str]
    category_id: Mapped[int] = mapped_column(ForeignKey("request_category.id"))
    class_code: Mapped[str]
    respond_h: Mapped[float]
    solve_h: Mapped[float]
    community_id: Mapped[int] = mapped_column(ForeignKey("area.id"))
    building_id: Mapped[int | None] = mapped_column(ForeignKey("building.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    placed_by: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(geometry("POINT"))
    address: Mapped[str | None]
    summary: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="received", server_default="received")
    received_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    paused_s: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    paused_from: Mapped[datetime | None]
    waiting_until: Mapped[datetime | None]
    escalated_to: Mapped[str | None]
    returned_times: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    reopened_times: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("request.id"), index=True)
    incident_id: Mapped[int | None] = mapped_column(BigInteger, index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    owner: Mapped[str | None]
    recorded_by: Mapped[str]
    external_system: Mapped[str | None]
    external_id: Mapped[str | None]


class RequestEvent(Base, Keyed):
    """One step of a request: who, when, what, with a note; never changed or removed."""

    __tablename__ = "request_event"
    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "community_id"], ["request.id", "request.community_id"], onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        one_of("kind", EVENT_KINDS),
        one_of("from_status", STATUSES),
        one_of("to_status", STATUSES),
        CheckConstraint("(kind = 'status') <= (to_status IS NOT NULL)", name="status_names_next"),
        not_blank("note"),
        Index("ix_request_event_request_id_at", "request_id", "happened_at"),
    )  # fmt: skip

    request_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    happened_at: Mapped[datetime]
    recorded_at: Mapped[datetime] = mapped_column(server_default=func.now())
    recorded_by: Mapped[str]
    kind: Mapped[str]
    from_status: Mapped[str | None]
    to_status: Mapped[str | None]
    note: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default="{}")


class CallBack(Base, Keyed):
    """What a resident answered when called back; valid when they were reached; the three rates rest on valid ones."""

    __tablename__ = "call_back"
    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "community_id"], ["request.id", "request.community_id"], onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        one_of("satisfied", SATISFACTIONS),
        CheckConstraint(
            "reached = (responded IS NOT NULL) AND reached = (solved IS NOT NULL) "
            "AND reached = (satisfied IS NOT NULL)",
            name="answers_when_reached",
        ),
        not_blank("note"),
        Index("ix_call_back_request_id_called_at", "request_id", "called_at"),
    )  # fmt: skip

    request_id: Mapped[int] = mapped_column(BigInteger)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    called_at: Mapped[datetime]
    recorded_by: Mapped[str]
    reached: Mapped[bool]
    responded: Mapped[bool | None]
    solved: Mapped[bool | None]
    satisfied: Mapped[str | None]
    note: Mapped[str | None]


class Attachment(Base, Keyed):
    """A photo of a request, its metadata stripped; what it shows is seen by who sees the request."""

    __tablename__ = "attachment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["request_id", "community_id"], ["request.id", "request.community_id"], onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        UniqueConstraint("token"),
        one_of("media_type", MEDIA_TYPES),
        CheckConstraint(f"octet_length(content) BETWEEN 1 AND {ATTACHMENT_BYTES}", name="size_bounded"),
        CheckConstraint("width_px > 0 AND height_px > 0", name="pixels_positive"),
        not_blank("file_name"),
    )  # fmt: skip

    token: Mapped[UUID] = mapped_column(server_default=func.gen_random_uuid())
    request_id: Mapped[int] = mapped_column(BigInteger, index=True)
    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    file_name: Mapped[str]
    media_type: Mapped[str]
    width_px: Mapped[int]
    height_px: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)
    added_by: Mapped[str]
    added_at: Mapped[datetime] = mapped_column(server_default=func.now())


class ApiKey(Base, Keyed):
    """A key by which another system hands in requests on behalf of a user; only its hash is kept."""

    __tablename__ = "api_key"
    __table_args__ = (UniqueConstraint("key_hash"), not_blank("name"))

    name: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(LargeBinary)
    user_name: Mapped[str] = mapped_column(ForeignKey("app_user.name"), index=True)
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    revoked_at: Mapped[datetime | None]
