"""Where rows lie: numbers, axes, datum and distance from the city, judged row by row and against the map."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from geo.errors import BadInput
from geo.exchange.claim import AREA_SLACK, Coordinates, Reading, inside, reading_for, transformed
from geo.exchange.draft import Draft, Mask
from geo.exchange.evidence import map_evidence
from geo.exchange.surroundings import METRES_PER_DEGREE, Bounds, Surroundings
from geo.i18n import N_

LARGEST_COORDINATE = 1e9
NEAR_DEGREES = 1.0
CITY_REACH_KM = 50.0
FILE_REACH_KM = 300.0
FEW = 5
FAR_FROM_MAP = N_(
    "{file}: as {claimed} the rows lie {claimed_m} m from the map, as {other} only {other_m} "
    "m. Choose {other}, or confirm {claimed}."
)
DOUBTS = {
    "codes": ("datum_doubtful", FAR_FROM_MAP),
    "names": ("datum_doubtful", FAR_FROM_MAP),
    "nearest": ("datum_doubtful", FAR_FROM_MAP),
    "roads": ("datum_on_roads", ""),
    "holds": (
        "datum_cuts",
        N_(
            "{file}: as {claimed} the outlines hold {claimed_whole} places of the map and cut through {claimed_cut}, "
            "as {other} they hold {other_whole} and cut through {other_cut}. Choose {other}, or confirm {claimed}."
        ),
    ),
    "held": (
        "datum_across",
        N_(
            "{file}: as {claimed} {claimed_whole} of the rows lie inside an outline of the map and {claimed_cut} "
            "across one, as {other} {other_whole} inside and {other_cut} across. Choose {other}, or confirm {claimed}."
        ),
    ),
    "streets": (
        "datum_on_streets",
        N_(
            "{file}: as {claimed} main roads lead through the outlines at {claimed_cut} points and past them at "
            "{claimed_whole}, as {other} through at {other_cut} and past at {other_whole}. Choose {other}, or confirm "
            "{claimed}."
        ),
    ),
}
SAMPLE = 5000


def put_on_map(
    draft: Draft, datum: str, declared: str | None, surroundings: Surroundings, *, trust: bool
) -> dict[str, Any]:
    """Turn the draft's coordinates into EPSG:4326 and take out the rows that cannot lie where they say.

    Returns the evidence for the datum. Raises BadInput for an unknown datum, a CRS that cannot be true, and (unless
    `trust`)
    a datum that the map contradicts.
    """
    if draft.missing().all():
        return {"claimed": datum, "basis": "none", "hypotheses": {}, "best": datum, "verdict": "no_geometry"}
    _take_out_wild(draft)
    some = shapely.get_coordinates(draft.geometry[:: max(1, len(draft) // SAMPLE)])
    reading = reading_for(datum, declared, some, surroundings, draft.findings, draft.name)
    if reading.swapped:
        draft.note(~draft.missing(), "lon_lat_swapped")
    if reading.crs is not None:
        draft.geometry = transformed(draft.geometry, reading.degrees)
        _take_out_wild(draft)
    _turn_swapped(draft, surroundings.bounds, reading.area)
    _take_out_off_globe(draft)
    if surroundings.bounds is None:
        _take_out_unused(draft, reading)
    _take_out_far(draft, surroundings.bounds)
    evidence = {
        **reading.evidence,
        **map_evidence(draft.kind.name, draft.geometry, draft.frame, reading.datum, surroundings),
    }
    _judge(draft, evidence, trust=trust)
    if reading.datum in {"gcj02", "bd09"}:
        draft.geometry = transformed(draft.geometry, reading.stored)
    return evidence


def _judge(draft: Draft, evidence: Mapping[str, Any], *, trust: bool) -> None:
    if evidence["verdict"] == "unchecked":
        draft.findings.note("datum_unchecked", datum=evidence["claimed"])
        return
    if evidence["verdict"] == "fits":
        return
    finding, refusal = DOUBTS[evidence["basis"]]
    figures = _figures(evidence)
    if evidence["verdict"] == "contradicted" and not trust:
        raise BadInput(refusal, file=draft.name, **figures)
    draft.findings.note(finding, **figures)


def _figures(evidence: Mapping[str, Any]) -> dict[str, Any]:
    """Return the figures of the claimed and of the better datum, as the sentences name them."""
    shown, claimed, best = evidence["hypotheses"], evidence["claimed"], evidence["best"]
    figures: dict[str, Any] = {"claimed": claimed, "other": best}
    for side, datum in (("claimed", claimed), ("other", best)):
        found = dict(shown[datum])
        if "on_road_share" in found:
            found = {"share": round(100 * found["on_road_share"])}
        if "median_m" in found:
            found = {"m": found["median_m"]}
        figures |= {f"{side}_{name}": value for name, value in found.items() if name != "rows"}
    return figures


def _take_out_wild(draft: Draft) -> None:
    """Refuse rows with a coordinate that is no number or larger than any coordinate on earth in any system."""
    coordinates = shapely.get_coordinates(draft.geometry)
    if not coordinates.size or max(coordinates.max(), -coordinates.min()) <= LARGEST_COORDINATE:
        return
    coordinates, index = shapely.get_coordinates(draft.geometry, return_index=True)
    wild = ~np.isfinite(coordinates).all(axis=1) | (np.abs(coordinates) > LARGEST_COORDINATE).any(axis=1)
    if wild.any():
        mask = np.zeros(len(draft), dtype=bool)
        mask[np.unique(index[wild])] = True
        draft.take_out(mask, "coordinates_not_finite", field="geom")


def _centres(geometry: npt.NDArray[Any]) -> Coordinates:
    bounds = shapely.bounds(geometry)
    return np.column_stack(((bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2))


def _turn_swapped(draft: Draft, bounds: Bounds | None, area: Bounds | None) -> None:
    """Put rows in order whose first number can only be the latitude, or that lie only turned where they should.

    bounds: of the city; before there is one the middle of the file, or the area the CRS is used in, tells.
    """
    centres = _centres(draft.geometry)
    turned = centres[:, ::-1]
    with np.errstate(invalid="ignore"):
        swapped = (np.abs(centres[:, 1]) > 90) & (np.abs(centres[:, 0]) <= 90)
        expected = bounds or _bulk(np.where(swapped[:, None], turned, centres)) or area
        if expected is not None:
            swapped |= ~inside(centres, expected, 2 * NEAR_DEGREES) & inside(turned, expected, NEAR_DEGREES)
    if swapped.any():
        draft.note(swapped, "lon_lat_swapped", field="geom")
        draft.geometry = np.array(draft.geometry, dtype=object)
        draft.geometry[swapped] = transformed(draft.geometry[swapped], lambda xy: xy[:, ::-1])


def _bulk(centres: Coordinates) -> Bounds | None:
    """Return the box around the middle 80 % of the rows; of fewer than FEW, around those that most others are near."""
    known = centres[np.isfinite(centres).all(axis=1)]
    if len(known) < FEW:
        return _company(known)
    (west, south), (east, north) = np.quantile(known, [0.1, 0.9], axis=0)
    return float(west), float(south), float(east), float(north)


def _company(centres: Coordinates) -> Bounds | None:
    """Return the box around the rows within reach of more than half the rows; None when no row is."""
    near = np.array([_distance_km(centres, (lon, lat, lon, lat)) <= FILE_REACH_KM for lon, lat in centres])
    if len(centres) < 2 or near.sum(axis=1).max() <= len(centres) / 2:
        return None
    together = centres[near[near.sum(axis=1).argmax()]]
    (west, south), (east, north) = together.min(axis=0), together.max(axis=0)
    return float(west), float(south), float(east), float(north)


def _take_out_off_globe(draft: Draft) -> None:
    bounds = shapely.bounds(draft.geometry)
    with np.errstate(invalid="ignore"):
        off = (bounds[:, 0] < -180) | (bounds[:, 2] > 180) | (bounds[:, 1] < -90) | (bounds[:, 3] > 90)
    centres = _centres(draft.geometry)
    draft.take_out(
        np.asarray(off), "off_globe", field="geom", lon=np.round(centres[:, 0], 4), lat=np.round(centres[:, 1], 4)
    )


def _take_out_unused(draft: Draft, reading: Reading) -> None:
    """Refuse rows outside the area their CRS or datum is used in: before there is a city nothing else tells them."""
    if reading.area is None:
        return
    centres = _centres(draft.geometry)
    known = np.isfinite(centres).all(axis=1)
    outside: Mask = np.asarray(known & ~inside(centres, reading.area, AREA_SLACK))
    named = reading.crs.name if reading.crs is not None else reading.datum
    draft.take_out(outside, "outside_use", field="geom", crs=reading.evidence.get("declared_crs") or named)


def _take_out_far(draft: Draft, bounds: Bounds | None) -> None:
    """Refuse rows farther from the city (or, before there is one, from the middle of the file) than any
    part of it can be.
    """
    centres = _centres(draft.geometry)
    middle = bounds or _bulk(centres)
    if middle is None:
        _take_out_apart(draft, centres)
        return
    distance_km = _distance_km(centres, middle)
    with np.errstate(invalid="ignore"):
        far: Mask = np.asarray(distance_km > (CITY_REACH_KM if bounds else FILE_REACH_KM))
    draft.take_out(far, "far_outside", field="geom", distance_km=np.round(distance_km))


def _take_out_apart(draft: Draft, centres: Coordinates) -> None:
    """Refuse the rows of a small first file that lie too far from each other for one city, and none has company."""
    known: Mask = np.asarray(np.isfinite(centres).all(axis=1))
    if known.sum() < 2:
        return
    (west, south), (east, north) = centres[known].min(axis=0), centres[known].max(axis=0)
    span_km = _distance_km(np.array([[west, south]]), (east, north, east, north))[0]
    draft.take_out(known, "far_apart", field="geom", distance_km=float(round(span_km)))


def _distance_km(centres: Coordinates, bounds: Bounds) -> npt.NDArray[np.float64]:
    west, south, east, north = bounds
    lon, lat = centres[:, 0], centres[:, 1]
    east_west = np.maximum(np.maximum(west - lon, lon - east), 0) * np.cos(np.radians(np.clip(lat, -89, 89)))
    north_south = np.maximum(np.maximum(south - lat, lat - north), 0)
    return np.asarray(np.hypot(east_west, north_south) * METRES_PER_DEGREE / 1000)
