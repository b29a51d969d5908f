"""The figures above the coverage map and the places below it, from the classes the map is coloured by."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import text

from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.coverage_paint import Asked, Painted
from geo.briefing.coverage_tallies import Tally, tally
from geo.briefing.overview import Stand, known_communities
from geo.i18n import _
from geo.maps.city_map import Bounds
from geo.planning.reads import parameters
from geo.store.session import reading


@dataclass(frozen=True)
class Targets:
    """The shares of households (0 to 1) a city wants covered: first and later."""

    first: float
    later: float


@dataclass(frozen=True)
class PlaceNeed:
    """A community or compound: known households, the share covered (None: nothing known) and households by class."""

    kind: str
    id: int
    name: str
    share: float | None
    households: tuple[int, ...]
    covered: int

    @property
    def known(self) -> int:
        """Return the known households whose class is known."""
        return sum(self.households) - self.households[0]

    @property
    def missing(self) -> int:
        """Return the known households that are not covered."""
        return self.known - self.covered


def own_bounds(stand: Stand, whole: Bounds) -> Bounds:
    """Return where an actor's communities lie (west, south, east, north in degrees); who sees all: the city."""
    own = set(stand.sees.rpartition(":")[2].split(","))
    known = [row.bounds for row in known_communities(stand) if str(row.id) in own and row.bounds]
    if not known:
        return whole
    west, south, east, north = zip(*known, strict=True)
    return min(west), min(south), max(east), max(north)


@dataclass(frozen=True)
class FullStation:
    """A station with more known households nearest to it than its floor area allows."""

    id: int
    name: str
    households: int
    capacity: int


def full_stations(stand: Stand, asked: Asked, community_id: int | None) -> list[FullStation]:
    """Return the open stations that are too small, those with most households too many first."""
    ids, room = COVERAGE.rooms(stand.reader, asked, stand.on)
    full = np.flatnonzero(room.too_small)
    query = text(
        "SELECT id, name FROM station WHERE id = ANY (:ids) "
        "AND (CAST(:community AS bigint) IS NULL OR community_id = :community)"
    )
    with reading(stand.reader) as connection:
        rows = connection.execute(query, {"ids": ids[full].tolist(), "community": community_id}).all()
    names = {row.id: row.name for row in rows}
    found = [
        FullStation(int(ids[at]), names[int(ids[at])], int(room.households[at]), int(room.capacity[at]))
        for at in full.tolist()
        if int(ids[at]) in names
    ]
    return sorted(found, key=lambda one: (one.capacity - one.households, one.name))


def targets(stand: Stand) -> Targets:
    """Return the city's targets."""
    with reading(stand.reader) as connection:
        chosen = parameters(connection)
    return Targets(chosen["coverage_target"], chosen["coverage_target_later"])


def counted(stand: Stand, asked: Asked, community_id: int | None) -> Tally:
    """Return households and buildings by class in the city or a community."""
    painted = COVERAGE.painted(stand.reader, asked, stand.on)
    return tally_of(painted, community_id)


def tally_of(painted: Painted, community_id: int | None) -> Tally:
    """Return the counts of what was painted in the city or a community."""
    study = painted.study
    kept = None
    if community_id is not None:
        at = np.flatnonzero(study.ids.communities == community_id)
        kept = np.flatnonzero(np.isin(study.inputs.places.building_community, at))
    return tally(study.chain.parts, painted.part_class, painted.building_class, classes=painted.classes, kept=kept)


def places_by_need(stand: Stand, asked: Asked, community_id: int | None) -> list[PlaceNeed]:
    """Return the communities, or the compounds of one, most known households not covered first."""
    painted = COVERAGE.painted(stand.reader, asked, stand.on)
    kind = "community" if community_id is None else "compound"
    ids, households = painted.households(kind)
    names = _names(stand, kind, community_id)
    found = [
        PlaceNeed(kind, place, names[place], _share(row, asked), tuple(row), sum(row[code] for code in asked.covered))
        for place, row in zip(ids.tolist(), households.tolist(), strict=True)
        if place in names
    ]
    return sorted(found, key=lambda place: (-place.missing, place.name))


def _share(row: list[int], asked: Asked) -> float | None:
    known = sum(row) - row[0]
    return sum(row[code] for code in asked.covered) / known if known else None


def _names(stand: Stand, kind: str, community_id: int | None) -> dict[int, str]:
    query = (
        "SELECT id, name, placeholder FROM area WHERE level = 'community' AND closed_on IS NULL"
        if kind == "community"
        else "SELECT id, name, placeholder FROM compound WHERE community_id = :community_id AND closed_on IS NULL"
    )
    values = {"community_id": community_id} if kind == "compound" else {}
    with reading(stand.reader) as connection:
        rows = connection.execute(text(query), values).all()
    return {row.id: _("Not assigned yet") if row.placeholder else row.name for row in rows}
