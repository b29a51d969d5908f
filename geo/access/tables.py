"""Tables of access: users, roles, sessions; and the schema personal, which the app role reaches by functions only."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.access.rules import ROLES
from geo.store.base import Base, Keyed, Versioned, not_blank, one_of

USER_STATUSES = ("invited", "active", "suspended")
PERSONAL = "personal"
RISK_CLASSES = ("high", "key", "general")
CONSENT_PURPOSES = ("care", "volunteers", "planning")
CONSENT_WAYS = ("written", "spoken", "guardian")
RUN_PURPOSES = ("pairing", "rota", "siting")
FAMILIES = ("residents", "helped")


class AppUser(Base, Versioned):
    """A user by the name they sign in with; only active ones hold their roles."""

    __tablename__ = "app_user"
    __table_args__ = (
        one_of("status", USER_STATUSES),
        not_blank("name"),
        not_blank("shown_name"),
        not_blank("email"),
        Index("uq_app_user_email", text("lower(email)"), unique=True),
    )

    name: Mapped[str] = mapped_column(primary_key=True)
    shown_name: Mapped[str | None]
    email: Mapped[str | None]
    status: Mapped[str] = mapped_column(default="invited", server_default="invited")


class Credential(Base):
    """How a user proves who they are: an argon2id hash, and how often it failed of late."""

    __tablename__ = "credential"

    user_name: Mapped[str] = mapped_column(ForeignKey("app_user.name"), primary_key=True)
    password_hash: Mapped[str]
    must_change: Mapped[bool] = mapped_column(default=True, server_default="true")
    changed_at: Mapped[datetime] = mapped_column(server_default=func.now())
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None]


class UserRole(Base, Keyed, Versioned):
    """A role a user holds from a day on, at a community, a station or as the person who looks after doors.

    Places are named by number alone: clearing a demo city must not clear who runs it.
    """

    __tablename__ = "user_role"
    __table_args__ = (
        one_of("role", ROLES),
        CheckConstraint(
            "(role = 'organiser') = (community_id IS NOT NULL) AND (role = 'station_staff') = (station_id IS NOT NULL) "
            "AND (role = 'building_head') = (person_id IS NOT NULL)",
            name="place_fits_role",
        ),
        CheckConstraint("to_on IS NULL OR to_on >= from_on", name="ends_not_before_start"),
        Index("ix_user_role_user_name", "user_name"),
    )

    user_name: Mapped[str] = mapped_column(ForeignKey("app_user.name"))
    role: Mapped[str]
    community_id: Mapped[int | None] = mapped_column(BigInteger)
    station_id: Mapped[int | None] = mapped_column(BigInteger)
    person_id: Mapped[int | None] = mapped_column(BigInteger)
    from_on: Mapped[date]
    to_on: Mapped[date | None]
    reason: Mapped[str | None]
    given_by: Mapped[str]


class UserSession(Base, Keyed):
    """One sign-in on one device: only a hash of its token is kept; it lasts until it is ended or expires."""

    __tablename__ = "user_session"
    __table_args__ = (UniqueConstraint("token_hash"), Index("ix_user_session_user_name", "user_name"))

    token_hash: Mapped[bytes] = mapped_column(LargeBinary)
    user_name: Mapped[str] = mapped_column(ForeignKey("app_user.name"))
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    seen_at: Mapped[datetime] = mapped_column(server_default=func.now())
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    device: Mapped[str | None]
    host: Mapped[str | None]


class SealingKey(Base):
    """A key that seals personal data, by name: what tells it from a wrong one, never the key."""

    __tablename__ = "sealing_key"
    __table_args__ = ({"schema": PERSONAL},)

    id: Mapped[str] = mapped_column(primary_key=True)
    check_value: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime] = mapped_column(server_default=func.now())
    retired_at: Mapped[datetime | None]


class HelpedPerson(Base, Keyed, Versioned):
    """Somebody who is helped: name, phone and notes sealed by the app, the codes as they are, kept until a day."""

    __tablename__ = "helped_person"
    __table_args__ = (
        UniqueConstraint("id", "community_id"),
        ForeignKeyConstraint(
            ["building_id", "community_id"], ["building.id", "building.community_id"], onupdate="CASCADE"
        ),
        one_of("risk_class", RISK_CLASSES),
        CheckConstraint("birth_year BETWEEN 1890 AND 2200", name="birth_year_plausible"),
        {"schema": PERSONAL},
    )

    community_id: Mapped[int] = mapped_column(BigInteger, index=True)
    building_id: Mapped[int] = mapped_column(BigInteger, index=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    household_id: Mapped[int | None] = mapped_column(ForeignKey("household.id"), index=True)
    name_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    notes_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    risk_class: Mapped[str]
    living_alone: Mapped[bool | None]
    birth_year: Mapped[int | None] = mapped_column(SmallInteger)
    retain_until: Mapped[date | None]


class Consent(Base, Keyed):
    """What a helped person agreed to, since when and until when."""

    __tablename__ = "consent"
    __table_args__ = (
        one_of("purpose", CONSENT_PURPOSES),
        one_of("how", CONSENT_WAYS),
        CheckConstraint("withdrawn_on >= given_on", name="withdrawn_not_before_given"),
        {"schema": PERSONAL},
    )

    helped_person_id: Mapped[int] = mapped_column(
        ForeignKey("personal.helped_person.id", ondelete="CASCADE"), index=True
    )
    purpose: Mapped[str]
    given_on: Mapped[date]
    withdrawn_on: Mapped[date | None]
    how: Mapped[str]
    recorded_by: Mapped[str]


class Contact(Base):
    """The telephone number of somebody who holds a post: sealed, and a keyed mark by which equal numbers are found."""

    __tablename__ = "contact"
    __table_args__ = ({"schema": PERSONAL},)

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    phone_mark: Mapped[bytes] = mapped_column(LargeBinary, index=True)


class Requester(Base):
    """Who brought a request, sealed: a name, a telephone number, or both; gone when its time is over."""

    __tablename__ = "requester"
    __table_args__ = (
        CheckConstraint("num_nonnulls(name_sealed, phone_sealed) > 0", name="something_kept"),
        {"schema": PERSONAL},
    )

    request_id: Mapped[int] = mapped_column(
        ForeignKey("request.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)


class Disclosure(Base, Keyed):
    """A look at persons that was asked for and logged; the values are handed out once, when the log entry is kept."""

    __tablename__ = "disclosure"
    __table_args__ = ({"schema": PERSONAL},)

    actor: Mapped[str]
    person_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    request_id: Mapped[int | None] = mapped_column(BigInteger)
    fields: Mapped[list[str]] = mapped_column(ARRAY(Text))
    transaction_id: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())


class Run(Base, Keyed):
    """A pairing, rota or siting run that read persons under made-up names, which come of its salt."""

    __tablename__ = "run"
    __table_args__ = (one_of("purpose", RUN_PURPOSES), {"schema": PERSONAL})

    purpose: Mapped[str]
    actor: Mapped[str]
    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    person_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    salt: Mapped[bytes] = mapped_column(LargeBinary)
    transaction_id: Mapped[str]


class Publication(Base, Keyed):
    """Counts of a family of personal attributes as everybody saw them in a month; only the newest keeps its counts."""

    __tablename__ = "publication"
    __table_args__ = (one_of("family", FAMILIES), UniqueConstraint("family", "month"))

    family: Mapped[str]
    month: Mapped[date]
    made_on: Mapped[date]
    made_by: Mapped[str]
    suppress_below: Mapped[int]
    suppress_below_alone: Mapped[int]


class PublishedCount(Base, Keyed):
    """The counts of an attribute in a place, or in places counted together; none is below the least count."""

    __tablename__ = "published_count"

    publication_id: Mapped[int] = mapped_column(ForeignKey("publication.id", ondelete="CASCADE"), index=True)
    attribute: Mapped[str]
    resolution: Mapped[int] = mapped_column(SmallInteger)
    community_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    groups: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    records: Mapped[int | None] = mapped_column(BigInteger)
    unknown: Mapped[int | None] = mapped_column(BigInteger)


class PublishedPlace(Base):
    """A place that published counts stand for, by its name of that day."""

    __tablename__ = "published_place"

    kind: Mapped[str] = mapped_column(primary_key=True)
    place_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    count_id: Mapped[int] = mapped_column(
        ForeignKey("published_count.id", ondelete="CASCADE"), primary_key=True, index=True, autoincrement=False
    )
    name: Mapped[str | None]
