"""Where the rows of a text table lie: WKT, longitude and latitude, or both in one column."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.exchange.findings import Findings
from geo.exchange.spellings import MISSING, plain, words

POSITION_COLUMNS: dict[str, tuple[str, ...]] = {
    "wkt": words("wkt geom geometry the_geom wkb wkb_geometry 几何 shape"),
    "lon": words("lon lng long longitude 经度 x lon_wgs84 lng_wgs84 point_x coord_x"),
    "lat": words("lat latitude 纬度 y lat_wgs84 point_y coord_y"),
    "lonlat": words("lonlat lnglat 经纬度 坐标 location coordinates coordinate 百度坐标 高德坐标"),
}
POSITION_WORDS = frozenset(plain(word) for listed in POSITION_COLUMNS.values() for word in listed)


def position_columns(names: list[str]) -> dict[str, str]:
    """Return which columns say where a row lies: wkt, or lon and lat, or lonlat.

    >>> position_columns(["楼号", "经度", "纬度"])
    {'lon': '经度', 'lat': '纬度'}
    """
    by_plain = {plain(name): name for name in reversed(names)}
    found = {
        role: by_plain[plain(word)]
        for role, listed in POSITION_COLUMNS.items()
        if (word := next((item for item in listed if plain(item) in by_plain), None))
    }
    if "wkt" in found:
        return {"wkt": found["wkt"]}
    if "lon" in found and "lat" in found:
        return {"lon": found["lon"], "lat": found["lat"]}
    return {"lonlat": found["lonlat"]} if "lonlat" in found else {}


def table_geometry(
    columns: pd.DataFrame, rows: npt.NDArray[np.int64], where: Mapping[str, str], findings: Findings
) -> npt.NDArray[Any] | None:
    """Return the geometries of a text table, or None when no column says where the rows lie.

    `where` is as from position_columns. A cell that cannot be read refuses its row; an empty one is no geometry.
    """
    if "wkt" in where:
        return _from_texts(columns[where["wkt"]], rows, where["wkt"], findings)
    if "lon" in where and "lat" in where:
        pair = columns[where["lon"]], columns[where["lat"]]
        return _from_pairs(*pair, rows, f"{where['lon']}, {where['lat']}", findings)
    if "lonlat" in where:
        parts = (
            columns[where["lonlat"]]
            .astype("string")
            .str.strip("[]()（） ")
            .str.split(r"[,，;；\s]+", n=1, expand=True, regex=True)
        )
        parts = parts.reindex(columns=[0, 1])
        return _from_pairs(parts[0], parts[1], rows, where["lonlat"], findings)
    return None


def _from_texts(texts: pd.Series, rows: npt.NDArray[np.int64], label: str, findings: Findings) -> npt.NDArray[Any]:
    given = texts.astype("string").str.strip()
    given = given.str.replace(r"^SRID=\d+;", "", regex=True).where(~given.isin(MISSING) & (given != ""), None)
    values = given.to_numpy(dtype=object, na_value=None)
    is_hex = given.str.fullmatch(r"[0-9A-Fa-f]{20,}").fillna(value=False).to_numpy(dtype=bool)
    found = np.full(len(values), None, dtype=object)
    found[is_hex] = shapely.from_wkb(values[is_hex], on_invalid="ignore")
    found[~is_hex] = shapely.from_wkt(values[~is_hex], on_invalid="ignore")
    unread = shapely.is_missing(found) & np.array([value is not None for value in values], dtype=bool)
    findings.add("geometry_unreadable", rows[unread], field=label)
    return found


def _from_pairs(
    first: pd.Series, second: pd.Series, rows: npt.NDArray[np.int64], label: str, findings: Findings
) -> npt.NDArray[Any]:
    lon, lat = (
        pd.to_numeric(part.astype("string").str.strip(" °EN东经北纬"), errors="coerce").to_numpy(
            dtype=float, na_value=np.nan
        )
        for part in (first, second)
    )
    given = np.logical_or(*(_given(part) for part in (first, second)))
    literal_nan = first.astype("string").str.strip().str.casefold().isin(["nan", "inf", "-inf"]).to_numpy(dtype=bool)
    readable = ~(np.isnan(lon) | np.isnan(lat))
    found = np.full(len(lon), None, dtype=object)
    found[readable] = shapely.points(lon[readable], lat[readable])
    findings.add("geometry_unreadable", rows[~readable & given & ~literal_nan], field=label)
    findings.add("coordinates_not_finite", rows[~readable & literal_nan], field=label)
    return found


def _given(part: pd.Series) -> npt.NDArray[np.bool_]:
    text = part.astype("string").str.strip()
    return ~(text.isna() | (text == "") | text.isin(MISSING)).to_numpy(dtype=bool)
