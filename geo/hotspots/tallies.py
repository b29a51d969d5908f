"""Requests counted by place: which are counted, in which places, against how many households, and what is left out."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from geo.hotspots.asked import Asked
from geo.hotspots.cell_size import CellSize, cell_size
from geo.hotspots.cells import Flags, Floats, Integers, hexagons, middles
from geo.hotspots.ground import RequestGround, day_number
from geo.hotspots.neighbours import Neighbours, hexagon_neighbours, within
from geo.i18n import N_

NEAR_COMPOUNDS_M, NEAR_BUILDINGS_M = 400.0, 120.0
MONTHS_LEAST, MONTHS_MOST = 12, 24
LEFT_OUT = {
    "no_place": N_("{count} requests have no place on the map."),
    "default": N_("{count} requests lie on {points} points where a geocoder put many addresses: that is no place."),
    "incident": N_("{count} requests belong to incidents, which are counted apart."),
    "elsewhere": N_("{count} requests on a point are in none of these places."),
}


@dataclass(frozen=True)
class Tallied:
    """Places with what they count: key (p,) hexagon, compound or building; x, y of their middle.

    households: NaN where unknown; row: places in the ground's requests (n,) that are counted; place (n,): where each
    is counted; left_out: how many are not, by the keys of LEFT_OUT; size: of hexagons, None for other places.
    """

    key: Integers
    x_m: Floats
    y_m: Floats
    counts: Floats
    households: Floats
    neighbours: Neighbours
    row: Integers
    place: Integers
    left_out: dict[str, int]
    size: CellSize | None


def counted(
    ground: RequestGround, asked: Asked, today: date, *, days: int | None = None
) -> tuple[Integers, dict[str, int]]:
    """Return which requests (positions) are counted in the days before today, and how many are not, by reason."""
    last = day_number(today)
    wanted = (ground.day >= last - (days or asked.days)) & (ground.day < last)
    if asked.category_id is not None:
        wanted &= ground.category == asked.category_id
    if asked.community_id is not None:
        wanted &= ground.community == asked.community_id
    nowhere = wanted & np.isnan(ground.x_m)
    default = wanted & ~nowhere & ground.defaults.row
    apart = wanted & ~nowhere & ~default & ground.incident & (not asked.incidents)
    left_out = {"no_place": nowhere, "default": default, "incident": apart}
    kept = wanted & ~nowhere & ~default & ~apart
    return np.flatnonzero(kept), {name: int(flags.sum()) for name, flags in left_out.items() if flags.any()}


def tallied(ground: RequestGround, asked: Asked, today: date, *, days: int | None = None) -> Tallied:
    """Return the places of a search with what they count; days: the period, that of the search unless said."""
    row, left_out = counted(ground, asked, today, days=days)
    homes = np.flatnonzero(_homes(ground, asked))
    if asked.places == "hexagons":
        return _hexagons(ground, asked, row, homes, left_out)
    return _named(ground, asked, row, homes, left_out)


def _homes(ground: RequestGround, asked: Asked) -> Flags:
    known = np.isfinite(ground.home_x_m)
    return known if asked.community_id is None else known & (ground.home_community == asked.community_id)


def _hexagons(ground: RequestGround, asked: Asked, row: Integers, homes: Integers, left_out: dict[str, int]) -> Tallied:
    x_m, y_m = ground.x_m[row], ground.y_m[row]
    size = CellSize(float(asked.width_m), "asked") if asked.width_m else _chosen(x_m, y_m, ground, homes)
    of_home = hexagons(ground.home_x_m[homes], ground.home_y_m[homes], size.cell_m)
    of_row = hexagons(x_m, y_m, size.cell_m)
    key = np.unique(np.concatenate((of_home, of_row)))
    place = np.searchsorted(key, of_row)
    households = _summed(np.searchsorted(key, of_home), ground.households[homes], len(key))
    middle = middles(key, size.cell_m)
    counts = np.bincount(place, minlength=len(key)).astype(np.float64)
    return Tallied(key, *middle, counts, households, hexagon_neighbours(key), row, place, left_out, size)


def _chosen(x_m: Floats, y_m: Floats, ground: RequestGround, homes: Integers) -> CellSize:
    if len(x_m) > 1:
        return cell_size(x_m, y_m)
    return cell_size(ground.home_x_m[homes], ground.home_y_m[homes])


def _summed(place: Integers, households: Floats, many: int) -> Floats:
    """Return the households of places, NaN where those of no building are known."""
    known = np.isfinite(households)
    total = np.bincount(place[known], households[known], many)
    return np.where(np.bincount(place[known], minlength=many) > 0, total, np.nan)


def _named(ground: RequestGround, asked: Asked, row: Integers, homes: Integers, left_out: dict[str, int]) -> Tallied:
    """Count by building or compound; a request on a point counts for the nearest building within reach."""
    reach_m = NEAR_BUILDINGS_M
    building = ground.building[row].copy()
    loose = np.flatnonzero(building == 0)
    if len(loose) and len(homes):
        tree = cKDTree(np.column_stack((ground.home_x_m[homes], ground.home_y_m[homes])))
        away, nearest = tree.query(np.column_stack((ground.x_m[row][loose], ground.y_m[row][loose])))
        found = away <= reach_m
        building[loose[found]] = ground.home_id[homes[nearest[found]]]
    of_home = ground.home_id if asked.places == "buildings" else ground.home_compound
    inside, home = _found(ground.home_id[homes], building)
    inside[inside] = of_home[homes[home[inside]]] > 0
    row, home = row[inside], homes[home[inside]]
    if (~inside).any():
        left_out = left_out | {"elsewhere": int((~inside).sum())}
    homes = homes[of_home[homes] > 0]
    key, at = np.unique(of_home[homes], return_inverse=True)
    many = np.bincount(at, minlength=len(key))
    x_m = np.bincount(at, ground.home_x_m[homes], len(key)) / many
    y_m = np.bincount(at, ground.home_y_m[homes], len(key)) / many
    place = np.searchsorted(key, of_home[home])
    counts = np.bincount(place, minlength=len(key)).astype(np.float64)
    near = within(x_m, y_m, NEAR_BUILDINGS_M if asked.places == "buildings" else NEAR_COMPOUNDS_M)
    return Tallied(
        key, x_m, y_m, counts, _summed(at, ground.households[homes], len(key)), near, row, place, left_out, None
    )


def _found(ids: Integers, wanted: Integers) -> tuple[Flags, Integers]:
    """Return which of the wanted are among ascending ids, and where."""
    if not len(ids):
        return np.zeros(len(wanted), bool), np.zeros(len(wanted), np.int64)
    at = np.minimum(np.searchsorted(ids, wanted), len(ids) - 1)
    return ids[at] == wanted, at


def months_before(today: date, count: int) -> list[date]:
    """Return the first days of the last so many whole months, the earliest first.

    >>> months_before(date(2026, 2, 10), 3)
    [datetime.date(2025, 11, 1), datetime.date(2025, 12, 1), datetime.date(2026, 1, 1)]
    """
    months = [today.year * 12 + today.month - 1 - back for back in range(count, 0, -1)]
    return [date(month // 12, month % 12 + 1, 1) for month in months]


def by_month(ground: RequestGround, found: Tallied, today: date, count: int) -> tuple[NDArray[np.float64], list[date]]:
    """Return how many requests each place counts in each of the last whole months (p, months), and the months."""
    firsts = months_before(today, count)
    edges = np.array([day_number(first) for first in [*firsts, today.replace(day=1)]])
    month = np.searchsorted(edges, ground.day[found.row], side="right") - 1
    inside = (month >= 0) & (month < count)
    flat = np.bincount(found.place[inside] * count + month[inside], minlength=len(found.key) * count)
    return flat.reshape(len(found.key), count).astype(np.float64), firsts
