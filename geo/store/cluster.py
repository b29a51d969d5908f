"""The private PostGIS cluster: made, started, stopped and recovered under the project's own folder.

It listens on a Unix socket only, in a folder of its own, so that checkouts never meet; who may connect as which role is
decided by the operating system (peer), without passwords.
"""

import fcntl
import hashlib
import os
import pwd
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import psutil
import psycopg
from sqlalchemy import URL, make_url

from geo.errors import NoRoom, StoreUnavailable
from geo.i18n import N_
from geo.settings import settings
from geo.store import disk, provision, servers
from geo.store.provision import APP, DATABASE, OWNER, SUPERUSER

PORT = 5432
"""Only the last part of the socket's name: every cluster has its own socket folder."""
SOCKET_PATH_BYTES = 107
SHORT_FOLDERS = Path("/tmp")  # noqa: S108
INITDB = ("-E", "UTF8", "--locale=C.UTF-8", "--auth-local=peer", "--auth-host=scram-sha-256")
START_PATIENCE_S = 60.0
STOP_PATIENCE_S = 60
PAUSE_S = 0.1


@dataclass(frozen=True)
class Addresses:
    """Where the database is, as SQLAlchemy URLs: for the plain app role and for the role that owns the tables."""

    app_url: str
    owner_url: str


@dataclass(frozen=True)
class Status:
    """What is known about the private cluster; ``version`` is None before it was made, ``pid`` while it is stopped."""

    running: bool
    ready: bool
    pid: int | None
    version: int | None
    data: Path
    socket: Path
    log: Path


class Cluster:
    """One private cluster whose files lie below ``state_dir`` (or in the postgres home when that cannot be entered)."""

    def __init__(self, state_dir: Path, *, durable: bool = True, ballast_mb: int = 0) -> None:
        self.state_dir = Path(os.path.abspath(state_dir))  # noqa: PTH100
        self.durable = durable
        self.ballast_mb = ballast_mb
        self.home = _home(self.state_dir)
        self.user = servers.server_user(self.home)
        self.data = self.home / "data"
        self.log = self.home / "server.log"
        self.ballast = self.home / "ballast"
        self.socket = _socket_folder(self.home, self.user)

    def addresses(self, database: str = DATABASE) -> Addresses:
        """Return the addresses of a database of this cluster; starts nothing."""
        return Addresses(self._url(APP, database), self._url(OWNER, database))

    def _url(self, role: str, database: str) -> str:
        query = {"host": str(self.socket), "port": str(PORT)}
        url = URL.create("postgresql+psycopg", username=role, database=database, query=query)
        return url.render_as_string(hide_password=False)

    def superuser(self, database: str = "postgres") -> psycopg.Connection:
        """Connect as the superuser, each statement its own transaction: for making things, never for the app's work."""
        return psycopg.connect(host=str(self.socket), port=PORT, user=SUPERUSER, dbname=database, autocommit=True)

    def status(self) -> Status:
        """Tell whether the cluster was made, runs and answers."""
        version_file = self.data / "PG_VERSION"
        version = int(version_file.read_text()) if version_file.exists() else None
        pid = self._server_pid()
        ready = pid is not None and version is not None and self._answers(servers.choose(version))
        return Status(pid is not None, ready, pid, version, self.data, self.socket, self.log)

    def ensure_running(self) -> Addresses:
        """Make the cluster if there is none, start it if it does not run, and put roles, database and extensions right.

        Safe when several processes do it at once. Raises StoreUnavailable saying what to install or where the log is.
        """
        self.state_dir.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if not self.status().ready:
                self._make()
                self._start()
            with self.superuser() as connection:
                provision.roles_and_database(connection)
            with self.superuser(DATABASE) as connection:
                provision.extensions(connection)
        return self.addresses()

    def stop(self) -> bool:
        """Stop the server cleanly, giving up the ballast when the disk is full; tell whether it was running."""
        if not self.state_dir.exists():
            return False
        with self._alone():
            return self._stop("fast")

    def recover(self) -> Addresses:
        """Bring the cluster back after a crash, a power cut or a full disk, whatever state it was left in."""
        self.state_dir.mkdir(parents=True, exist_ok=True)
        with self._alone():
            if self.data.exists() and not self.status().ready:
                self.ballast.unlink(missing_ok=True)
                self._stop("immediate")
        return self.ensure_running()

    def remove(self) -> None:
        """Stop the server and delete the whole cluster with every record in it."""
        self.stop()
        for folder in (self.socket, self.home):
            shutil.rmtree(folder, ignore_errors=True)
        with suppress(OSError):
            self.socket.parent.rmdir()

    def _stop(self, how: str) -> bool:
        status = self.status()
        if not status.running or status.version is None:
            return False
        disk.give_up_ballast(self.ballast, low_mb=self.ballast_mb)
        programs = servers.choose(status.version)
        stop = [programs.path("pg_ctl"), "stop", "-D", str(self.data), "-w", "-t", str(STOP_PATIENCE_S), "-m"]
        if servers.run_as(self.user, [*stop, how]).returncode and self._server_pid() is not None:
            servers.run_as(self.user, [*stop, "immediate"])
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        with (self.state_dir / "cluster.lock").open("a") as lock:
            if os.geteuid() == 0:
                os.fchown(lock.fileno(), self.user.uid, self.user.gid)
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make(self) -> None:
        if (self.data / "PG_VERSION").exists():
            return
        programs = servers.choose()
        disk.require_free_space(self.state_dir, 64 * disk.MB)
        self._own_folder(self.home)
        fresh = self.home / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        haste = [] if self.durable else ["--no-sync"]
        made = servers.run_as(self.user, [programs.path("initdb"), "-D", str(fresh), "-U", SUPERUSER, *INITDB, *haste])
        if made.returncode:
            raise StoreUnavailable(
                N_("The database could not be made in {folder}: {reason}"), folder=self.home, reason=_last(made.stderr)
            )
        fresh.rename(self.data)

    def _own_folder(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if folder.stat().st_uid != self.user.uid:
            os.chown(folder, self.user.uid, self.user.gid)

    def _start(self) -> None:
        programs = servers.choose(int((self.data / "PG_VERSION").read_text()))
        self._own_folder(self.socket)
        disk.give_up_ballast(self.ballast, low_mb=self.ballast_mb)
        self._write_configuration()
        deadline = time.monotonic() + START_PATIENCE_S
        while not self._answers(programs):
            if time.monotonic() > deadline:
                self._explain_failure()
            if self._server_pid() is None:
                self._remove_foreign_pid_file()
                start = [programs.path("pg_ctl"), "start", "-D", str(self.data), "-l", str(self.log), "-w", "-t", "30"]
                servers.run_as(self.user, start)
            time.sleep(PAUSE_S)
        disk.keep_ballast(self.ballast, self.ballast_mb)

    def _explain_failure(self) -> None:
        written = self.log.read_text(errors="replace") if self.log.exists() else ""
        if "No space left on device" in written[-5000:]:
            raise NoRoom(
                N_("The disk of {folder} is full, so the database cannot start. Free some space and try again."),
                folder=self.home,
            )
        raise StoreUnavailable(
            N_("The database in {folder} does not start: {reason}. The whole story is in {log}."),
            folder=self.home,
            reason=_last(written),
            log=self.log,
        )

    def _write_configuration(self) -> None:
        data = self.data
        self._write(data / "postgresql.auto.conf", provision.configuration(self.socket, PORT, durable=self.durable))
        self._write(data / "pg_hba.conf", "local all all peer map=yizhan\n")
        people = sorted({pwd.getpwuid(0).pw_name, self.user.name})
        lines = [f'yizhan "{name}" {role}\n' for name in people for role in (SUPERUSER, OWNER, APP)]
        self._write(data / "pg_ident.conf", "".join(lines))

    def _write(self, path: Path, content: str) -> None:
        path.write_text(content)
        path.chmod(0o600)
        os.chown(path, self.user.uid, self.user.gid)

    def _answers(self, programs: servers.Programs) -> bool:
        asked = servers.run_as(self.user, [programs.path("pg_isready"), "-q", "-h", str(self.socket), "-p", str(PORT)])
        return asked.returncode == 0

    def _pid_in_file(self) -> int | None:
        try:
            return abs(int((self.data / "postmaster.pid").read_text().split()[0]))
        except (FileNotFoundError, IndexError, ValueError):
            return None

    def _server_pid(self) -> int | None:
        """Return our server's pid: the file outlives a kill -9, and its number may be another program's by then."""
        pid = self._pid_in_file()
        return pid if pid is not None and self._is_ours(pid) else None

    def _is_ours(self, pid: int) -> bool:
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self.data.resolve()
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            return False

    def _remove_foreign_pid_file(self) -> None:
        """PostgreSQL sorts out a dead pid itself, but refuses to start when the number now is another program's."""
        pid = self._pid_in_file()
        if pid is None or not psutil.pid_exists(pid):
            return
        if not any(self._is_ours(other) for other in psutil.pids()):
            (self.data / "postmaster.pid").unlink(missing_ok=True)


def _last(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "?"


def _home(state_dir: Path) -> Path:
    inside = state_dir / "cluster"
    if os.geteuid() != 0 or inside.exists():
        return inside
    postgres = servers.server_user(inside)
    outside = postgres.home / f"yizhan-{_digest(state_dir)}"
    existing = next(folder for folder in (state_dir, *state_dir.parents) if folder.exists())
    return outside if outside.exists() or not servers.can_enter(postgres, existing) else inside


def _socket_folder(home: Path, user: servers.ServerUser) -> Path:
    for parent in (home, user.home / f"yizhan-{_digest(home)}"):
        if parent == home or os.geteuid() == 0:
            folder = parent / "socket"
            if len(os.fsencode(folder / f".s.PGSQL.{PORT}.lock")) <= SOCKET_PATH_BYTES:
                return folder
    folder = SHORT_FOLDERS / f"yizhan-{user.uid}-{_digest(home)}"
    if folder.is_symlink() or (folder.exists() and not _is_private(folder, user)):
        raise StoreUnavailable(
            N_("{folder} is not a private folder of {user}. Remove it, or set YIZHAN_STATE_DIR to a shorter path."),
            folder=folder,
            user=user.name,
        )
    return folder


def _is_private(folder: Path, user: servers.ServerUser) -> bool:
    about = folder.lstat()
    return about.st_uid == user.uid and not about.st_mode & 0o077


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


@cache
def _private(state_dir: Path, ballast_mb: int) -> Cluster:
    return Cluster(state_dir, ballast_mb=ballast_mb)


def private() -> Cluster:
    """Return the private cluster of the current settings."""
    return _private(settings().state_dir, settings().ballast_mb)


def is_private() -> bool:
    """Tell whether the app uses its own cluster rather than a database named by DATABASE_URL."""
    return settings().database_url is None


def external() -> Addresses | None:
    """Return the addresses of the database named by DATABASE_URL, None when the private cluster is used."""
    named = settings().database_url
    if named is None:
        return None
    return Addresses(_with_driver(named), _with_driver(settings().owner_database_url or named))


def _with_driver(url: str) -> str:
    return make_url(url).set(drivername="postgresql+psycopg").render_as_string(hide_password=False)


def addresses() -> Addresses:
    """Return where the database is; starts nothing."""
    return external() or private().addresses()


def ensure_running() -> Addresses:
    """Return where the database is, after starting the private cluster or checking that the named database will do.

    Raises StoreUnavailable when it cannot be started, cannot be reached within 15 s, or is too old.
    """
    named = external()
    if named is None:
        return private().ensure_running()
    provision.check_external(named.app_url, named.owner_url)
    return named
