"""Borders as witnesses for a datum: what belongs inside an outline lies wholly inside it, not across its edge.

A compound's outline holds whole buildings and no main road; a community holds whole buildings and compounds. Moved by a
false datum the same outlines cut through many of them. How many are cut by chance differs from city to city, so it is
measured: the same outlines are also moved in eight other directions, and a datum counts as fitting only when it does
clearly better than those.
"""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geo.exchange.claim import Coordinates, transformed
from geo.exchange.datum import to_wgs84
from geo.exchange.surroundings import METRES_PER_DEGREE, Surroundings

HYPOTHESES = ("wgs84", "gcj02", "bd09")
DECOYS_M = (500.0, 640.0, 780.0, 900.0, 560.0, 700.0, 840.0, 1000.0)
APART_M = 150.0
TOUCHED_ENOUGH = 5
CLEAR_SHARE = 0.5
CLEAR_DEVIATIONS = 2.5
BESIDE_M = 40.0
SMOOTHED_M = 2.0
POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

Shapes = npt.NDArray[Any]


class Tally(NamedTuple):
    """How many things lie whole on their own side of an outline, and how many an outline's edge cuts."""

    whole: int
    cut: int

    @property
    def touched(self) -> int:
        """All that have to do with an outline at all."""
        return self.whole + self.cut

    @property
    def share(self) -> float:
        """The share that is cut, kept away from 0 for few; 1 when next to nothing is touched.

        >>> Tally(19, 0).share, Tally(2, 0).share
        (0.05, 1.0)
        """
        return (self.cut + 1) / (self.touched + 1) if self.touched >= TOUCHED_ENOUGH else 1.0


def clearly_better(one: Tally, other: Tally) -> bool:
    """Tell whether one cuts at most half the share the other does, and by more than chance explains.

    >>> clearly_better(Tally(300, 1), Tally(200, 60)), clearly_better(Tally(9, 1), Tally(8, 2))
    (True, False)
    """
    expected = other.share * one.touched
    beyond_chance = expected - one.cut >= CLEAR_DEVIATIONS * expected**0.5
    return one.share <= CLEAR_SHARE * other.share and beyond_chance


def border_evidence(kind: str, geometries: Shapes, claimed: str, surroundings: Surroundings) -> dict[str, Any] | None:
    """Return the figures of the first witness that knows the datum, or None when none does.

    geometries: the rows in degrees of the claimed datum, before any shift. Returns {"claimed", "basis", "hypotheses":
    {datum: {"whole", "cut", "rows"}}, "best", "verdict"}; basis is holds (the rows' outlines hold places of the map),
    held (the rows lie in outlines of the map) or streets (main roads pass beside the outlines, not through them).
    """
    rows = outlined(geometries)
    if not rows.size:
        return None
    for basis, tally in _witnesses(kind, surroundings).items():
        shown = {datum: tally(transformed(rows, _as_if(datum))) for datum in HYPOTHESES}
        best = min(shown, key=lambda datum: (shown[datum].share, datum != claimed))
        chance = _chance(rows, tally)
        if chance is None or not clearly_better(shown[best], chance):
            continue
        figures = {datum: {"whole": t.whole, "cut": t.cut, "rows": t.touched} for datum, t in shown.items()}
        verdict = _verdict(claimed, best, shown)
        return {"claimed": claimed, "basis": basis, "hypotheses": figures, "best": best, "verdict": verdict}
    return None


def _verdict(claimed: str, best: str, shown: Mapping[str, Tally]) -> str:
    if best == claimed:
        return "fits"
    return "contradicted" if clearly_better(shown[best], shown[claimed]) else "doubtful"


def outlined(geometries: Shapes) -> Shapes:
    """Return the polygons among geometries, valid and without detail below 2 m."""
    polygons = geometries[np.isin(shapely.get_type_id(geometries), POLYGONS)]
    polygons = shapely.simplify(polygons, SMOOTHED_M / METRES_PER_DEGREE)
    sound = shapely.is_valid(polygons)
    polygons[~sound] = shapely.make_valid(polygons[~sound])
    return np.asarray(polygons[~shapely.is_empty(polygons)], dtype=object)


def _witnesses(kind: str, surroundings: Surroundings) -> dict[str, Callable[[Shapes], Tally]]:
    """Return what can be asked, the surest first; each tallies shapes in EPSG:4326."""
    found: dict[str, Callable[[Shapes], Tally]] = {}
    if kind in ("areas", "compounds") and surroundings.held is not None:
        held = shapely.STRtree(outlined(surroundings.held))
        found["holds"] = lambda outlines: _holding(held, outlines)
    if kind in ("compounds", "buildings") and surroundings.holders is not None:
        holders = shapely.STRtree(outlined(surroundings.holders))
        found["held"] = lambda things: _lying(things, holders)
    if kind == "compounds" and surroundings.streets is not None:
        streets = shapely.STRtree(surroundings.streets)
        found["streets"] = lambda outlines: _beside(streets, outlines)
    return found


def _as_if(datum: str) -> Callable[[Coordinates], Coordinates]:
    return lambda degrees: np.column_stack(to_wgs84(datum, degrees[:, 0], degrees[:, 1]))


def _chance(rows: Shapes, tally: Callable[[Shapes], Tally]) -> Tally | None:
    """Return the second best of the tallies at places the rows cannot be meant for; None when too few are left."""
    lon, lat = shapely.get_coordinates(rows).mean(axis=0)
    metre = np.array([1 / (METRES_PER_DEGREE * np.cos(np.radians(lat))), 1 / METRES_PER_DEGREE])
    meant = np.array([_as_if(datum)(np.array([[lon, lat]]))[0] for datum in HYPOTHESES])
    angles = np.arange(len(DECOYS_M)) * 2 * np.pi / len(DECOYS_M)
    steps = np.column_stack((np.cos(angles), np.sin(angles))) * np.array(DECOYS_M)[:, None] * metre
    apart_m = np.linalg.norm((steps[:, None] - (meant - [lon, lat])) / metre, axis=2).min(axis=1)
    tallies = [tally(transformed(rows, _moved_by(step))) for step in steps[apart_m >= APART_M]]
    return sorted(tallies, key=lambda found: found.share)[1] if len(tallies) > 1 else None


def _moved_by(step: Coordinates) -> Callable[[Coordinates], Coordinates]:
    return lambda degrees: degrees + step


def _holding(held: shapely.STRtree, outlines: Shapes) -> Tally:
    shapely.prepare(outlines)
    touched, covered = (held.query(outlines, predicate=how)[1] for how in ("intersects", "covers"))
    return _tallied(touched, covered, len(held))


def _lying(things: Shapes, holders: shapely.STRtree) -> Tally:
    shapely.prepare(things)
    touched, covered = (holders.query(things, predicate=how)[0] for how in ("intersects", "covered_by"))
    return _tallied(touched, covered, len(things))


def _tallied(touched: npt.NDArray[np.int64], covered: npt.NDArray[np.int64], count: int) -> Tally:
    """Tally things by how many outlines they touch and how many cover them: outlines may lie in each other."""
    touches, covers = np.bincount(touched, minlength=count), np.bincount(covered, minlength=count)
    return Tally(int(((touches > 0) & (touches == covers)).sum()), int((touches > covers).sum()))


def _beside(streets: shapely.STRtree, outlines: Shapes) -> Tally:
    wider = shapely.buffer(outlines, BESIDE_M / METRES_PER_DEGREE, quad_segs=2)
    near, through = (np.unique(streets.query(shapes, predicate="contains")[1]).size for shapes in (wider, outlines))
    return Tally(int(near - through), int(through))
