"""A file that was read and judged, ready to be looked at and accepted; it can be put in a folder and
taken out again.
"""

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from geo.exchange.findings import Findings
from geo.exchange.surroundings import Bounds

ROWS_FILE, FINDINGS_FILE, SUMMARY_FILE = "rows.parquet", "findings.json", "summary.json"


@dataclass(frozen=True)
class Prepared:
    """What a file became.

    rows: one row per record that can be written: the column `row` (its row in the file), the kind's fields (columns
    of its
    table, and references such as parent_code or compound_code), and for kinds with a geometry the active geometry
    column
    `geom` in EPSG:4326 (MultiPolygon, LineString or Point; None where it is unknown). Text is `string`, whole numbers
    `Int64`, decimals `Float64`, yes/no `boolean`, dates `object`; unknown is NA.
    findings: what was noticed at which row; counts: rows read, accepted, repaired, refused (each row once);
    evidence: the figures for the claimed datum; mapping: field -> column used; columns and layers: what the file
    offers.
    """

    kind: str
    file_name: str
    sha256: str
    rows: pd.DataFrame
    findings: Findings
    counts: dict[str, int]
    evidence: dict[str, Any]
    datum: str
    mapping: dict[str, str] = field(default_factory=dict)
    columns: list[str] = field(default_factory=list)
    layers: list[str] = field(default_factory=list)
    layer: str | None = None

    @property
    def bounds(self) -> Bounds | None:
        """Return west, south, east, north of the rows in degrees, None when none has a geometry."""
        if "geom" not in self.rows or self.rows["geom"].isna().all():
            return None
        west, south, east, north = gpd.GeoSeries(self.rows["geom"]).total_bounds.tolist()
        return west, south, east, north

    def save(self, folder: Path) -> None:
        """Write everything into an existing folder."""
        self.rows.to_parquet(folder / ROWS_FILE)
        (folder / FINDINGS_FILE).write_text(self.findings.dump(), encoding="utf-8")
        summary = {name: getattr(self, name) for name in SUMMARY_FIELDS}
        (folder / SUMMARY_FILE).write_text(json.dumps(summary, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Prepared":
        """Return what `save` wrote into the folder."""
        summary = json.loads((folder / SUMMARY_FILE).read_text(encoding="utf-8"))
        read = gpd.read_parquet if summary.pop("has_geometry", True) else pd.read_parquet
        findings = Findings.load((folder / FINDINGS_FILE).read_text(encoding="utf-8"))
        return cls(rows=read(folder / ROWS_FILE), findings=findings, **summary)

    @property
    def has_geometry(self) -> bool:
        """Tell whether the rows carry a geometry column."""
        return isinstance(self.rows, gpd.GeoDataFrame)


SUMMARY_FIELDS = (
    "kind",
    "file_name",
    "sha256",
    "counts",
    "evidence",
    "datum",
    "mapping",
    "columns",
    "layers",
    "layer",
    "has_geometry",
)
