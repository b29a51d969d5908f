"""From a source to its layers, and from a layer to raw columns, geometries and row numbers; nothing is judged here."""

import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyogrio
from pyogrio import raw as ogr

from geo.errors import BadInput
from geo.exchange import sheets
from geo.exchange.content import Content, geometries_from_wkb
from geo.exchange.findings import Findings
from geo.exchange.formats import LABELS, SUFFIXES, suffix_fits
from geo.exchange.kinds import KINDS
from geo.exchange.located import POSITION_WORDS
from geo.exchange.osm import read_osm
from geo.exchange.parquet import read_parquet
from geo.exchange.report_files import read_reports
from geo.exchange.sequences import count_records, whole_records
from geo.exchange.sources import Source, open_sources, unreadable
from geo.exchange.spellings import plain
from geo.i18n import N_

Geometries = npt.NDArray[Any]
KNOWN_WORDS = frozenset(
    {plain(word) for kind in KINDS.values() for item in kind.fields for word in (item.name, *item.synonyms)}
    | POSITION_WORDS
)
DBF_HEADER_BYTES = 1_000_000


@dataclass(frozen=True)
class Layer:
    """One layer that can be read: its source, its name, and the name within the source."""

    source: Source
    name: str
    inner: str | None = None


@contextmanager
def opened(path: Path, name: str) -> Iterator[list[Layer]]:
    """Give the layers of a file, unpacked into a folder that lives as long as the context; raises BadInput."""
    with tempfile.TemporaryDirectory(prefix="yizhan-") as folder:
        try:
            sources = open_sources(path, name, Path(folder))
        except OSError as error:
            raise unreadable(error, name) from error
        yield _told_apart([layer for source in sources for layer in layers_of(source)])


def _told_apart(layers: list[Layer]) -> list[Layer]:
    """Give layers of one name (from two files of a zip) numbers, so that each can be chosen."""
    seen: dict[str, int] = {}
    apart = []
    for layer in layers:
        seen[layer.name] = seen.get(layer.name, 0) + 1
        number = seen[layer.name]
        apart.append(replace(layer, name=f"{layer.name} ({number})") if number > 1 else layer)
    return apart


def layers_of(source: Source) -> list[Layer]:
    """Return the layers of a source; raises BadInput when it cannot be opened."""
    if source.format in {"csv", "geoparquet", "open311"}:
        return [Layer(source, source.name)]
    if source.format == "xlsx":
        return [Layer(source, sheet, sheet) for sheet in sheets.sheet_names(source.path, source.name)]
    if source.format.startswith("osm"):
        return [Layer(source, name, name) for name in ("buildings", "roads")]
    listed = _ogr(source, lambda: pyogrio.list_layers(source.path))
    return [
        Layer(source, source.name if source.format != "geopackage" else str(name), str(name))
        for name, _geometry in listed
    ]


def read_layer(layer: Layer, limit: int | None = None) -> Content:
    """Return a layer's rows, at most `limit`; raises BadInput naming the file and what to do."""
    source = layer.source
    if source.format == "csv":
        return _from_table(sheets.read_csv(source.path, source.name, KNOWN_WORDS), limit)
    if source.format == "xlsx":
        return _from_table(sheets.read_sheet(source.path, source.name, layer.inner or "", KNOWN_WORDS), limit)
    if source.format == "geoparquet":
        return read_parquet(source, limit)
    if source.format == "open311":
        return read_reports(source.path, source.name, limit)
    if source.format.startswith("osm"):
        return read_osm(source, layer.inner or "", limit)
    return _ogr(source, lambda: _read_vector(layer, limit))


def _from_table(table: sheets.TextTable, limit: int | None) -> Content:
    return Content(table.columns[:limit], None, table.rows[:limit], None, table.findings)


def _ogr(source: Source, call: "Callable[[], Any]") -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return call()
    except (
        pyogrio.errors.DataSourceError,
        pyogrio.errors.DataLayerError,
        pyogrio.errors.FeatureError,
        pyogrio.errors.GeometryError,
        pyogrio.errors.FieldError,
        pa.ArrowException,
        RuntimeError,
        OSError,
        UnicodeError,
    ) as error:
        reason = str(error).replace(str(source.path), source.name).split("\n")[0]
        raise BadInput(
            N_("{file} cannot be read ({reason}). It may be only half a file: export or upload it again."),
            file=source.name,
            reason=reason,
        ) from error


def _read_vector(layer: Layer, limit: int | None) -> Content:
    source = layer.source
    options: dict[str, Any] = {"IMMUTABLE": "YES"} if source.format == "geopackage" else {}
    if source.format == "shapefile":
        options["encoding"] = dbf_encoding(source.path)
    meta, table = ogr.read_arrow(source.path, layer=layer.inner, max_features=limit, datetime_as_string=True, **options)
    geometry_name = meta["geometry_name"] or "wkb_geometry"
    findings = Findings()
    if source.encoding != "UTF-8":
        findings.note("encoding", encoding=source.encoding)
    rows = np.arange(1, table.num_rows + 1, dtype=np.int64)
    geometry = None
    if geometry_name in table.column_names:
        geometry = geometries_from_wkb(table.column(geometry_name).to_numpy(), rows, findings)
        table = table.drop_columns([geometry_name])
    if source.format == "geojson_lines" and limit is None and count_records(source.path) != table.num_rows:
        return _read_whole_records(layer)
    if not table.num_rows:
        raise BadInput(N_("{file} holds no rows. Export it again with its rows."), file=source.name)
    return Content(table.to_pandas(), geometry, rows, meta["crs"], findings)


def _read_whole_records(layer: Layer) -> Content:
    """Read a sequence again without its broken lines, which GDAL passes over in silence."""
    source = layer.source
    target = source.path.with_name("whole.geojsonl")
    records = whole_records(source.path, target)
    content = _read_vector(Layer(Source("geojson", target, source.name), layer.name), None)
    rows = records.whole[content.rows - 1]
    findings = Findings()
    findings.add("row_not_json", records.broken)
    for batch in content.findings.batches:
        findings.add(batch.code, records.whole[batch.rows - 1], field=batch.field, **batch.detail)
    return Content(content.columns, content.geometry, rows, content.crs, findings)


def dbf_encoding(shape: Path) -> str | None:
    """Return the encoding of a Shapefile's texts where its .cpg does not name one: UTF-8 if it decodes,
    else GB18030.
    """
    if shape.with_suffix(".cpg").exists():
        return None
    with shape.with_suffix(".dbf").open("rb") as file:
        sample = file.read(DBF_HEADER_BYTES)
    try:
        sample[32:].decode("utf-8")
    except UnicodeDecodeError as error:
        return None if error.start >= len(sample) - 36 else "GB18030"
    return "UTF-8"


def note_suffix(path_suffix: str, found: str, findings: Findings) -> None:
    """Note when a file's name promises another format than its content is."""
    known = {suffix for suffixes in SUFFIXES.values() for suffix in suffixes}
    if path_suffix.lower() in known and not suffix_fits(path_suffix, found):
        findings.note("read_by_content", suffix=path_suffix, format=LABELS[found])
