"""What the claimed datum and the declared CRS mean for the coordinates of a file, and whether they can be true."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geo.errors import BadInput
from geo.exchange.datum import CHINA, DATUMS, to_wgs84
from geo.exchange.findings import Findings
from geo.exchange.surroundings import Bounds, Surroundings
from geo.i18n import N_

Coordinates = npt.NDArray[np.float64]
SAMPLE = 2000
DEGREES_SLACK, AREA_SLACK = 1.0, 3.0
FIRST_3_DEGREE_ZONE, FIRST_3_DEGREE_MERIDIAN = 4513, 4534
FIRST_6_DEGREE_ZONE, FIRST_6_DEGREE_MERIDIAN = 4491, 4502
FIRST_UTM_ZONE = 32601
OF_CHINA = frozenset({"cgcs2000", "gcj02", "bd09"})
METRES_NEED_EPSG = N_(
    "{file}: the coordinates (such as {x}, {y}) look like metres, not degrees. Name their system as datum, "
    "such as EPSG:{proposal}."
)


@dataclass(frozen=True)
class Reading:
    """How coordinates are read: first from a CRS to degrees (None: they are degrees), then from the datum to WGS 84."""

    datum: str
    crs: CRS | None = None
    swapped: bool = False
    evidence: dict[str, Any] = field(default_factory=dict)
    area: Bounds | None = None
    """Where such coordinates are used: west, south, east, north in degrees; None: anywhere."""

    def degrees(self, xy: Coordinates) -> Coordinates:
        """Return lon/lat in degrees, still in the claimed datum, of n x 2 file coordinates."""
        if self.swapped:
            xy = xy[:, ::-1]
        return xy if self.crs is None else _unprojected(self.crs, xy)

    def stored(self, degrees: Coordinates) -> Coordinates:
        """Return lon/lat in EPSG:4326 of degrees in the claimed datum."""
        return np.column_stack(to_wgs84(self.datum, degrees[:, 0], degrees[:, 1]))


def _unprojected(crs: CRS, xy: Coordinates) -> Coordinates:
    transformer = Transformer.from_crs(crs, 4326, always_xy=True)
    return np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def parsed_datum(datum: str) -> str | CRS:
    """Return one of DATUMS, or the CRS of an EPSG code; raise BadInput listing the choices for anything else.

    >>> parsed_datum("GCJ-02"), parsed_datum("epsg:4547").to_epsg()
    ('gcj02', 4547)
    """
    spelled = re.sub(r"[\s_-]", "", datum.strip().lower())
    if spelled in DATUMS:
        return spelled
    code = re.fullmatch(r"(?:epsg:?)?(\d{4,6})", spelled)
    try:
        found = CRS.from_epsg(int(code.group(1))) if code else None
        if found is not None and (found.is_geographic or found.is_projected):
            return found
    except CRSError:
        pass
    raise BadInput(
        N_("{datum} is not a known datum. Choose one of: {choices}, or EPSG: with a number."),
        datum=datum,
        choices=", ".join(DATUMS),
    )


def declared_crs(text: str | None) -> CRS | None:
    """Return the CRS a file declares, None when it declares none or one that is not understood."""
    try:
        return CRS.from_user_input(text) if text else None
    except CRSError:
        return None


def reading_for(
    datum: str, declared: str | None, xy: Coordinates, surroundings: Surroundings, findings: Findings, name: str
) -> Reading:
    """Return how the finite n x 2 coordinates `xy` are to be read.

    Raises BadInput for an unknown datum, for metres without a CRS, and for a CRS whose area of use the coordinates
    are not in.
    """
    asked, stated = parsed_datum(datum), declared_crs(declared)
    if isinstance(asked, CRS):
        if stated is not None and stated.to_epsg() != asked.to_epsg():
            findings.note("crs_differs", declared=stated.name, datum=asked.name)
        return _fitting(Reading("wgs84", asked), xy, surroundings, name)
    projected = stated is not None and stated.is_projected
    if stated is not None and projected and not (len(xy) and _degrees_like(xy)):
        return _fitting(Reading(asked, stated), xy, surroundings, name)
    if _degrees_like(xy):
        if stated is not None and projected:
            findings.note("crs_differs", declared=stated.name, datum=asked)
        area = CHINA if asked in OF_CHINA else None if projected else _area_of_use(stated)
        return Reading(asked, None, evidence={"declared_crs": stated.name if stated else None}, area=area)
    if asked == "cgcs2000":
        return _fitting(Reading(asked, _cgcs2000_zone(xy, surroundings, name)), xy, surroundings, name)
    raise _metres(xy, surroundings, name)


def _degrees_like(xy: Coordinates) -> bool:
    return not len(xy) or bool(np.median(np.abs(xy).max(axis=1)) <= 360)


def _cgcs2000_zone(xy: Coordinates, surroundings: Surroundings, name: str) -> CRS:
    zone = int(np.median(xy.max(axis=1)) // 1_000_000)
    if 25 <= zone <= 45:
        return CRS.from_epsg(FIRST_3_DEGREE_ZONE + zone - 25)
    if 13 <= zone <= 23:
        return CRS.from_epsg(FIRST_6_DEGREE_ZONE + zone - 13)
    if surroundings.centre is None:
        raise _metres(xy, surroundings, name)
    return CRS.from_epsg(_meridian_zone(surroundings.centre[0]))


def _meridian_zone(lon: float) -> int:
    return FIRST_3_DEGREE_MERIDIAN + min(max(round(lon / 3) - 25, 0), 20)


def _metres(xy: Coordinates, surroundings: Surroundings, name: str) -> BadInput:
    x, y = np.median(xy, axis=0).tolist()
    candidates = _systems_of(surroundings.centre[0]) if surroundings.centre else []
    fitting = [code for code in candidates if _lands_in(code, x, y, surroundings)]
    proposal = ", EPSG:".join(str(code) for code in fitting[:3]) or "4548"
    return BadInput(METRES_NEED_EPSG, file=name, x=round(x), y=round(y), proposal=proposal)


def _systems_of(lon: float) -> list[int]:
    """Return the EPSG codes of metres a city at this longitude may use: web map, CGCS2000 zones, UTM."""
    zone = min(max(int(lon // 6) + 1, 13), 23) - 13
    narrow = {_meridian_zone(lon + step) for step in (-1.5, 0, 1.5)}
    with_prefix = {code - FIRST_3_DEGREE_MERIDIAN + FIRST_3_DEGREE_ZONE for code in narrow}
    utm = FIRST_UTM_ZONE + int((lon + 180) // 6)
    return [
        3857,
        *sorted(narrow),
        *sorted(with_prefix),
        FIRST_6_DEGREE_ZONE + zone,
        FIRST_6_DEGREE_MERIDIAN + zone,
        utm,
    ]


def _lands_in(code: int, x: float, y: float, surroundings: Surroundings) -> bool:
    degrees = _unprojected(CRS.from_epsg(code), np.array([[x, y]]))
    return surroundings.bounds is not None and bool(inside(degrees, surroundings.bounds, DEGREES_SLACK)[0])


def inside(degrees: Coordinates, bounds: Bounds, slack: float) -> npt.NDArray[np.bool_]:
    """Return which of n x 2 degrees lie in bounds (west, south, east, north) widened by `slack` degrees."""
    west, south, east, north = bounds
    lon, lat = degrees[:, 0], degrees[:, 1]
    return np.asarray(
        (lon >= west - slack) & (lon <= east + slack) & (lat >= south - slack) & (lat <= north + slack), dtype=bool
    )


def _fitting(reading: Reading, xy: Coordinates, surroundings: Surroundings, name: str) -> Reading:
    """Check a CRS against its area of use and, when only the axes are turned, turn them."""
    crs = reading.crs
    if crs is None or not len(xy):
        return reading
    step = max(1, len(xy) // SAMPLE)
    area = crs.area_of_use
    bounds = surroundings.bounds or (area.bounds if area else (-180.0, -90.0, 180.0, 90.0))
    slack = DEGREES_SLACK if surroundings.bounds else AREA_SLACK
    shares = {}
    for swapped in (False, True):
        tried = Reading(reading.datum, crs, swapped)
        shares[swapped] = float(inside(tried.degrees(xy[::step]), bounds, slack).mean())
    evidence = {
        "declared_crs": crs.name,
        "area_of_use": area.name if area else None,
        "share_inside": round(shares[False], 3),
        "share_inside_turned": round(shares[True], 3),
    }
    if max(shares.values()) < 0.5:
        raise BadInput(
            N_("{file}: only {share} % of the rows lie where {crs} is used or the city is. Name the right datum."),
            file=name,
            share=round(100 * shares[False]),
            crs=crs.name,
        )
    return Reading(reading.datum, crs, shares[False] < 0.5, evidence, _area_of_use(crs))


def _area_of_use(crs: CRS | None) -> Bounds | None:
    """Return the bounds a CRS is made for; None when it is none or when they lead over the line of dates."""
    area = crs.area_of_use if crs is not None else None
    return tuple(area.bounds) if area and area.west < area.east else None


def transformed(geometries: npt.NDArray[Any], change: Callable[[Coordinates], Coordinates]) -> npt.NDArray[Any]:
    """Return geometries with every n x 2 coordinate array changed at once; missing ones stay missing."""
    coordinates = shapely.get_coordinates(geometries)
    return np.asarray(shapely.set_coordinates(np.array(geometries, dtype=object), change(coordinates)))
