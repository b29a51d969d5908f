"""The study of coverage: at one moment the duty chain, the ways to stations and helpers, and what is odd."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Connection

from geo.access.reads import require_for_work
from geo.coverage.candidates_study import compounds_short, offers, vacant_seats
from geo.coverage.chain_study import ChainStudy, load_chain
from geo.coverage.duty_figures import DutyFigures, figures_of
from geo.coverage.duty_inputs import UNKNOWN, Gap
from geo.coverage.life_circles import life_circles, tally
from geo.coverage.oddities import Oddity, odd_in_network, odd_places
from geo.coverage.reach_study import Points, Walks, circle_limits, load_doors, load_stations, walks
from geo.i18n import N_
from geo.jobs.context import JobContext
from geo.people.volunteer_reads import pairing_rows
from geo.planning.reads import parameters
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.store import versions
from geo.store.clock import today
from geo.store.metadata import all_tables
from geo.store.session import reading, writing

Floats = NDArray[np.float64]
Progress = Callable[..., None]
NOWHERE = -1.0
"""In place of metres: no way leads there."""


@dataclass(frozen=True)
class CoverageStudy:
    """What a study found: a row a part of the duty chain, key figures, and the day and data versions it stands for."""

    frame: pd.DataFrame
    figures: dict[str, Any]
    on: date
    seen: dict[str, int]


def study_as_job(context: JobContext, *, name: str) -> dict[str, Any]:
    """Study the coverage of everything the actor sees as long work, and keep it; returns its number and figures."""
    require_for_work(context.actor, "coverage_study")
    all_tables()
    with reading(context.actor) as connection:
        found = study_coverage(connection, today(), context.progress)
    context.progress(0.95, N_("Keeping the study"))
    with writing(context.actor) as session:
        asked = {"by_network": found.figures["by_network"], "doors": len(found.frame)}
        draft = StudyDraft("coverage", name, None, asked, found.figures, found.frame)
        study_id = keep_study(session, draft, data_on=found.on, seen=found.seen)
    return {"study_id": study_id, **found.figures}


def study_coverage(connection: Connection, on: date, progress: Progress) -> CoverageStudy:
    """Return the coverage of everything the actor sees on a day.

    progress: told the share done (0 to 1) and a msgid. The frame has unit_id (-1: doors no unit accounts for),
    building_id, compound_id (-1: in none), households (-1: not counted), gap, metres to the next open station, head
    and volunteer (-1: no way, or nobody), and the life circle of the station (0 to 3, 3 beyond all).
    """
    seen = versions.current(connection)
    progress(0.05, N_("Reading who looks after which doors"))
    chain = load_chain(connection, on)
    progress(0.3, N_("Reading the roads"))
    way = walks(connection)
    doors = load_doors(connection, way, chain.inputs.places.unit_building)
    progress(0.6, N_("Measuring the ways to stations, heads and volunteers"))
    ways = {
        "station": _metres(way, doors, load_stations(connection, way)[1]),
        "head": _metres(way, doors, _of_heads(chain, doors)),
        "volunteer": _metres(way, doors, _of_volunteers(connection, way)),
    }
    limits = circle_limits(parameters(connection), old=False)
    circle = life_circles(ways["station"], limits)
    progress(0.8, N_("Looking who could take the vacant posts"))
    short = compounds_short(chain, offers(connection, chain, vacant_seats(connection, chain, None), doors=doors))
    frame = _frame(chain, ways, circle)
    figures = {
        **_of_chain(figures_of(chain.chain, chain.limits)),
        **_of_circles(chain, circle, len(limits)),
        "compounds_short": {str(one.compound_id): one.missing for one in short},
        "by_network": way.network is not None,
        "odd": {oddity.code: len(oddity.names) for oddity in findings(way, chain, doors)},
    }
    return CoverageStudy(frame, figures, on, seen)


def findings(way: Walks, chain: ChainStudy, doors: Points) -> list[Oddity]:
    """Return what is odd about the network and the entrances on it: islands, edges without length, far from roads.

    Places are named by the number of their building; nothing is found where no road is loaded.
    """
    if way.network is None or doors.entered is None:
        return []
    real = np.flatnonzero(chain.chain.parts.real)
    names = chain.ids.buildings[chain.chain.parts.building[real]].tolist()
    places = odd_places(
        way.network, names, doors.lon[real], doors.lat[real], doors.entered.part(real), most_m=way.snap_limit_m
    )
    return [*odd_in_network(way.network), *places]


def _metres(way: Walks, doors: Points, targets: Points) -> Floats:
    return np.asarray(way.nearest(doors, targets, np.inf).metres, dtype=np.float64)


def _of_heads(chain: ChainStudy, doors: Points) -> Points:
    """Return the doors that a head answers for: nobody's home is known better than by what they look after."""
    return doors.part(np.flatnonzero(chain.chain.parts.real & (chain.chain.holders.person >= 0)))


def _of_volunteers(connection: Connection, way: Walks) -> Points:
    placed = [(row.lon, row.lat) for row in pairing_rows(connection) if row.lon is not None and row.lat is not None]
    degrees = np.array(placed, dtype=np.float64).reshape(len(placed), 2)
    return way.enter(degrees[:, 0].copy(), degrees[:, 1].copy())


def _frame(chain: ChainStudy, ways: dict[str, Floats], circle: NDArray[np.int8]) -> pd.DataFrame:
    parts, ids, places = chain.chain.parts, chain.ids, chain.inputs.places
    real = np.flatnonzero(parts.real)
    unit, building = parts.unit[real], parts.building[real]
    compound = places.building_compound[building]
    frame = pd.DataFrame(
        {
            "unit_id": np.where(unit >= 0, np.append(ids.units, UNKNOWN)[unit], UNKNOWN),
            "building_id": ids.buildings[building],
            "compound_id": np.append(ids.compounds, UNKNOWN)[compound],
            "households": np.where(parts.unknown[real], UNKNOWN, parts.households[real]),
            "gap": chain.part_gap[real],
            "circle": circle[real],
        }
    )
    for name, metres in ways.items():
        frame[f"{name}_m"] = np.where(np.isfinite(metres[real]), np.round(metres[real], 1), NOWHERE)
    return frame


def _of_chain(found: DutyFigures) -> dict[str, Any]:
    households = {gap.name.lower(): found.households[gap] for gap in Gap}
    return {
        "households": households,
        "uncounted": sum(found.uncounted),
        "heads": found.heads,
        "heads_overloaded": found.heads_overloaded,
    }


def _of_circles(chain: ChainStudy, circle: NDArray[np.int8], limits: int) -> dict[str, Any]:
    parts = chain.chain.parts
    weights = np.where(parts.unknown | ~parts.real, np.nan, parts.households.astype(np.float64))
    found = tally(circle, limits, weights)
    return {"within_circles": [int(amount) for amount in found.within], "beyond_circles": int(found.beyond)}
