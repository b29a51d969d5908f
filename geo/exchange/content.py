"""What a reader hands on: a layer as it stands in the file."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.exchange.findings import Findings

Geometries = npt.NDArray[Any]


@dataclass(frozen=True)
class Content:
    """A layer as it was read: raw columns, geometries (None without any), row numbers, and the CRS the file declares.

    Rows of tables are numbered as in a spreadsheet (header = row 1), features from 1.
    """

    columns: pd.DataFrame
    geometry: Geometries | None
    rows: npt.NDArray[np.int64]
    crs: str | None
    findings: Findings


def geometries_from_wkb(wkb: npt.NDArray[Any], rows: npt.NDArray[np.int64], findings: Findings) -> Geometries:
    """Return geometries from WKB; rings left open are closed, what cannot be read is refused row by row and None."""
    found = np.array(shapely.from_wkb(wkb, on_invalid="ignore"), dtype=object)
    missing = np.flatnonzero(shapely.is_missing(found))
    broken = missing[np.array([wkb[position] is not None for position in missing], dtype=bool)]
    if broken.size:
        found[broken] = shapely.from_wkb(wkb[broken], on_invalid="fix")
        unread = np.asarray(shapely.is_missing(found[broken]))
        findings.add("ring_closed", rows[broken[~unread]], field="geom")
        findings.add("geometry_unreadable", rows[broken[unread]], field="geom")
    return found
