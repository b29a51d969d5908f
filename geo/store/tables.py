"""Tables of the store itself: data versions, the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, func
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
        Index("ix_audit_entry_at", "at"),
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
