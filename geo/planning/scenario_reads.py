"""Queries on siting scenarios: which there are, what each asked and found, and what it says of each site."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import pandas as pd
from sqlalchemy import Connection, RowMapping, text

from geo.errors import NotFound
from geo.i18n import N_
from geo.planning.study_reads import study_frame

NOT_HERE = N_("This scenario does not exist, or you may not see it. Choose another from the list.")
SCENARIOS = (
    "SELECT s.id, s.name, s.community_id, a.name AS community, s.status, s.asked, s.study_id, s.made_by, s.made_at, "
    "s.data_on, s.approved_by, s.approved_on, s.note, s.version, y.figures FROM scenario s "
    "LEFT JOIN area a ON a.id = s.community_id LEFT JOIN study y ON y.id = s.study_id "
)
LISTED = text(SCENARIOS + "WHERE s.status <> 'dropped' OR :dropped ORDER BY s.made_at DESC, s.id DESC LIMIT 200")
ONE = text(SCENARIOS + "WHERE s.id = :id")
SITES = text(
    "SELECT id, candidate_site_id, name, ST_X(geom) AS lon, ST_Y(geom) AS lat, cost_fen, capacity, pinned, banned, "
    "chosen, phase_year, station_id FROM scenario_site WHERE scenario_id = :id "
    "ORDER BY chosen DESC, phase_year, name, id"
)


@dataclass(frozen=True)
class ScenarioView:
    """A scenario with the figures of the study that answered it; community None: the whole city."""

    id: int
    name: str
    community_id: int | None
    community: str | None
    status: str
    asked: dict[str, Any]
    study_id: int | None
    made_by: str
    made_at: datetime
    data_on: date
    approved_by: str | None
    approved_on: date | None
    note: str | None
    version: int
    figures: dict[str, Any]


@dataclass(frozen=True)
class ScenarioSiteView:
    """What a scenario says of a place; lon, lat in EPSG:4326; capacity: households it has room for (None: no limit);
    station_id: the planned station it became.
    """

    id: int
    candidate_site_id: int | None
    name: str
    lon: float
    lat: float
    cost_fen: int | None
    capacity: int | None
    pinned: bool
    banned: bool
    chosen: bool
    phase_year: int | None
    station_id: int | None


def scenarios(connection: Connection, *, dropped: bool = False) -> list[ScenarioView]:
    """Return the scenarios the actor may see, newest first, at most 200; dropped: those put away as well."""
    return [_view(row) for row in connection.execute(LISTED, {"dropped": dropped}).mappings()]


def scenario(connection: Connection, scenario_id: int) -> ScenarioView:
    """Return one scenario; raises NotFound for one that is not there or not seen."""
    row = connection.execute(ONE, {"id": scenario_id}).mappings().one_or_none()
    if row is None:
        raise NotFound(NOT_HERE)
    return _view(row)


def scenario_sites(connection: Connection, scenario_id: int) -> list[ScenarioSiteView]:
    """Return what a scenario says of its sites, the chosen ones first."""
    return [ScenarioSiteView(**row) for row in connection.execute(SITES, {"id": scenario_id}).mappings()]


def scenario_doors(connection: Connection, view: ScenarioView) -> pd.DataFrame:
    """Return the doors of the study that answered a scenario; empty when it is not kept."""
    return pd.DataFrame() if view.study_id is None else study_frame(connection, view.study_id)


def _view(row: RowMapping) -> ScenarioView:
    return ScenarioView(**{**row, "figures": row["figures"] or {}})
