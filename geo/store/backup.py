"""Backup in one file, and a restore that is kept only when it proves equal to the file, table by table."""

import json
import os
import shutil
import tempfile
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from errno import ENOSPC
from pathlib import Path
from typing import IO, Any

from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from geo.errors import BadInput, Conflict, NoRoom, StoreUnavailable
from geo.i18n import N_
from geo.settings import settings
from geo.store import cluster, dumps, migrate
from geo.store.session import connect, owner_engine

FORMAT = 1
MANIFEST, DUMP = "manifest.json", "database.dump"
MANIFEST_BYTES = 1_000_000
SQL = Path(__file__).parent / "sql"
WITHOUT_CONTENT = frozenset(
    {
        "public.alembic_version",
        "public.app_user",
        "public.user_role",
        "public.data_version",
        "public.job",
        "personal.sealing_key",
        "public.request_category",
        "public.request_category_id_seq",
    }
)
"""Tables that have rows in a database nobody has put anything into."""
USED = frozenset({"true", "false"})
"""What stands in the place of a hash for a sequence."""
LOCK_PATIENCE_S = 15
SAME_TEXTS = "SET LOCAL row_security = off; SET LOCAL timezone = 'UTC'; SET LOCAL datestyle = 'ISO'"
"""Rows are compared as texts, so both sides must write them alike."""

Fingerprints = dict[str, tuple[str, str]]


@dataclass(frozen=True)
class Proof:
    """One table (or sequence) of a backup beside the restored one: rows (or position) and sum of hashes."""

    name: str
    in_file: tuple[str, str] | None
    here: tuple[str, str] | None

    @property
    def is_sequence(self) -> bool:
        """Whether this is a sequence: its hash says whether it was used."""
        return self.here is not None and self.here[1] in USED

    @property
    def equal(self) -> bool:
        """Whether both sides have the same rows."""
        return self.in_file == self.here


@dataclass(frozen=True)
class Backup:
    """What a backup file says about itself; ``contents`` is name to (rows, sum of hashes)."""

    path: Path
    made_at: str
    revision: str | None
    contents: Fingerprints

    @property
    def tables(self) -> int:
        """How many tables the backup holds."""
        return sum(hashed not in USED for _rows, hashed in self.contents.values())

    def rows(self, table: str) -> int:
        """Return how many rows a table of the public schema has in the backup."""
        return int(self.contents.get(f"public.{table}", ("0", ""))[0])


def write_backup(target: Path) -> Backup:
    """Write the whole database to one file and return what is in it; an older file is replaced only when all is well.

    The file holds a dump and a manifest with rows and sums per table, both of the same moment. Neither passwords nor
    keys are in it. Raises BadInput for a folder that is not there, NoRoom, StoreUnavailable.
    """
    if not target.parent.is_dir() or target.is_dir():
        raise BadInput(N_("{path} cannot be written: name a file in a folder that exists."), path=target)
    unfinished = target.with_name(target.name + ".unfinished")
    try:
        with _moment() as connection:
            manifest = _manifest(connection)
            snapshot = str(connection.scalar(text("SELECT pg_export_snapshot()")))
            with _private_file(unfinished) as file, zipfile.ZipFile(file, "w", allowZip64=True) as archive:
                archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
                with archive.open(DUMP, "w", force_zip64=True) as dump:
                    dumps.dump(snapshot, dump)
        unfinished.replace(target)
    except dumps.Refused as error:
        raise StoreUnavailable(N_("The database could not be dumped: {reason}"), reason=error) from error
    except OSError as error:
        if error.errno != ENOSPC:
            raise BadInput(N_("{path} cannot be written: {reason}"), path=target, reason=error.strerror) from error
        raise NoRoom(
            N_("The disk is full; {path} was not written. Free some space and try again."), path=target
        ) from error
    finally:
        unfinished.unlink(missing_ok=True)
    return read_backup(target)


def read_backup(source: Path) -> Backup:
    """Return what a backup file holds; BadInput when it is none, half of one, or made by a newer version."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = _manifest_of(archive)
        contents = {name: (str(rows), str(hashed)) for name, (rows, hashed) in manifest["contents"].items()}
        backup = Backup(source, str(manifest["made_at"]), manifest["revision"], contents)
    except OSError as error:
        raise BadInput(N_("{path} cannot be read: {reason}"), path=source, reason=error.strerror) from error
    except (zipfile.BadZipFile, KeyError, TypeError, ValueError, AttributeError) as error:
        message = N_("{path} is not a whole backup of Yizhan. Take another file made by `yizhan db backup`.")
        raise BadInput(message, path=source) from error
    if manifest.get("format") != FORMAT or not _is_known(backup.revision):
        message = N_("{path} was made by a newer Yizhan (tables {revision}). Update this program, then restore.")
        raise BadInput(message, path=source, revision=backup.revision or "?")
    return backup


def contents_here() -> Fingerprints:
    """Return rows and sums of every table and sequence of the database now."""
    with _moment() as connection:
        return _fingerprints(connection)


def holds_anything(contents: Mapping[str, tuple[str, str]]) -> bool:
    """Tell whether somebody has put something into a database with these contents.

    >>> holds_anything({"public.app_user": ("1", "77"), "public.area": ("0", "0"), "public.s": ("1", "false")})
    False
    """
    return any(
        rows != "0" and name not in WITHOUT_CONTENT and hashed not in USED for name, (rows, hashed) in contents.items()
    )


def restore(source: Path, *, replace: bool = False) -> list[Proof]:
    """Put a backup into the database, in one transaction that is kept only when every table proves equal.

    Older backups are then brought up to the tables of today. Raises BadInput for a file that is no backup or does not
    prove equal, Conflict when the database is not empty and ``replace`` is not given or somebody is working in it.
    """
    backup = read_backup(source)
    if not replace and holds_anything(contents_here()):
        raise Conflict(N_("The database is not empty. Restore with --replace to remove what is in it now."))
    settings().state_dir.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="restore-", dir=settings().state_dir) as folder:
        dump = Path(folder) / DUMP
        with zipfile.ZipFile(source) as archive, archive.open(DUMP) as packed, dump.open("wb") as unpacked:
            shutil.copyfileobj(packed, unpacked, 1 << 20)
        proofs = _refill(dump, backup.contents)
    owner_engine().dispose()
    cluster.ensure_running()
    migrate.upgrade()
    return proofs


def compare(in_file: Fingerprints, here: Fingerprints) -> list[Proof]:
    """Put both sides of every table together, by name.

    >>> [proof.equal for proof in compare({"a": ("1", "5")}, {"a": ("1", "5"), "b": ("2", "9")})]
    [True, False]
    """
    return [Proof(name, in_file.get(name), here.get(name)) for name in sorted(in_file.keys() | here.keys())]


@contextmanager
def _moment() -> Iterator[Connection]:
    """Open a transaction of the owner role that sees one moment of the whole database."""
    owner = owner_engine().execution_options(isolation_level="REPEATABLE READ")
    with connect(owner) as connection, connection.begin():
        connection.execute(text(SAME_TEXTS))
        yield connection


def _fingerprints(connection: Connection) -> Fingerprints:
    found = connection.execute(text((SQL / "fingerprint.sql").read_text()))
    return {name: (rows, hashed) for name, rows, hashed in found}


def _manifest(connection: Connection) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "revision": migrate.revision(connection),
        "postgresql": connection.scalar(text("SHOW server_version")),
        "postgis": connection.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")),
        "contents": _fingerprints(connection),
    }


def _manifest_of(archive: zipfile.ZipFile) -> Any:
    """Return the manifest of a whole archive, whose parts are stored unpacked: no small file becomes a big one."""
    parts = [archive.getinfo(MANIFEST), archive.getinfo(DUMP)]
    packed = any(part.compress_type != zipfile.ZIP_STORED for part in parts)
    if packed or parts[0].file_size > MANIFEST_BYTES or archive.testzip() is not None:
        raise zipfile.BadZipFile
    return json.loads(archive.read(MANIFEST))


@contextmanager
def _private_file(path: Path) -> Iterator[IO[bytes]]:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())


def _refill(dump: Path, expected: Fingerprints) -> list[Proof]:
    """Empty and refill the database in one transaction and compare; it is committed only when all is equal."""
    try:
        with dumps.conversation() as psql:
            psql.say(f"BEGIN; SET LOCAL client_min_messages = error; SET LOCAL lock_timeout = '{LOCK_PATIENCE_S}s';")
            psql.say((SQL / "clear.sql").read_text())
            psql.load(dump)
            psql.say(f"{SAME_TEXTS};")
            here = {name: (rows, hashed) for name, rows, hashed in psql.ask((SQL / "fingerprint.sql").read_text())}
            proofs = compare(expected, here)
            _require_equal(proofs)
            psql.say("COMMIT;")
            psql.ask("SELECT 1")
    except dumps.Refused as error:
        if "lock timeout" in str(error):
            raise Conflict(N_("Somebody is working in the database. Stop the server, then restore again.")) from error
        raise BadInput(
            N_("The backup could not be restored and nothing was changed: {reason}"), reason=error
        ) from error
    return proofs


def _require_equal(proofs: list[Proof]) -> None:
    unequal = [proof.name for proof in proofs if not proof.equal]
    if unequal:
        message = N_("The restored tables are not equal to the backup ({tables}). Nothing was changed.")
        raise BadInput(message, tables=", ".join(unequal))


def _is_known(revision: str | None) -> bool:
    try:
        return (
            revision is None or ScriptDirectory.from_config(migrate.configuration()).get_revision(revision) is not None
        )
    except CommandError:
        return False
