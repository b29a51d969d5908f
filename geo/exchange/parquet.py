"""GeoParquet: columns and geometries without a detour through GDAL, bounded before anything is unpacked."""

import json
from typing import Any

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from geo.errors import BadInput
from geo.exchange.content import Content, geometries_from_wkb
from geo.exchange.findings import Findings
from geo.exchange.hostile import MEGABYTE, expanded_limit
from geo.exchange.sources import HALF_A_FILE, Source
from geo.i18n import N_


def read_parquet(source: Source, limit: int | None) -> Content:
    """Return a (Geo)Parquet file's rows, at most `limit`; raises BadInput for half a file or one that
    unpacks too large.
    """
    try:
        with pq.ParquetFile(source.path.resolve()) as file:
            unpacked = sum(
                file.metadata.row_group(group).total_byte_size for group in range(file.metadata.num_row_groups)
            )
            if unpacked > expanded_limit():
                raise BadInput(
                    N_("{file} unpacks to more than {limit_mb} MB. Split it."),
                    file=source.name,
                    limit_mb=expanded_limit() // MEGABYTE,
                )
            declared = json.loads((file.metadata.metadata or {}).get(b"geo", b"{}"))
            table = file.read() if limit is None else next(file.iter_batches(limit), None)
    except (pa.ArrowException, OSError, ValueError) as error:
        if isinstance(error, BadInput):
            raise
        raise BadInput(HALF_A_FILE, file=source.name) from error
    if table is None or not table.num_rows:
        raise BadInput(N_("{file} holds no rows. Export it again with its rows."), file=source.name)
    return _content(pa.table(table) if isinstance(table, pa.RecordBatch) else table, declared, source)


def _content(table: Any, declared: dict[str, Any], source: Source) -> Content:
    rows, findings = np.arange(1, table.num_rows + 1, dtype=np.int64), Findings()
    column = declared.get("primary_column")
    described = declared.get("columns", {}).get(column, {})
    geometry, crs = None, None
    if column in table.column_names:
        crs = _crs(described)
        if described.get("encoding", "WKB") == "WKB":
            geometry = geometries_from_wkb(table.column(column).to_numpy(zero_copy_only=False), rows, findings)
        else:
            geometry = gpd.read_parquet(source.path.resolve()).geometry.to_numpy()[: table.num_rows]
        table = table.drop_columns([column])
    return Content(table.to_pandas(ignore_metadata=True), geometry, rows, crs, findings)


def _crs(described: dict[str, Any]) -> str | None:
    if "crs" not in described:
        return "OGC:CRS84"
    return json.dumps(described["crs"]) if described["crs"] else None
