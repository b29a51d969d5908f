"""Prepared rows as plain arrays, one per column of the table they go to."""

from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.exchange.founding import lengths_m
from geo.exchange.prepared import Prepared
from geo.exchange.targets import Target
from geo.places.rules import pinyin_of

ADDRESS_AS_REFERENCE = "place_address"
BLOCK_DEG = 0.005
"""Rows are written block by block of about 500 m, so that what is drawn together lies together on the disk."""

NODE_STEPS = 10_000_000
LATITUDES = 181 * NODE_STEPS
UNKNOWN_ROAD = "street"

Values = dict[str, npt.NDArray[Any]]


def values_of(prepared: Prepared, target: Target, srid: int | None) -> Values:
    """Return the prepared rows as arrays for `staging.stage`: the columns the file filled, `row`, references, `geom`.

    srid: EPSG code in which the lengths of roads are measured. A column the file does not have is left out.
    """
    frame = prepared.rows
    values: Values = {
        "row": np.arange(len(frame), dtype=np.int64),
        "file_row": frame["row"].to_numpy(dtype=np.int64),
    }
    geometry = _geometry(frame)
    for name, kind in target.staged.items():
        source = "address" if name == ADDRESS_AS_REFERENCE else name
        if name not in values and source in frame and kind != "geometry" and frame[source].notna().any():
            values[name] = column(frame[source], kind)
    if target.named and "name" in values:
        names = values["name"]
        values["pinyin"] = np.array([None if name is None else pinyin_of(name) or None for name in names], dtype=object)
    if target.geometry is not None and geometry is not None:
        values["geom"] = geometry
    if target.table == "walk_edge" and geometry is not None and srid is not None:
        values |= _network(values, geometry, srid)
    if geometry is None:
        return values
    order = _order(geometry)
    return {name: array[order] for name, array in values.items()}


def _network(values: Values, lines: npt.NDArray[Any], srid: int) -> Values:
    kind = values.get("kind", np.full(len(lines), None, dtype=object))
    return {
        "kind": np.where(kind == None, UNKNOWN_ROAD, kind),  # noqa: E711
        "from_node": _nodes(values.get("from_node"), shapely.get_point(lines, 0)),
        "to_node": _nodes(values.get("to_node"), shapely.get_point(lines, -1)),
        "length_m": lengths_m(lines, srid),
    }


def _nodes(given: npt.NDArray[Any] | None, ends: npt.NDArray[Any]) -> npt.NDArray[Any]:
    made = junctions(ends)
    return made if given is None else np.where(given == None, made, given)  # noqa: E711


def junctions(points: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """Return a negative number per point (EPSG:4326) that is the same for points less than about 1 cm apart.

    Files without junction numbers get these, so that lines that meet share a junction, across files too.

    >>> same = junctions(np.array([shapely.Point(115.98, 36.45), shapely.Point(115.980000001, 36.45)]))
    >>> bool(same[0] == same[1]), bool(same[0] < 0)
    (True, True)
    """
    east = np.round((shapely.get_x(points) + 180) * NODE_STEPS).astype(np.int64)
    north = np.round((shapely.get_y(points) + 90) * NODE_STEPS).astype(np.int64)
    return -1 - east * LATITUDES - north


def column(series: "pd.Series[Any]", kind: str) -> npt.NDArray[Any]:
    """Return a typed column as the array COPY wants: None, NaN or NaT where it is unknown.

    >>> column(pd.Series([3, None], dtype="Int64"), "int4").tolist()
    [3.0, nan]
    """
    if kind == "text":
        return np.asarray(series.to_numpy(dtype=object, na_value=None))
    if kind == "date":
        return np.asarray(series.map(np.datetime64, na_action="ignore").to_numpy(dtype="datetime64[D]"))
    if kind == "int8":
        return np.asarray(series.to_numpy(dtype=object if series.hasnans else np.int64, na_value=None))
    return np.asarray(series.to_numpy(dtype=np.float64, na_value=np.nan))


def _geometry(frame: pd.DataFrame) -> npt.NDArray[Any] | None:
    if "geom" not in frame:
        return None
    return np.asarray(gpd.GeoSeries(frame["geom"]).to_numpy(), dtype=object)


def _order(geometry: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    bounds = shapely.bounds(geometry)
    blocks = np.floor(np.nan_to_num(bounds[:, :2]) / BLOCK_DEG)
    return np.asarray(np.lexsort((bounds[:, 0], blocks[:, 0], blocks[:, 1])))
