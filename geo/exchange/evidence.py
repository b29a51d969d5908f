"""The claim against the map: how far the rows lie from what is known, under each datum they could be in."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.exchange.borders import HYPOTHESES, border_evidence
from geo.exchange.claim import Coordinates
from geo.exchange.datum import to_wgs84
from geo.exchange.surroundings import METRES_PER_DEGREE, ReferencePoints, Surroundings

ENOUGH = 5
SAMPLE = 2000
NEAR_M = 3000.0
CLEARLY_M = 50.0
SAME_M = 2.0
KNOWN_SHARE = 0.3
CLEARLY_SHARE = 1 / 3
ROAD_SHARE_DOUBT = 0.05
STREET = re.compile(r"([^\s\d,，省市区县镇乡]{1,12}?(?:大道|大街|路|街|巷|胡同|street|road|avenue))", re.IGNORECASE)


def map_evidence(
    kind: str, geometries: npt.NDArray[Any], texts: pd.DataFrame, claimed: str, surroundings: Surroundings
) -> dict[str, Any]:
    """Return the figures that speak for or against the claimed datum.

    geometries: in degrees of the claimed datum, before any shift; texts: their `code`, `name` and `address`, if any.
    Returns {"claimed", "basis", "hypotheses": {datum: {"median_m", "same_share", "rows"}}, "best", "verdict"}; what the
    figures are when borders are the witness says borders.border_evidence. same_share is the share of rows within 2 m of
    something known. The verdict is unchecked (nothing to compare with), fits, doubtful (another fits better, on weak
    grounds) or contradicted.
    """
    claimed = "wgs84" if claimed == "cgcs2000" else claimed
    some = _sample(geometries)
    inside = shapely.get_coordinates(shapely.point_on_surface(geometries[some])) if some.size else np.empty((0, 2))
    centres = shapely.get_coordinates(shapely.centroid(geometries[some])) if some.size else inside
    for basis, measure, points in (
        ("codes", _by_code, centres),
        ("names", _by_name, inside),
        ("nearest", _by_nearest, inside),
    ):
        figures = {datum: measure(kind, _as_if(datum, points), texts.iloc[some], surroundings) for datum in HYPOTHESES}
        if all(distances.size >= ENOUGH for distances in figures.values()):
            shown = {datum: _shown(distances) for datum, distances in figures.items()}
            return {"claimed": claimed, "basis": basis, "hypotheses": shown, **_verdict(claimed, shown)}
    by_borders = border_evidence(kind, geometries[some], claimed, surroundings)
    return by_borders or _road_evidence(kind, geometries[some], claimed, surroundings)


def _sample(geometries: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    usable = np.flatnonzero(~(shapely.is_missing(geometries) | shapely.is_empty(geometries)))
    return usable[:: max(1, usable.size // SAMPLE)][:SAMPLE]


def _as_if(datum: str, degrees: Coordinates) -> Coordinates:
    return np.column_stack(to_wgs84(datum, degrees[:, 0], degrees[:, 1]))


def _shown(distances: npt.NDArray[np.float64]) -> dict[str, Any]:
    return {
        "median_m": round(float(np.median(distances)), 1),
        "same_share": round(float((distances <= SAME_M).mean()), 3),
        "rows": int(distances.size),
    }


def _verdict(claimed: str, shown: dict[str, dict[str, Any]]) -> dict[str, str]:
    """Contradicted: as another datum the rows lie far nearer, or on what is known where as claimed hardly any do."""
    best = min(shown, key=lambda datum: (-shown[datum]["same_share"], shown[datum]["median_m"], datum != claimed))
    here, there = shown[claimed], shown[best]
    nearer = here["median_m"] - there["median_m"] >= CLEARLY_M and there["median_m"] <= here["median_m"] * CLEARLY_SHARE
    known = there["same_share"] >= KNOWN_SHARE and here["same_share"] <= there["same_share"] * CLEARLY_SHARE
    clear = best != claimed and (nearer or known)
    return {"best": best if clear else claimed, "verdict": "contradicted" if clear else "fits"}


def _local(reference: Coordinates, degrees: Coordinates) -> Coordinates:
    lat = float(np.mean(reference[:, 1])) if len(reference) else 0.0
    return degrees * np.array([METRES_PER_DEGREE * np.cos(np.radians(lat)), METRES_PER_DEGREE])


def distances_m(points: Coordinates, reference: Coordinates) -> npt.NDArray[np.float64]:
    """Return the distance in metres of each point (n x 2 degrees) to the nearest reference point (m x 2 degrees)."""
    tree = shapely.STRtree(shapely.points(_local(reference, reference)))
    _pairs, distance = tree.query_nearest(
        shapely.points(_local(reference, points)), return_distance=True, all_matches=False
    )
    return np.asarray(distance, dtype=np.float64)


def _coordinates(reference: ReferencePoints) -> Coordinates:
    return np.column_stack((reference.lon, reference.lat))


def _by_code(
    _kind: str, points: Coordinates, texts: pd.DataFrame, surroundings: Surroundings
) -> npt.NDArray[np.float64]:
    """Distances to the place of the row's own code, for what is on the map already."""
    reference = surroundings.same_kind
    if reference is None or reference.names is None or "code" not in texts:
        return np.empty(0)
    return _named_distances(points, texts["code"].astype("string").to_numpy(dtype=object, na_value=None), reference)


def _by_name(
    kind: str, points: Coordinates, texts: pd.DataFrame, surroundings: Surroundings
) -> npt.NDArray[np.float64]:
    """Distances to the street or building of the name that stands in the row's own address."""
    found: list[npt.NDArray[np.float64]] = []
    for reference, column, by_street in (
        (surroundings.roads, "name" if kind == "roads" else "address", kind != "roads"),
        (surroundings.buildings, "address", False),
    ):
        if reference is None or reference.names is None or column not in texts:
            continue
        wanted = texts[column].astype("string")
        if by_street:
            wanted = wanted.str.extract(STREET, expand=False)
        found.append(_named_distances(points, wanted.to_numpy(dtype=object, na_value=None), reference))
    return np.concatenate(found) if found else np.empty(0)


def _named_distances(
    points: Coordinates, wanted: npt.NDArray[Any], reference: ReferencePoints
) -> npt.NDArray[np.float64]:
    known = pd.Series(np.arange(len(reference))).groupby(pd.Series(reference.names, dtype=object)).indices
    everything = _coordinates(reference)
    asked = pd.Series(np.arange(len(points))).groupby(pd.Series(wanted, dtype=object)).indices
    parts = [distances_m(points[rows], everything[known[name]]) for name, rows in asked.items() if name in known]
    return np.concatenate(parts) if parts else np.empty(0)


def _by_nearest(
    kind: str, points: Coordinates, _texts: pd.DataFrame, surroundings: Surroundings
) -> npt.NDArray[np.float64]:
    """Distances to the nearest thing of the same kind, where the file overlaps the map."""
    reference = {"roads": surroundings.roads, "buildings": surroundings.buildings}.get(kind)
    if reference is None or not len(reference) or not len(points):
        return np.empty(0)
    distances = distances_m(points, _coordinates(reference))
    return distances[distances <= NEAR_M]


def _road_evidence(kind: str, outlines: npt.NDArray[Any], claimed: str, surroundings: Surroundings) -> dict[str, Any]:
    """Buildings do not stand on roads: the share of outlines with a road point inside, under each datum."""
    unchecked = {"claimed": claimed, "basis": "none", "hypotheses": {}, "best": claimed, "verdict": "unchecked"}
    if kind != "buildings" or surroundings.roads is None or len(surroundings.roads) < ENOUGH or len(outlines) < ENOUGH:
        return unchecked
    roads = shapely.points(_coordinates(surroundings.roads))
    shown = {}
    for datum in HYPOTHESES:
        coordinates = _as_if(datum, shapely.get_coordinates(outlines))
        moved = shapely.set_coordinates(np.array(outlines, dtype=object), coordinates)
        hit = shapely.STRtree(roads).query(moved, predicate="contains")
        shown[datum] = {"on_road_share": round(float(np.unique(hit[0]).size / len(outlines)), 4), "rows": len(outlines)}
    shares = {datum: figures["on_road_share"] for datum, figures in shown.items()}
    best = min(shares, key=lambda datum: (shares[datum], datum != claimed))
    doubtful = shares[claimed] - shares[best] >= ROAD_SHARE_DOUBT and shares[best] <= shares[claimed] * CLEARLY_SHARE
    return {
        "claimed": claimed,
        "basis": "roads",
        "hypotheses": shown,
        "best": best if doubtful else claimed,
        "verdict": "doubtful" if doubtful else "fits",
    }
