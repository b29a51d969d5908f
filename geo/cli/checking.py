"""``yizhan check``: what is well, what is not, and what to do."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer
from sqlalchemy import Connection, text

from geo.access.keyring import key_problems
from geo.cli.showing import say, say_json
from geo.errors import YizhanError
from geo.i18n import N_, _, labelled, number
from geo.settings import ROOT, settings
from geo.store import checks, cluster, disk
from geo.store.session import connect, engine

State = Literal["ok", "warn", "fail"]

MARKS: dict[State, str] = {"ok": N_("ok"), "warn": N_("warning"), "fail": N_("wrong")}
LITTLE_MB, VERY_LITTLE_MB = 2_000, 300
HARMLESS = frozenset({"not_leakproof"})
ASSETS = ("leaflet/dist/leaflet.js", "protomaps-leaflet/dist/protomaps-leaflet.js")
WITHOUT_POLICY = """
SELECT c.relname FROM pg_class c
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
  AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'community_id' AND NOT a.attisdropped)
  AND (NOT c.relrowsecurity OR NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid))
ORDER BY c.relname
"""


@dataclass(frozen=True)
class Line:
    """One thing that was looked at, how it is, and what to do when it is not well."""

    code: str
    state: State
    text: str


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=N_("Look at database, disk, browser parts, fonts and texts; say what is wrong and what to do."))(
        check
    )


def check(*, as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False) -> None:
    """Show every line; exit 1 when one is wrong."""
    lines = list(all_lines())
    if as_json:
        say_json([asdict(line) for line in lines])
    else:
        for line in lines:
            say(labelled(_(MARKS[line.state]), line.text))
    if any(line.state == "fail" for line in lines):
        raise typer.Exit(1)


def all_lines() -> Iterator[Line]:
    """Return every line of the check."""
    yield from _database()
    looks: tuple[Callable[[], Line], ...] = (_disk, _ballast, _assets, _fonts, _catalogues)
    for look in looks:
        yield look()


def _database() -> Iterator[Line]:
    if cluster.is_private() and not cluster.private().status().ready:
        yield Line("store", "fail", _("The database does not run. Start it: yizhan db start"))
        return
    try:
        with connect(engine()) as connection:
            yield Line("store", "ok", _versions(connection))
            yield from _problems(connection)
            yield _policies(connection)
            yield from _keys(connection)
    except YizhanError as error:
        yield Line("store", "fail", error.text())


def _versions(connection: Connection) -> str:
    return _(
        "The database answers: PostgreSQL {postgresql}, PostGIS {postgis}.",
        postgresql=connection.scalar(text("SHOW server_version")),
        postgis=connection.scalar(text("SELECT extversion FROM pg_extension WHERE extname = 'postgis'")) or "-",
    )


def _problems(connection: Connection) -> Iterator[Line]:
    problems = checks.store_problems(connection)
    for problem in problems:
        yield Line(problem.code, "warn" if problem.code in HARMLESS else "fail", problem.text())
    if not problems:
        yield Line("tables", "ok", _("Versions, extensions, the leak-proof mark and the tables are as they should be."))


def _policies(connection: Connection) -> Line:
    without = list(connection.scalars(text(WITHOUT_POLICY)))
    if without:
        message = _("Row security is missing on {tables}. Run: yizhan db migrate", tables=", ".join(without))
        return Line("policies", "fail", message)
    return Line("policies", "ok", _("Every table that belongs to a community has its row policy."))


def _keys(connection: Connection) -> Iterator[Line]:
    if connection.scalar(text("SELECT to_regnamespace('personal')")) is None:
        return
    problems = key_problems(connection)
    for problem in problems:
        yield Line(problem.code, "fail", problem.text())
    if not problems:
        yield Line("keys", "ok", _("The keys that seal personal data are here, or none was needed yet."))


def _disk() -> Line:
    free_mb = disk.free_bytes(settings().state_dir) // disk.MB
    values = {"free": number(free_mb), "folder": settings().state_dir}
    if free_mb < LITTLE_MB:
        message = _("Only {free} MB are free at {folder}. Free some space before importing.", **values)
        return Line("disk", "fail" if free_mb < VERY_LITTLE_MB else "warn", message)
    return Line("disk", "ok", _("{free} MB are free at {folder}.", **values))


def _ballast() -> Line:
    if not cluster.is_private() or settings().ballast_mb == 0:
        return Line("ballast", "ok", _("No ballast file is wanted here."))
    if cluster.private().ballast.exists():
        return Line("ballast", "ok", _("The ballast file of {size} MB is there.", size=settings().ballast_mb))
    return Line("ballast", "warn", _("The ballast file is not there: free some space, then run: yizhan db start"))


def _assets() -> Line:
    missing = [name for name in ASSETS if not (ROOT / "node_modules" / name).is_file()]
    if missing:
        message = _("Browser parts are missing ({names}). Run: npm ci --ignore-scripts", names=", ".join(missing))
        return Line("assets", "fail", message)
    return Line("assets", "ok", _("The browser parts of the map are there."))


def _fonts() -> Line:
    lister = shutil.which("fc-list")
    found = subprocess.run([lister, ":lang=zh"], capture_output=True, check=False).stdout if lister else b""
    if found.strip():
        return Line("fonts", "ok", _("A font with Chinese characters is installed."))
    return Line("fonts", "warn", _("No font with Chinese characters was found. Debian: apt install fonts-noto-cjk"))


def _catalogues() -> Line:
    sources = list(Path(ROOT / "geo" / "locale").glob("*/LC_MESSAGES/yizhan.po"))
    stale = [po.parent.parent.name for po in sources if not _is_compiled(po)]
    if stale or not sources:
        message = _(
            "The texts of {languages} are not compiled. Run: make translations", languages=", ".join(stale) or "-"
        )
        return Line("texts", "warn", message)
    return Line("texts", "ok", _("The texts of every language are compiled."))


def _is_compiled(po: Path) -> bool:
    return po.with_suffix(".mo").is_file()
