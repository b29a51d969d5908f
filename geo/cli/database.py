"""``yizhan db``: start, stop, status, migrate, backup, restore."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import make_url

from geo.cli.showing import lines, say, say_json, table
from geo.errors import StoreUnavailable
from geo.i18n import N_, _, number
from geo.jobs.scheduler import interrupt_running
from geo.store import backup as backups
from geo.store import cluster, migrate
from geo.store.session import connect, owner_engine

File = Annotated[Path, typer.Argument(help=N_("The backup file."))]
Json = Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))]


LABELS = {
    "where": N_("address"),
    "postgresql": N_("PostgreSQL"),
    "pid": N_("process"),
    "data": N_("data"),
    "log": N_("log"),
    "tables": N_("version of the tables"),
    "program": N_("version the program needs"),
}


def add_to(app: typer.Typer) -> None:
    """Add the commands of the database."""
    db = typer.Typer(help=N_("The database: start, stop, status, migrate, backup, restore."), no_args_is_help=True)
    db.command(help=N_("Start the private database, making it when there is none."))(start)
    db.command(help=N_("Stop the private database; running jobs end."))(stop)
    db.command(help=N_("Tell whether the database runs, where it is and which version its tables have."))(status)
    db.command(help=N_("Bring the tables up to this program's version."))(migrate_tables)
    db.registered_commands[-1].name = "migrate"
    db.command(help=N_("Write the whole database to one file, without passwords and keys."))(backup)
    db.command(help=N_("Put a backup into the database and prove every table equal."))(restore)
    app.add_typer(db, name="db")


def start() -> None:
    """Start the private database, or check that the one named by DATABASE_URL will do."""
    cluster.ensure_running()
    migrate.upgrade()
    say(_("The database runs: {where}", where=where()))


def stop() -> None:
    """Stop the private database; StoreUnavailable for one that is not ours."""
    if not cluster.is_private():
        raise StoreUnavailable(N_("The database named by DATABASE_URL is not this program's to stop."))
    if cluster.private().status().ready and _revision() is not None:
        interrupt_running()
    stopped = cluster.private().stop()
    say(_("The database was stopped.") if stopped else _("The database was not running."))


def status(*, as_json: Json = False) -> None:
    """Show where the database is, whether it answers and its revision; exit 1 when it does not answer."""
    private = cluster.private().status() if cluster.is_private() else None
    ready = private.ready if private is not None else True
    revision = _revision() if ready else None
    about = {
        "running": ready,
        "where": where(),
        "pid": private.pid if private else None,
        "postgresql": private.version if private else None,
        "data": private.data if private else None,
        "log": private.log if private else None,
        "tables": revision,
        "program": migrate.head(),
    }
    if as_json:
        say_json(about)
    else:
        say(_("The database runs.") if ready else _("The database does not run. Start it: yizhan db start"))
        say(lines([[_(LABELS[name]), value] for name, value in about.items() if name in LABELS and value is not None]))
    if not ready:
        raise typer.Exit(1)


def migrate_tables() -> None:
    """Migrate to the newest version; does nothing when the tables are there already."""
    cluster.ensure_running()
    migrate.upgrade()
    say(_("The tables are at version {version}.", version=migrate.head()))


def backup(file: File) -> None:
    """Write a backup and tell what is in it."""
    cluster.ensure_running()
    written = backups.write_backup(file)
    say(
        _(
            "{path} written: {size} MB, {buildings} buildings, {tables} tables.",
            path=file,
            size=f"{file.stat().st_size / 1e6:.1f}",
            buildings=number(written.rows("building")),
            tables=written.tables,
        )
    )


def restore(
    file: File,
    *,
    replace: Annotated[bool, typer.Option(help=N_("Remove what is in the database now."))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=N_("Do not ask before removing."))] = False,
) -> None:
    """Restore a backup, after asking when something would be removed, and show the proof per table."""
    cluster.ensure_running()
    found = backups.read_backup(file)
    here = backups.contents_here()
    if replace and not yes and backups.holds_anything(here):
        question = _(
            "This removes {here} buildings and everything else from the database and puts {there} buildings "
            "of {made_at} in their place. Go on?",
            here=here.get("public.building", ("0", ""))[0],
            there=found.rows("building"),
            made_at=found.made_at,
        )
        typer.confirm(question, abort=True)
    proofs = backups.restore(file, replace=replace)
    shown = [
        [proof.name.removeprefix("public."), proof.in_file[0], proof.here[0], proof.here[1], _("equal")]
        for proof in proofs
        if proof.in_file and proof.here and not proof.is_sequence
    ]
    say(table([_("table"), _("rows in the backup"), _("rows here"), _("checksum"), _("proof")], shown))
    say(_("Restored: {tables} tables are equal to the backup.", tables=len(shown)))


def where() -> str:
    """Return the address of the database without its password: the socket's folder for the private one."""
    url = make_url(cluster.addresses().app_url)
    return str(url.query.get("host") or url.set(drivername="postgresql").render_as_string(hide_password=True))


def _revision() -> str | None:
    with connect(owner_engine()) as connection:
        return migrate.revision(connection)
