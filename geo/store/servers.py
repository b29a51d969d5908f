"""Finding the PostgreSQL programs that come with PostGIS, and running them as a user who may."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from geo.errors import StoreUnavailable
from geo.i18n import N_

DEBIAN_PROGRAMS = Path("/usr/lib/postgresql")
DEBIAN_SHARE = Path("/usr/share/postgresql")
PLAIN_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class Programs:
    """The folder with initdb, pg_ctl and postgres of one installed major version."""

    folder: Path
    major: int

    def path(self, name: str) -> str:
        """Return the path of one program, such as ``pg_ctl``."""
        return str(self.folder / name)


@dataclass(frozen=True)
class ServerUser:
    """The operating system user the server runs as; ``uid`` differs from ours only when we are root."""

    name: str
    uid: int
    gid: int
    home: Path


def installed() -> list[Programs]:
    """Return the installed majors that have PostGIS, newest first."""
    found = {
        int(folder.parent.name): Programs(folder, int(folder.parent.name))
        for folder in DEBIAN_PROGRAMS.glob("*/bin")
        if folder.parent.name.isdigit()
        and (folder / "initdb").exists()
        and (DEBIAN_SHARE / folder.parent.name / "extension" / "postgis.control").exists()
    }
    if not found:
        found = _from_pg_config()
    return [found[major] for major in sorted(found, reverse=True)]


def _from_pg_config() -> dict[int, Programs]:
    config = shutil.which("pg_config")
    if config is None:
        return {}
    told = [_told(config, option) for option in ("--bindir", "--sharedir", "--version")]
    folder, share, version = Path(told[0]), Path(told[1]), told[2].split()
    if not (share / "extension" / "postgis.control").exists() or not (folder / "initdb").exists():
        return {}
    major = int(version[1].split(".")[0])
    return {major: Programs(folder, major)}


def _told(config: str, option: str) -> str:
    return subprocess.run([config, option], check=True, capture_output=True, text=True).stdout.strip()


def choose(major: int | None = None) -> Programs:
    """Return the programs of ``major``, or the newest that have PostGIS.

    Raises StoreUnavailable when they are not installed.
    """
    candidates = installed()
    if major is None and candidates:
        return candidates[0]
    for programs in candidates:
        if programs.major == major:
            return programs
    if major is None:
        raise StoreUnavailable(
            N_(
                "No PostgreSQL with PostGIS is installed here. Install it (Debian: apt install postgresql-postgis)"
                " or set DATABASE_URL to a PostGIS that can be reached."
            )
        )
    raise StoreUnavailable(
        N_(
            "The data was made by PostgreSQL {major}, which is not installed here with PostGIS any more."
            " Install it again (Debian: apt install postgresql-{major}-postgis-3)."
        ),
        major=major,
    )


def server_user(home: Path) -> ServerUser:
    """Return who runs the server whose files lie in ``home``: ourselves; for root the folder's owner, else postgres.

    PostgreSQL refuses to run as root. Raises StoreUnavailable when the files belong to somebody else.
    """
    owner = home.stat().st_uid if home.exists() else None
    me = os.geteuid()
    if me == 0:
        entry = pwd.getpwuid(owner) if owner else _postgres()
    elif owner in (None, me):
        entry = pwd.getpwuid(me)
    else:
        raise StoreUnavailable(
            N_(
                "The database files in {folder} belong to another user ({owner})."
                " Run this as root or as that user, or set YIZHAN_STATE_DIR to a folder of your own."
            ),
            folder=home,
            owner=owner,
        )
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid, Path(entry.pw_dir))


def _postgres() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam("postgres")
    except KeyError:
        raise StoreUnavailable(
            N_(
                "PostgreSQL does not run as root and there is no user postgres. Install PostgreSQL with PostGIS"
                " (Debian: apt install postgresql-postgis) or run this as a normal user."
            )
        ) from None


def run_as(user: ServerUser, command: Sequence[str], timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program as ``user`` from the root folder with a plain environment; its output is captured."""
    other = os.geteuid() != user.uid
    return subprocess.run(
        command,
        cwd="/",
        env=PLAIN_ENVIRONMENT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=timeout_s,
        check=False,
        umask=0o077,
        user=user.uid if other else None,
        group=user.gid if other else None,
        extra_groups=[] if other else None,
    )


def can_enter(user: ServerUser, folder: Path) -> bool:
    """Tell whether ``user`` may pass through the existing ``folder``."""
    return run_as(user, ["test", "-x", str(folder)]).returncode == 0
