"""Which format a file is in, told from its content and never from its name."""

import json
import re
import zipfile
from pathlib import Path

from geo.errors import BadInput
from geo.exchange.hostile import check_markup
from geo.i18n import N_

HEAD_BYTES = 65_536
LABELS = {
    "geopackage": "GeoPackage",
    "geojson": "GeoJSON",
    "geojson_array": "GeoJSON",
    "geojson_lines": "GeoJSON",
    "open311": "Open311",
    "shapefile_zip": "Shapefile",
    "shapefile": "Shapefile",
    "zip": "ZIP",
    "csv": "CSV",
    "xlsx": "XLSX",
    "geoparquet": "GeoParquet",
    "osm_pbf": "OSM",
    "osm_xml": "OSM",
    "bzip2": "bzip2",
    "gzip": "gzip",
}
SUFFIXES = {
    "geopackage": (".gpkg",),
    "geojson": (".geojson", ".json", ".geojsonl", ".geojsons", ".ndjson", ".jsonl", ".txt"),
    "open311": (".json",),
    "zip": (".zip", ".shz"),
    "csv": (".csv", ".tsv", ".txt"),
    "xlsx": (".xlsx", ".xlsm"),
    "geoparquet": (".parquet", ".geoparquet"),
    "osm_pbf": (".pbf",),
    "osm_xml": (".osm", ".xml"),
    "bzip2": (".bz2",),
    "gzip": (".gz",),
}
SEPARATOR = b"\x1e"
JSON_TYPE = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|Topology|gdal_streamed_alg)"')
REQUESTS = re.compile(rb'"service_request_id"\s*:')
"""What every request of an Open311 answer has, and no feature of a GeoJSON file."""
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
SHAPE_ALONE = b"\x00\x00\x27\x0a"
EXPORT_AGAIN = N_(
    "{file} is not in a format that can be read. Export it as GeoPackage, GeoJSON, zipped Shapefile, CSV or XLSX."
)


def recognise(path: Path, name: str) -> str:
    """Return the format of a file, a key of LABELS, from its first bytes; raise BadInput when it is none of them."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return _by_magic(path, head, name) or _by_text(path, head, name)


def suffix_fits(suffix: str, found: str) -> bool:
    """Tell whether a file name's ending promises the format that was found.

    >>> suffix_fits(".GPKG", "geopackage"), suffix_fits(".gpkg", "csv"), suffix_fits(".json", "geojson_array")
    (True, False, True)
    """
    family = "geojson" if found.startswith("geojson") else "zip" if found == "shapefile_zip" else found
    return suffix.lower() in SUFFIXES.get(family, ())


def _by_magic(path: Path, head: bytes, name: str) -> str | None:
    if head.startswith(b"SQLite format 3\x00"):
        return "geopackage"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path, name)
    if head.startswith(b"PAR1"):
        return "geoparquet"
    if b"OSMHeader" in head[:32]:
        return "osm_pbf"
    if head.startswith(b"BZh"):
        return "bzip2"
    if head.startswith(b"\x1f\x8b"):
        return "gzip"
    if head.startswith(SHAPE_ALONE):
        raise BadInput(
            N_("{file} is one part of a Shapefile. Zip it with its .shx, .dbf and .prj and choose the zip."), file=name
        )
    if head.startswith(OLD_OFFICE):
        raise BadInput(N_("{file} is an old Excel file (.xls). Save it as .xlsx."), file=name)
    return None


def _zip_kind(path: Path, name: str) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.lower() for member in archive.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadInput(
            N_("{file} is a damaged zip file or only half of one. Copy or upload it again."), file=name
        ) from error
    if "xl/workbook.xml" in members:
        return "xlsx"
    return "shapefile_zip" if any(member.endswith(".shp") for member in members) else "zip"


def _by_text(path: Path, head: bytes, name: str) -> str:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "csv"
    if b"\x00" in head:
        raise BadInput(EXPORT_AGAIN, file=name)
    if text.startswith(b"<"):
        return _markup_kind(text, name)
    if text.startswith((b"{", b"[", SEPARATOR)):
        return _json_kind(path, text, name)
    if not text:
        raise BadInput(N_("{file} is empty. Export it again."), file=name)
    return "csv"


def _markup_kind(text: bytes, name: str) -> str:
    check_markup(text, name)
    if re.search(rb"<osm[\s>]", text[:4096]):
        return "osm_xml"
    if b"<OGRVRT" in text or b"<VRTDataset" in text:
        raise BadInput(N_("{file} is a GDAL VRT, which could name other files. Export the layer itself."), file=name)
    raise BadInput(EXPORT_AGAIN, file=name)


def _json_kind(path: Path, text: bytes, name: str) -> str:
    if text.startswith(b"["):
        return "open311" if REQUESTS.search(text) and not JSON_TYPE.search(text) else "geojson_array"
    if text.startswith(SEPARATOR) or _first_line_is_whole(text):
        return "geojson_lines"
    found = JSON_TYPE.search(text) or JSON_TYPE.search(_tail(path))
    if found and found.group(1) in {b"FeatureCollection", b"Feature"}:
        return "geojson"
    raise BadInput(N_("{file} is JSON, but not GeoJSON features. Export it as GeoJSON."), file=name)


def _first_line_is_whole(text: bytes) -> bool:
    first, _newline, rest = text.partition(b"\n")
    if not rest.strip():
        return False
    try:
        return isinstance(json.loads(first), dict)
    except ValueError:
        return False


def _tail(path: Path) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - HEAD_BYTES))
        return file.read()
