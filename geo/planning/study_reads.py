"""Queries on studies: which there are, whether the data changed since, and their rows."""

from io import BytesIO

import pandas as pd
from sqlalchemy import Connection, RowMapping, select

from geo.errors import NotFound
from geo.i18n import N_
from geo.planning.studies import StudyView, changed_topics
from geo.planning.tables import Study
from geo.store import versions

MOST_LISTED = 200
NOT_HERE = N_("This study does not exist, or you may not see it. Choose another.")


def studies(connection: Connection, kind: str | None = None, community_id: int | None = None) -> list[StudyView]:
    """Return the studies the actor may see, newest first, at most 200; put away ones are left out."""
    wanted = select(Study).where(Study.dropped_at.is_(None)).order_by(Study.made_at.desc()).limit(MOST_LISTED)
    wanted = wanted.where(Study.kind == kind) if kind else wanted
    wanted = wanted.where(Study.community_id == community_id) if community_id else wanted
    now = versions.current(connection)
    columns = [column for column in Study.__table__.columns if column.name != "frame"]
    return [_view(row, now) for row in connection.execute(wanted.with_only_columns(*columns)).mappings()]


def study(connection: Connection, study_id: int) -> StudyView:
    """Return one study; raises NotFound for one that is not there or not seen."""
    columns = [column for column in Study.__table__.columns if column.name != "frame"]
    row = connection.execute(select(*columns).where(Study.id == study_id)).mappings().one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _view(row, versions.current(connection))


def study_frame(connection: Connection, study_id: int) -> pd.DataFrame:
    """Return the rows a study found; empty when it kept none; raises NotFound for one that is not seen."""
    row = connection.execute(select(Study.frame).where(Study.id == study_id)).one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return pd.read_parquet(BytesIO(row.frame)) if row.frame is not None else pd.DataFrame()


def _view(row: RowMapping, now: dict[str, int]) -> StudyView:
    kept = {name: row[name] for name in StudyView.__dataclass_fields__ if name != "changed_since"}
    return StudyView(**kept, changed_since=changed_topics(row["kind"], row["data_versions"], now))
