"""Classes that places have as such: visits in time by building and above, helpers against helped by compound."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from geo.access.suppression import AGES
from geo.briefing.coverage_paint import Asked
from geo.briefing.coverage_tallies import Codes, Ints
from geo.coverage.ahead import Ages, years_ahead
from geo.coverage.chain_study import ChainStudy, positions
from geo.maps.legend import HELPER_EDGES, SHARE_EDGES, share_classes
from geo.planning.reads import parameters
from geo.settings import settings
from geo.store.statements import statement

KINDS = ("building", "compound", "community")
IN_TIME, OVERDUE, NEVER = 1, 2, 3
STATE_CLASSES = {"kept": IN_TIME, "due": IN_TIME, "overdue": OVERDUE, "never": NEVER}


@dataclass(frozen=True)
class PlacesPainted:
    """The ids of each kind of place with the class of each."""

    by_kind: Mapping[str, tuple[Ints, Codes]]

    def codes(self, kind: str) -> tuple[Ints, Codes]:
        """Return the ids of a kind of place and the class each is coloured by."""
        return self.by_kind[kind]


def paint_places(connection: Connection, study: ChainStudy, asked: Asked) -> PlacesPainted:
    """Return the classes of visits or of years ahead, from the rows the actor sees; the others are unknown."""
    return _visits(connection, study) if asked.topic == "visits" else _years(connection, study, asked)


def _visits(connection: Connection, study: ChainStudy) -> PlacesPainted:
    query = text(
        "SELECT n.building_id, d.state FROM personal.visits_due(:zone, NULL, NULL) d "
        "JOIN care_need n ON n.id = d.care_need_id"
    )
    rows = connection.execute(query, {"zone": settings().time_zone}).all()
    building = positions(study.ids.buildings, np.array([row.building_id or 0 for row in rows], dtype=np.int64))
    state = np.array([STATE_CLASSES[row.state] for row in rows], dtype=np.int64)
    state, building = state[building >= 0], building[building >= 0]
    counts = np.zeros((len(study.ids.buildings), NEVER + 1), dtype=np.int64)
    np.add.at(counts, (building, state), 1)
    own = np.zeros(len(counts), dtype=np.uint8)
    for code in (IN_TIME, NEVER, OVERDUE):
        own[counts[:, code] > 0] = code
    by_kind = {"building": (study.ids.buildings, own)}
    for kind, (ids, of_building) in _areas(study).items():
        inside = of_building >= 0
        found = np.zeros((len(ids), NEVER + 1), dtype=np.int64)
        np.add.at(found, of_building[inside], counts[inside])
        needs = found.sum(axis=1)
        share = np.where(needs > 0, found[:, IN_TIME] / np.maximum(needs, 1), np.nan)
        by_kind[kind] = ids, share_classes(share, SHARE_EDGES)
    return PlacesPainted(by_kind)


def _years(connection: Connection, study: ChainStudy, asked: Asked) -> PlacesPainted:
    chosen = parameters(connection)
    ages = Ages(
        (int(chosen["helper_age_least"]), int(chosen["helper_age_most"])),
        (int(chosen["helped_age_least"]), int(chosen["helped_age_most"])),
    )
    rows = connection.execute(text(statement("briefing", "residents_by_compound")), {"community": None}).all()
    counts = np.array([[getattr(row, band) for band in AGES] for row in rows], dtype=np.int64).reshape(-1, len(AGES))
    compound = positions(study.ids.compounds, np.array([row.compound_id or 0 for row in rows], dtype=np.int64))
    areas = _areas(study)
    counts, compound = counts[compound >= 0], compound[compound >= 0]
    by_kind = {
        "compound": (study.ids.compounds, _helper_classes(counts, compound, len(study.ids.compounds), asked, ages))
    }
    above = np.full(len(study.ids.compounds), -1, dtype=np.int64)
    inside = areas["compound"][1] >= 0
    above[areas["compound"][1][inside]] = areas["community"][1][inside]
    community, many = above[compound], len(study.ids.communities)
    told = _helper_classes(counts[community >= 0], community[community >= 0], many, asked, ages)
    by_kind["community"] = study.ids.communities, told
    of_building = areas["compound"][1]
    by_kind["building"] = study.ids.buildings, np.append(by_kind["compound"][1], np.uint8(0))[of_building]
    return PlacesPainted(by_kind)


def _helper_classes(counts: Ints, place: Ints, places: int, asked: Asked, ages: Ages) -> Codes:
    """Return by place the class of helpers against those helped in the year asked for; 0: nobody is counted."""
    whole = np.zeros((places, len(AGES)), dtype=np.int64)
    np.add.at(whole, place, counts)
    known = np.zeros(places, dtype=np.bool_)
    known[place] = True
    found = years_ahead(whole, helped_per_helper=asked.each, ages=ages)
    helped = found.helped[:, asked.ahead]
    enough = found.helpers[:, asked.ahead] * asked.each / np.where(helped > 0, helped, 1)
    ratio = np.where(helped > 0, enough, np.where(found.helpers[:, asked.ahead] > 0, np.inf, np.nan))
    return share_classes(np.where(known, np.minimum(ratio, HELPER_EDGES[-1]), np.nan), HELPER_EDGES)


def _areas(study: ChainStudy) -> dict[str, tuple[Ints, Ints]]:
    places, ids = study.inputs.places, study.ids
    return {
        "compound": (ids.compounds, places.building_compound),
        "community": (ids.communities, places.building_community),
    }
