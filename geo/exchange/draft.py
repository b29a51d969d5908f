"""Rows on their way from a file to the map: typed fields, geometries, and the findings that take rows out."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geo.exchange.fields import Kind
from geo.exchange.findings import Findings

Mask = npt.NDArray[np.bool_]
Geometries = npt.NDArray[Any]


@dataclass
class Draft:
    """The rows of one layer while they are cleaned; `rows`, `frame` and `geometry` stay parallel.

    rows: row numbers of the file; frame: the kind's fields, typed; geometry: shapely objects or None, an array in any
    case.
    """

    kind: Kind
    name: str
    rows: npt.NDArray[np.int64]
    frame: pd.DataFrame
    geometry: Geometries
    findings: Findings

    def __len__(self) -> int:
        return len(self.rows)

    def keep(self, mask: Mask) -> None:
        """Keep the rows of a mask and forget the others."""
        if not mask.all():
            self.rows, self.geometry = self.rows[mask], self.geometry[mask]
            self.frame = self.frame[mask].reset_index(drop=True)

    def note(self, mask: Mask, code: str, *, field: str | None = None, **detail: Any) -> None:
        """Note a finding at the rows of a mask; array details are parallel to all rows."""
        if mask.any():
            picked = {key: value[mask] if isinstance(value, np.ndarray) else value for key, value in detail.items()}
            self.findings.add(code, self.rows[mask], field=field, **picked)

    def take_out(self, mask: Mask, code: str, *, field: str | None = None, **detail: Any) -> None:
        """Note a finding at the rows of a mask and forget them."""
        self.note(mask, code, field=field, **detail)
        self.keep(~mask)

    def missing(self) -> Mask:
        """Return which rows have no geometry."""
        return np.asarray(shapely.is_missing(self.geometry), dtype=bool)

    def text(self, field: str) -> npt.NDArray[Any]:
        """Return a field as an array of str or None; all None when the kind has no such field."""
        if field not in self.frame:
            return np.full(len(self), None, dtype=object)
        return np.asarray(self.frame[field].astype("string").to_numpy(dtype=object, na_value=None))
