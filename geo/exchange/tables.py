"""Tables of the exchange: imports with their evidence, findings row by row, and what an import changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Index, func
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.base import Base, Keyed, not_blank, one_of

IMPORT_STATUSES = ("prepared", "accepted", "dropped", "undone")
OUTCOMES = ("accepted", "repaired", "refused")


class ImportRun(Base, Keyed):
    """One file offered for import: what it is, how it was read, what was found, what became of it."""

    __tablename__ = "import_run"
    __table_args__ = (one_of("status", IMPORT_STATUSES), not_blank("kind"), not_blank("file_name"))

    kind: Mapped[str]
    file_name: Mapped[str]
    sha256: Mapped[str]
    actor: Mapped[str]
    job_id: Mapped[int | None] = mapped_column(BigInteger)
    status: Mapped[str] = mapped_column(default="prepared", server_default="prepared")
    options: Mapped[dict[str, Any]] = mapped_column(JSONB)
    evidence: Mapped[dict[str, Any]] = mapped_column(JSONB)
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    decided_at: Mapped[datetime | None]


class ImportFinding(Base, Keyed):
    """What was noticed at a row of a file: how it was repaired or why it was refused."""

    __tablename__ = "import_finding"
    __table_args__ = (one_of("outcome", OUTCOMES), Index("ix_import_finding_run", "import_run_id", "row"))

    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    row: Mapped[int]
    field: Mapped[str | None]
    code: Mapped[str]
    outcome: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ImportChange(Base, Keyed):
    """A record an import changed, as it was before: what undo writes back."""

    __tablename__ = "import_change"
    __table_args__ = (Index("ix_import_change_run", "import_run_id"),)

    import_run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id", ondelete="CASCADE"))
    entity: Mapped[str]
    entity_id: Mapped[int] = mapped_column(BigInteger)
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
