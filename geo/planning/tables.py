"""Tables of planning: the parameters a city may change."""

from typing import Any

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from geo.store.base import Base, Versioned, not_blank


class Parameter(Base, Versioned):
    """A city's own value of a default number; the defaults themselves are in planning.rules."""

    __tablename__ = "parameter"
    __table_args__ = (not_blank("name"),)

    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[Any] = mapped_column(JSONB)
    changed_by: Mapped[str]
