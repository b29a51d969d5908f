"""From an uploaded file to files of our own making in a folder of our own: unpacked, checked, named by their format."""

import bz2
import errno
import gzip
import lzma
import shutil
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, cast

from geo.errors import BadInput, NoRoom, YizhanError
from geo.exchange.encodings import decoded
from geo.exchange.formats import recognise
from geo.exchange.hostile import check_geopackage, check_markup, check_size, check_zip, copy_bounded
from geo.i18n import N_

ENDING = {
    "geopackage": ".gpkg",
    "geojson": ".geojson",
    "geojson_lines": ".geojsonl",
    "shapefile": ".shp",
    "open311": ".json",
    "csv": ".csv",
    "xlsx": ".xlsx",
    "geoparquet": ".parquet",
    "osm_pbf": ".osm.pbf",
    "osm_xml": ".osm",
}
SHAPEFILE_PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
MEMBER_SUFFIXES = (
    ".gpkg",
    ".geojson",
    ".json",
    ".geojsonl",
    ".ndjson",
    ".csv",
    ".tsv",
    ".xlsx",
    ".parquet",
    ".pbf",
    ".osm",
)
HALF_A_FILE = N_("{file} is damaged or only half a file. Copy or upload it again.")
MARKUP_HEAD_BYTES = 4096
DAMAGES = (zipfile.BadZipFile, EOFError, OSError, zlib.error, lzma.LZMAError, NotImplementedError, RuntimeError)


@dataclass(frozen=True)
class Source:
    """One readable file: its format, where it lies in our own folder, the name its user knows, its texts' encoding."""

    format: str
    path: Path
    name: str
    encoding: str = "UTF-8"


def open_sources(path: Path, name: str, folder: Path) -> list[Source]:
    """Return what can be read in a file: one source, or one per supported member of a zip.

    `folder` is an empty folder of the caller's; only files in it are handed to readers. Raises BadInput for hostile,
    damaged, empty, too large or unsupported files.
    """
    check_size(path, name)
    found = recognise(path, name)
    if found in {"bzip2", "gzip"}:
        path, found = _decompressed(path, found, name, folder)
    if found in {"zip", "shapefile_zip"}:
        return _members(path, name, folder)
    return [_own(path, found, name, folder / "input")]


def unreadable(error: Exception, name: str) -> YizhanError:
    """Return what to say when unpacking failed: the disk is full, or the file is not whole."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NoRoom(N_("There is no room on the disk to unpack {file}. Free some space and try again."), file=name)
    return BadInput(HALF_A_FILE, file=name)


def _decompressed(path: Path, packing: str, name: str, folder: Path) -> tuple[Path, str]:
    opener = cast("Callable[[Path, str], IO[bytes]]", bz2.open if packing == "bzip2" else gzip.open)
    target = folder / "unpacked"
    try:
        with opener(path, "rb") as packed:
            copy_bounded(packed, target, name)
    except DAMAGES as error:
        raise unreadable(error, name) from error
    check_size_after_unpacking(target, name)
    found = recognise(target, name)
    if found in {"bzip2", "gzip", "zip", "shapefile_zip"}:
        raise BadInput(N_("{file} is packed more than once. Unpack it first."), file=name)
    return target, found


def check_size_after_unpacking(path: Path, name: str) -> None:
    """Refuse an archive that holds nothing."""
    if path.stat().st_size == 0:
        raise BadInput(N_("{file} is empty. Export it again."), file=name)


def _own(path: Path, found: str, name: str, stem: Path) -> Source:
    """Give a file a name of our own with the ending of its format, so that no reader judges by the user's name."""
    if found == "geojson_array":
        wrapped = _wrapped_array(path, stem.with_suffix(".array"))
        return _in_utf8(Source("geojson", wrapped, name), stem.with_suffix(".geojson"))
    if found == "geopackage":
        check_geopackage(path, name)
    if found == "xlsx":
        _check_workbook(path, name)
    own = stem.with_name(stem.name + ENDING[found])
    if found.startswith("geojson"):
        return _in_utf8(Source(found, path, name), own)
    own.symlink_to(path.resolve())
    return Source(found, own, name)


def _in_utf8(source: Source, own: Path) -> Source:
    raw = source.path.read_bytes()
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        text, encoding = decoded(raw, source.name)
        own.write_text(text, encoding="utf-8")
        return Source(source.format, own, source.name, encoding)
    own.symlink_to(source.path.resolve())
    return Source(source.format, own, source.name)


def _wrapped_array(path: Path, target: Path) -> Path:
    with path.open("rb") as array, target.open("wb") as out:
        if array.read(3) != b"\xef\xbb\xbf":
            array.seek(0)
        out.write(b'{"type":"FeatureCollection","features":')
        shutil.copyfileobj(array, out)
        out.write(b"}")
    return target


def _check_workbook(path: Path, name: str) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(archive, name)
            for member in archive.namelist():
                if member.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        check_markup(part.read(MARKUP_HEAD_BYTES), name)
    except DAMAGES as error:
        raise unreadable(error, name) from error


def _members(path: Path, name: str, folder: Path) -> list[Source]:
    sources = []
    try:
        with zipfile.ZipFile(path) as archive:
            check_zip(archive, name)
            listed = [m for m in archive.infolist() if not m.is_dir() and "__MACOSX" not in m.filename]
            for number, member in enumerate(listed):
                inside = PurePosixPath(member.filename)
                stem = folder / f"member{number}"
                if inside.suffix.lower() == ".shp":
                    sources.append(_shapefile(archive, inside, listed, stem))
                elif inside.suffix.lower() in MEMBER_SUFFIXES:
                    sources.append(_member(archive, member, stem))
    except DAMAGES as error:
        raise unreadable(error, name) from error
    if not sources:
        raise BadInput(
            N_("{file} holds no layer that can be read. Zip a Shapefile, GeoPackage, GeoJSON, CSV or XLSX."), file=name
        )
    return sources


def _extract(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    with archive.open(member) as packed:
        copy_bounded(packed, target, member.filename)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, stem: Path) -> Source:
    unpacked = stem.with_suffix(".unpacked")
    _extract(archive, member, unpacked)
    check_size_after_unpacking(unpacked, member.filename)
    found = recognise(unpacked, member.filename)
    if found not in ENDING and found != "geojson_array":
        raise BadInput(N_("{file} is packed more than once. Unpack it first."), file=member.filename)
    return _own(unpacked, found, PurePosixPath(member.filename).stem, stem)


def _shapefile(archive: zipfile.ZipFile, shape: PurePosixPath, listed: list[zipfile.ZipInfo], stem: Path) -> Source:
    parts = {
        part.suffix.lower(): member
        for member in listed
        if (part := PurePosixPath(member.filename)).with_suffix("") == shape.with_suffix("")
    }
    missing = [suffix for suffix in (".dbf", ".shx") if suffix not in parts]
    if missing:
        raise BadInput(
            N_("{file} lacks its {missing} part. Zip all parts of the Shapefile."),
            file=shape.name,
            missing=", ".join(missing),
        )
    for suffix in SHAPEFILE_PARTS:
        if suffix in parts:
            _extract(archive, parts[suffix], stem.with_suffix(suffix))
    return Source("shapefile", stem.with_suffix(".shp"), shape.stem)
