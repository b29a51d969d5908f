"""Tables of access: users, their credentials, the roles they hold for a place and a time, their sessions."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from geo.access.rules import ROLES
from geo.store.base import Base, Keyed, Versioned, not_blank, one_of

USER_STATUSES = ("invited", "active", "suspended")


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
