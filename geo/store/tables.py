"""Tables of the store itself: data versions, the audit trail and its chain of hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.base import Base, Keyed, not_blank


class DataVersion(Base):
    """A counter per topic (places, posts, base) that rises with each change; caches are keyed with it."""

    __tablename__ = "data_version"

    topic: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, default=1, server_default="1")


class AuditEntry(Base, Keyed):
    """Who did what when, with the record before and after; rows are never changed or removed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_entity", "entity", "entity_id"),
        Index("ix_audit_entry_at", "at", "id"),
        Index("ix_audit_entry_actor", "actor", "at", "id"),
        Index("ix_audit_entry_action", "action", "at", "id"),
        Index("ix_audit_entry_community", "community_id", "at", "id"),
        not_blank("actor"),
        not_blank("action"),
    )

    at: Mapped[datetime] = mapped_column(server_default=func.clock_timestamp())
    actor: Mapped[str]
    action: Mapped[str]
    entity: Mapped[str]
    entity_id: Mapped[int | None] = mapped_column(BigInteger)
    community_id: Mapped[int | None] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    note: Mapped[str | None]
    job_id: Mapped[int | None] = mapped_column(BigInteger)


class AuditSeal(Base):
    """A link of the chain over the audit trail; the database writes it as each entry is committed, nobody else does."""

    __tablename__ = "audit_seal"
    __table_args__ = (
        CheckConstraint("no > 0", name="no_counts_from_one"),
        CheckConstraint("length(hash) = 32", name="hash_is_sha256"),
    )

    no: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
