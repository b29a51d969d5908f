"""The table of long tasks: what runs, how far it is, the best result so far."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.base import Base, Keyed, not_blank, one_of

JOB_STATUSES = ("waiting", "running", "done", "failed", "cancelled", "lost")


class Job(Base, Keyed):
    """One long task: kind and parameters, who asked, progress 0 to 1 with a message, result or error."""

    __tablename__ = "job"
    __table_args__ = (
        one_of("status", JOB_STATUSES),
        not_blank("kind"),
        CheckConstraint("progress BETWEEN 0 AND 1", name="progress_is_share"),
        Index("ix_job_status", "status"),
    )

    kind: Mapped[str]
    actor: Mapped[str]
    params: Mapped[dict[str, Any]] = mapped_column(JSONB)
    status: Mapped[str] = mapped_column(default="waiting", server_default="waiting")
    progress: Mapped[float] = mapped_column(default=0.0, server_default="0")
    message: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    best: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    error: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    cancel_asked: Mapped[bool] = mapped_column(default=False, server_default="false")
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    pid: Mapped[int | None]
    pid_started: Mapped[float | None]
    heartbeat_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
