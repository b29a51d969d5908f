"""What every table has in common: naming of constraints, versions, geometry columns with their checks."""

from datetime import UTC, datetime
from typing import Any

from geoalchemy2 import Geometry
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Identity, Index, Integer, MetaData, Text, func, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.schema import SchemaItem

from geo.store.texts import LONGEST, readable_sql, visible_sql

STORED_SRID = 4326
MAX_VERTICES = 50_000

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """The base of all tables; text is Text, whole numbers are bigint keys by Identity."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {str: Text, datetime: DateTime(timezone=True)}  # noqa: RUF012


class Keyed:
    """A bigint identity key."""

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True, sort_order=-10)


class Versioned:
    """A version that rises with every change, against lost updates, and the time of the last change."""

    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1", sort_order=90)
    changed_at: Mapped[datetime] = mapped_column(
        server_default=func.now(), onupdate=lambda: datetime.now(UTC), sort_order=91
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        return {"version_id_col": cls.version}


def geometry(kind: str) -> Geometry:
    """Return the column type of a stored geometry: EPSG:4326 lon/lat, no index of its own (tables name theirs)."""
    return Geometry(kind, srid=STORED_SRID, spatial_index=False)


def geometry_rules(table: str, column: str = "geom", *, max_vertices: int = MAX_VERTICES) -> tuple[SchemaItem, ...]:
    """Return the checks and the GiST index every geometry column has: valid, on the globe, of bounded size."""
    return (
        CheckConstraint(f"ST_IsValid({column})", name=f"{column}_valid"),
        CheckConstraint(
            f"ST_XMin({column}) >= -180 AND ST_XMax({column}) <= 180 "
            f"AND ST_YMin({column}) >= -90 AND ST_YMax({column}) <= 90",
            name=f"{column}_on_globe",
        ),
        CheckConstraint(f"ST_NPoints({column}) <= {max_vertices}", name=f"{column}_vertices"),
        Index(f"ix_{table}_{column}", column, postgresql_using="gist"),
    )


def not_blank(column: str) -> CheckConstraint:
    """Return the check that a text, when given, can be read: not only blanks; a name also bounded, without controls."""
    condition = readable_sql(column, LONGEST[column]) if column in LONGEST else visible_sql(column)
    return CheckConstraint(condition, name=f"{column}_not_blank")


def words_index(table: str, column: str) -> Index:
    """Return the trigram index that finds a text by any part of it; rows without the text take no room in it."""
    return Index(
        f"ix_{table}_{column}_words",
        column,
        postgresql_using="gin",
        postgresql_ops={column: "gin_trgm_ops"},
        postgresql_where=text(f"{column} IS NOT NULL"),
    )


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """Return the check that a code is one of the given (text + CHECK rather than an ENUM type)."""
    listed = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_known")
