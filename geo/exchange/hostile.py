"""What a hostile or broken file tries, refused before any reader sees it."""

import re
import sqlite3
import stat
import struct
import zipfile
from pathlib import Path, PurePosixPath
from typing import IO

from geo.errors import BadInput
from geo.i18n import N_
from geo.settings import settings

MEGABYTE = 1024 * 1024
MAX_MEMBERS = 10_000
MAX_RATIO = 200
RATIO_FROM_BYTES = 20 * MEGABYTE
EXPANDED_FACTOR = 4
OWN_VIEWS = {"st_geometry_columns", "st_spatial_ref_sys", "vector_layers"}
HOUSEKEEPING = re.compile(
    r"select raise ?\(|(insert or replace into|insert into|delete from|update) [\"'\[]?(rtree|gpkg)_"
)
CODE_IN_SQL = re.compile(r"load_extension|attach |readfile|writefile|fts3_tokenizer|pragma |edit ?\(|\bogr_|\bgdal_")
SQLITE_HEADER_BYTES = 100


def check_size(path: Path, name: str) -> None:
    """Refuse what is no file, is empty, or is larger than the setting max_upload_mb."""
    if not path.is_file():
        raise BadInput(N_("{file} is not a file. Choose a file that exists."), file=name)
    size = path.stat().st_size
    if size == 0:
        raise BadInput(N_("{file} is empty. Export it again."), file=name)
    if size > settings().max_upload_mb * MEGABYTE:
        raise BadInput(
            N_(
                "{file} has {size_mb} MB, more than the {limit_mb} MB allowed. Split it, or raise the "
                "setting max_upload_mb."
            ),
            file=name,
            size_mb=size // MEGABYTE,
            limit_mb=settings().max_upload_mb,
        )


def expanded_limit() -> int:
    """Return how many bytes an upload may unpack to."""
    return settings().max_upload_mb * MEGABYTE * EXPANDED_FACTOR


def check_zip(archive: zipfile.ZipFile, name: str) -> None:
    """Refuse bombs, slips, links, encrypted members and overlapping members of a zip file."""
    members = archive.infolist()
    if len(members) > MAX_MEMBERS:
        raise BadInput(
            N_("{file} holds {count} files, too many. Zip only the files of one layer."), file=name, count=len(members)
        )
    for member in members:
        _check_member(member, name)
    if sum(member.file_size for member in members) > expanded_limit():
        raise BadInput(
            N_("{file} unpacks to more than {limit_mb} MB. Split it."), file=name, limit_mb=expanded_limit() // MEGABYTE
        )
    packed = sum(member.compress_size for member in members)
    if archive.filename and packed > Path(archive.filename).stat().st_size:
        raise BadInput(N_("{file} is built to unpack to far more than it holds. Zip the files again."), file=name)


def _check_member(member: zipfile.ZipInfo, name: str) -> None:
    inside = PurePosixPath(member.filename.replace("\\", "/"))
    if inside.is_absolute() or ".." in inside.parts or ":" in member.filename:
        raise BadInput(
            N_("{file} holds {member}, which points outside the archive. Zip the files again."),
            file=name,
            member=member.filename,
        )
    if stat.S_ISLNK(member.external_attr >> 16):
        raise BadInput(
            N_("{file} holds the link {member}. Zip the files themselves."), file=name, member=member.filename
        )
    if member.flag_bits & 0x1:
        raise BadInput(N_("{file} is protected by a password. Zip it without one."), file=name)
    if member.file_size > RATIO_FROM_BYTES and member.file_size > MAX_RATIO * max(member.compress_size, 1):
        raise BadInput(
            N_("{file} holds {member}, which is built to unpack without end. Zip the files again."),
            file=name,
            member=member.filename,
        )


def copy_bounded(source: IO[bytes], target: Path, name: str) -> None:
    """Copy a stream to `target`, refusing to write more than `expanded_limit` bytes or more than
    MAX_RATIO times the input.
    """
    written, limit = 0, expanded_limit()
    with target.open("wb") as out:
        while chunk := source.read(MEGABYTE):
            written += len(chunk)
            if written > limit:
                raise BadInput(
                    N_("{file} unpacks to more than {limit_mb} MB. Split it."), file=name, limit_mb=limit // MEGABYTE
                )
            out.write(chunk)


def check_markup(head: bytes, name: str) -> None:
    """Refuse XML that defines entities: they can grow without end or name other files."""
    if b"<!ENTITY" in head or b"<!DOCTYPE" in head:
        raise BadInput(N_("{file} defines XML entities, which are not read. Export it again."), file=name)


def check_geopackage(path: Path, name: str) -> None:
    """Refuse a GeoPackage that is half a file, open elsewhere, or carries code of its own (triggers,
    views, virtual tables).
    """
    _check_pages(path, name)
    journal = path.with_name(path.name + "-wal")
    if journal.exists() and journal.stat().st_size:
        raise _open_elsewhere(name)
    try:
        connection = sqlite3.connect(f"{path.resolve().as_uri()}?{_access(path)}", uri=True, timeout=0.5)
        try:
            schema = connection.execute("select type, name, sql from sqlite_master").fetchall()
        finally:
            connection.close()
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        if "locked" in str(error):
            raise _open_elsewhere(name) from error
        raise BadInput(
            N_("{file} is a damaged GeoPackage ({reason}). Export it again."), file=name, reason=str(error)
        ) from error
    if not any(kind == "table" and table == "gpkg_contents" for kind, table, _sql in schema):
        raise BadInput(N_("{file} is a SQLite database, but not a GeoPackage. Export it as GeoPackage."), file=name)
    for kind, label, sql in schema:
        _check_schema_entry(kind, label, " ".join((sql or "").lower().split()), name)


def _access(path: Path) -> str:
    with path.open("rb") as file:
        write_ahead = file.read(20)[18:20] == b"\x02\x02"
    return "immutable=1" if write_ahead else "mode=ro"


def _check_pages(path: Path, name: str) -> None:
    with path.open("rb") as file:
        header = file.read(SQLITE_HEADER_BYTES)
    if len(header) == SQLITE_HEADER_BYTES:
        page, changes, pages, valid_for = (
            struct.unpack(">H", header[16:18])[0],
            header[24:28],
            header[28:32],
            header[92:96],
        )
        bytes_expected = (65536 if page == 1 else page) * struct.unpack(">I", pages)[0]
        if changes != valid_for or path.stat().st_size >= bytes_expected:
            return
    raise BadInput(N_("{file} is only half a file. Copy or upload it again."), file=name)


def _open_elsewhere(name: str) -> BadInput:
    return BadInput(N_("{file} is open in another program. Save and close it there, then try again."), file=name)


def _check_schema_entry(kind: str, label: str, sql: str, name: str) -> None:
    if kind == "trigger" and not _keeps_house(sql):
        raise BadInput(
            N_("{file} holds the trigger {label}, which could run code. Export only the layer."), file=name, label=label
        )
    if kind == "view" and label not in OWN_VIEWS:
        raise BadInput(
            N_("{file} holds the view {label}, which could read other data. Export it as a table."),
            file=name,
            label=label,
        )
    if kind == "table" and sql.startswith("create virtual table") and " using rtree" not in sql:
        raise BadInput(
            N_("{file} holds the virtual table {label}, which could read other files. Export only the layer."),
            file=name,
            label=label,
        )


def _keeps_house(sql: str) -> bool:
    """Tell whether a trigger does only what the format's own triggers do: raise, or keep its index and counts.

    >>> _keeps_house('create trigger t after insert on a begin delete from "rtree_a_geom" where id = old.fid; end')
    True
    >>> _keeps_house("create trigger t after insert on a begin select load_extension('x'); end")
    False
    """
    body = re.sub(r"'(?:[^']|'')*'", "''", sql).partition(" begin ")[2]
    statements = [statement.strip() for statement in body.removesuffix("end").split(";") if statement.strip()]
    return bool(statements) and all(
        HOUSEKEEPING.match(statement) and not CODE_IN_SQL.search(statement) for statement in statements
    )
