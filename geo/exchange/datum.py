"""The Chinese datums: WGS 84 (and CGCS2000, equal to centimetres), GCJ-02 of most map vendors, BD-09 of Baidu.

Formulas: the GCJ-02 obfuscation on the Krasovsky 1940 ellipsoid as published in 2012 (wgtochina_lb, known from the
EvilTransform port) and Baidu's documented polar offset for BD-09. Both have no closed inverse; here the forward
formula is
iterated until the residual is below 1e-8 degrees (1 mm); the common one-step inverse leaves up to several
metres.
All functions take and return arrays of degrees, (lon, lat), of any equal shape; outside China they change nothing.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

Degrees = npt.NDArray[np.float64]
Pair = tuple[Degrees, Degrees]

KRASOVSKY_A_M = 6_378_245.0
KRASOVSKY_E2 = 0.00669342162296594323
CHINA = (72.004, 0.8293, 137.8347, 55.8271)
BAIDU_LON, BAIDU_LAT, BAIDU_PI = 0.0065, 0.006, np.pi * 3000.0 / 180.0
GCJ_LAST_STEP, BD_LAST_STEP = 2e-7, 2e-8
BLOCK = 16_384
MAX_ROUNDS = 12
DATUMS = ("wgs84", "cgcs2000", "gcj02", "bd09")


def in_china(lon: Degrees, lat: Degrees) -> npt.NDArray[np.bool_]:
    """Return where the obfuscation applies: the rectangle its authors used.

    >>> in_china(np.array([115.98, 9.5]), np.array([36.45, 47.1])).tolist()
    [True, False]
    """
    west, south, east, north = CHINA
    return np.asarray((lon >= west) & (lon <= east) & (lat >= south) & (lat <= north), dtype=bool)


def gcj02_from_wgs84(lon: Degrees, lat: Degrees) -> Pair:
    """Return GCJ-02 coordinates of WGS 84 ones (used to lay data on GCJ-02 base maps).

    >>> lon, lat = gcj02_from_wgs84(np.array([115.98]), np.array([36.45]))
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (115.985663, 36.450069)
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    x, y = lon - 105.0, lat - 35.0
    root, product = np.sqrt(np.abs(x)), x * y
    double = np.sin(2.0 * np.pi * x)
    shared = (20.0 * (3.0 - 4.0 * double * double) * double + 20.0 * double) * 2.0 / 3.0
    north_m = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * product + 0.2 * root + shared
    north_m += (20.0 * np.sin(np.pi * y) + 40.0 * np.sin(np.pi / 3.0 * y)) * 2.0 / 3.0
    north_m += (160.0 * np.sin(np.pi / 12.0 * y) + 320.0 * np.sin(np.pi / 30.0 * y)) * 2.0 / 3.0
    east_m = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * product + 0.1 * root + shared
    east_m += (20.0 * np.sin(np.pi * x) + 40.0 * np.sin(np.pi / 3.0 * x)) * 2.0 / 3.0
    east_m += (150.0 * np.sin(np.pi / 12.0 * x) + 300.0 * np.sin(np.pi / 30.0 * x)) * 2.0 / 3.0
    sine = np.sin(np.radians(lat))
    magic = 1.0 - KRASOVSKY_E2 * sine * sine
    north = np.degrees(north_m * magic * np.sqrt(magic) / (KRASOVSKY_A_M * (1.0 - KRASOVSKY_E2)))
    east = np.degrees(east_m * np.sqrt(magic) / (KRASOVSKY_A_M * np.sqrt(1.0 - sine * sine)))
    inside = in_china(lon, lat)
    return np.where(inside, lon + east, lon), np.where(inside, lat + north, lat)


def wgs84_from_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    """Return WGS 84 coordinates of GCJ-02 ones, exact to less than 1e-8 degrees.

    >>> lon, lat = wgs84_from_gcj02(*gcj02_from_wgs84(np.array([115.98]), np.array([36.45])))
    >>> abs(float(lon[0]) - 115.98) < 1e-8, abs(float(lat[0]) - 36.45) < 1e-8
    (True, True)
    """
    return _inverted(gcj02_from_wgs84, GCJ_LAST_STEP, lon, lat)


def bd09_from_gcj02(lon: Degrees, lat: Degrees) -> Pair:
    """Return BD-09 coordinates of GCJ-02 ones.

    >>> lon, lat = bd09_from_gcj02(np.array([115.98]), np.array([36.45]))
    >>> round(float(lon[0]), 6), round(float(lat[0]), 6)
    (115.98659, 36.455646)
    """
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    radius = np.hypot(lon, lat) + 0.00002 * np.sin(lat * BAIDU_PI)
    angle = np.arctan2(lat, lon) + 0.000003 * np.cos(lon * BAIDU_PI)
    inside = in_china(lon, lat)
    return (
        np.where(inside, radius * np.cos(angle) + BAIDU_LON, lon),
        np.where(inside, radius * np.sin(angle) + BAIDU_LAT, lat),
    )


def gcj02_from_bd09(lon: Degrees, lat: Degrees) -> Pair:
    """Return GCJ-02 coordinates of BD-09 ones, exact to less than 1e-8 degrees."""
    return _inverted(bd09_from_gcj02, BD_LAST_STEP, lon, lat)


def bd09_from_wgs84(lon: Degrees, lat: Degrees) -> Pair:
    """Return BD-09 coordinates of WGS 84 ones."""
    return bd09_from_gcj02(*gcj02_from_wgs84(lon, lat))


def wgs84_from_bd09(lon: Degrees, lat: Degrees) -> Pair:
    """Return WGS 84 coordinates of BD-09 ones, exact to less than 1e-8 degrees."""
    return wgs84_from_gcj02(*gcj02_from_bd09(lon, lat))


def to_wgs84(datum: str, lon: Degrees, lat: Degrees) -> Pair:
    """Return WGS 84 coordinates of coordinates in `datum`, one of DATUMS (CGCS2000 differs by
    centimetres: unchanged).
    """
    if datum == "gcj02":
        return wgs84_from_gcj02(lon, lat)
    if datum == "bd09":
        return wgs84_from_bd09(lon, lat)
    return np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)


def _inverted(forward: Callable[[Degrees, Degrees], Pair], last_step: float, lon: Degrees, lat: Degrees) -> Pair:
    """Solve forward(x) = (lon, lat), block by block: small blocks stay in the processor's cache."""
    lon, lat = np.asarray(lon, dtype=np.float64), np.asarray(lat, dtype=np.float64)
    found_lon, found_lat = np.array(lon), np.array(lat)
    flat_lon, flat_lat = found_lon.reshape(-1), found_lat.reshape(-1)
    for start in range(0, lon.size, BLOCK):
        block = slice(start, start + BLOCK)
        flat_lon[block], flat_lat[block] = _solved(forward, last_step, flat_lon[block].copy(), flat_lat[block].copy())
    return found_lon, found_lat


def _solved(forward: Callable[[Degrees, Degrees], Pair], last_step: float, lon: Degrees, lat: Degrees) -> Pair:
    """Iterate x += target - forward(x): a round leaves 1/400 of the error of GCJ-02, 1/50 of that of BD-09."""
    found_lon, found_lat = lon, lat
    for _round in range(MAX_ROUNDS):
        seen_lon, seen_lat = forward(found_lon, found_lat)
        step_lon, step_lat = lon - seen_lon, lat - seen_lat
        found_lon, found_lat = found_lon + step_lon, found_lat + step_lat
        if np.fmax.reduce(np.fmax(np.abs(step_lon), np.abs(step_lat))) < last_step:
            break
    inside = in_china(lon, lat)
    return np.where(inside, found_lon, lon), np.where(inside, found_lat, lat)
