"""PostgreSQL's own dump programs, spoken to as the owner role; no password is ever on a command line."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import IO

from sqlalchemy import make_url

from geo.errors import StoreUnavailable
from geo.i18n import N_
from geo.store import cluster, servers
from geo.store.session import connect, owner_engine

BLOCK = 1 << 20
NOT_RESTORED = (" EXTENSION ", " COMMENT - EXTENSION ", " SCHEMA - public ", " COMMENT - SCHEMA public ")
"""Made by the superuser before a restore; the owner role may not."""
BEGINS, ENDS = "answer-begins", "answer-ends"


class Refused(Exception):
    """A program of PostgreSQL ended with an error; the text is its last complaint."""


def dump(snapshot: str, target: IO[bytes]) -> None:
    """Write a custom-format dump of the moment of an exported snapshot; Refused when it fails."""
    command = _as_owner("pg_dump", "-Fc", "--no-owner", "-T", "public.spatial_ref_sys", f"--snapshot={snapshot}")
    with tempfile.TemporaryFile() as complaints:
        with subprocess.Popen(command, env=_environment(), stdout=subprocess.PIPE, stderr=complaints) as dumping:
            shutil.copyfileobj(_pipe(dumping.stdout), target, BLOCK)
        if dumping.returncode:
            raise Refused(_last_complaint(complaints))


class Conversation:
    """A running psql: statements go in, answers of the last query come back; all is undone unless COMMIT was said."""

    def __init__(self, process: subprocess.Popen[bytes], complaints: IO[bytes]) -> None:
        self._process = process
        self._complaints = complaints
        self._into, self._out = _pipe(process.stdin), _pipe(process.stdout)

    def say(self, statements: str) -> None:
        """Send statements; Refused when one before them failed."""
        try:
            self._into.write(statements.encode() + b"\n")
            self._into.flush()
        except BrokenPipeError as error:
            raise self._refused() from error

    def load(self, path: Path) -> None:
        """Send the statements that restore a custom-format dump, without what the owner role may not make."""
        program = str(programs() / "pg_restore")
        listed = subprocess.run([program, "-l", path], env=servers.PLAIN_ENVIRONMENT, capture_output=True, check=False)
        kept = [line for line in listed.stdout.decode().splitlines() if not any(part in line for part in NOT_RESTORED)]
        wanted = path.with_suffix(".list")
        wanted.write_text("\n".join(kept))
        script = [program, "-f", "-", "--no-owner", "-L", str(wanted), str(path)]
        with tempfile.TemporaryFile() as complaints:
            restored = subprocess.run(
                script, env=servers.PLAIN_ENVIRONMENT, stdout=self._into, stderr=complaints, check=False
            )
            if listed.returncode or restored.returncode:
                self._process.stdin = None
                self._into.close()
                self._process.wait()
                raise Refused(_last_complaint(self._complaints) or _last_complaint(complaints))

    def ask(self, query: str) -> list[list[str]]:
        """Return the rows of a query as texts; Refused when a statement before it or the query itself failed."""
        self.say(f"SELECT '{BEGINS}';\n{query};\nSELECT '{ENDS}';")
        lines: list[str] = []
        while (line := self._out.readline()) != f"{ENDS}\n".encode():
            if not line:
                raise self._refused()
            lines.append(line.decode().rstrip("\n"))
        return [line.split("\t") for line in lines[lines.index(BEGINS) + 1 :]]

    def _refused(self) -> Refused:
        self._process.wait()
        return Refused(_last_complaint(self._complaints))


@contextmanager
def conversation() -> Iterator[Conversation]:
    """Open psql as the owner role; it is ended at the end, and with it what it has not committed."""
    command = _as_owner("psql", "-XqAt", "-F", "\t", "-v", "ON_ERROR_STOP=1")
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(
            command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=complaints
        )
        try:
            yield Conversation(process, complaints)
        finally:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                _close(pipe)


def programs() -> Path:
    """Return the folder of dump programs that fit the server: its own major version, else the next newer one."""
    with connect(owner_engine()) as connection:
        major = connection.connection.driver_connection.info.server_version // 10_000  # type: ignore[union-attr]
    return _programs(major)


@cache
def _programs(major: int) -> Path:
    folders = {int(path.parent.parent.name): path.parent for path in servers.DEBIAN_PROGRAMS.glob("[0-9]*/bin/pg_dump")}
    elsewhere = shutil.which("pg_dump")
    if elsewhere is not None:
        told = subprocess.run([elsewhere, "--version"], capture_output=True, text=True, check=True).stdout
        found = re.search(r"(\d+)", told)
        folders.setdefault(int(found.group(1)) if found else 0, Path(elsewhere).parent)
    fitting = sorted(version for version in folders if version >= major)
    if not fitting:
        raise StoreUnavailable(
            N_("The dump programs of PostgreSQL {major} are missing. Debian: apt install postgresql-client-{major}."),
            major=major,
        )
    return folders[fitting[0]]


def _as_owner(program: str, *options: str) -> list[str]:
    address = make_url(cluster.addresses().owner_url).set(drivername="postgresql", password=None)
    where = address.render_as_string(hide_password=False)
    return [str(programs() / program), "--no-password", f"--dbname={where}", *options]


def _environment() -> dict[str, str]:
    password = make_url(cluster.addresses().owner_url).password
    return servers.PLAIN_ENVIRONMENT | ({"PGPASSWORD": str(password)} if password else {})


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise BrokenPipeError
    return pipe


def _close(pipe: IO[bytes] | None) -> None:
    try:
        if pipe is not None:
            pipe.close()
    except BrokenPipeError:
        return


def _last_complaint(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    told = [line for line in complaints.read().decode(errors="replace").splitlines() if "error:" in line.lower()]
    return re.sub(r".*error:\s*", "", told[-1], flags=re.IGNORECASE) if told else ""
