"""``yizhan audit``: prove that the log is as it was written, and write it to a file."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from geo.access.actor import OPERATOR
from geo.access.log_filter import LogFilter
from geo.cli.showing import lines, say, say_json
from geo.errors import BadInput
from geo.exchange.log_files import FORMATS, log_file
from geo.i18n import N_, _, listed, number
from geo.store import chain, cluster, migrate
from geo.store.session import reading

DAY = ["%Y-%m-%d"]


def add_to(app: typer.Typer) -> None:
    """Add the commands of the log."""
    audit = typer.Typer(help=N_("The log of who did and saw what: verify, export."), no_args_is_help=True)
    audit.command(help=N_("Check every entry against the chain of hashes; exit 1 when one is not as it was written."))(
        verify
    )
    audit.command(help=N_("Write the log to a CSV or XLSX file, which is itself an entry of the log."))(export)
    app.add_typer(audit, name="audit")


def verify(
    *,
    since: Annotated[
        str | None,
        typer.Option(metavar="HASH", help=N_("A hash noted down earlier, which must still be in the chain.")),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    """Check the whole chain and show its head to note down; exit 1 when something is wrong."""
    cluster.ensure_running()
    migrate.upgrade()
    with reading(OPERATOR) as connection:
        verdict = chain.verify(connection, noted=since)
    if as_json:
        say_json({**asdict(verdict), "holds": verdict.holds})
    else:
        _say(verdict)
    if not verdict.holds:
        raise typer.Exit(1)


def _say(verdict: chain.Verdict) -> None:
    head = verdict.head
    count = number(head.no) if head else number(0)
    if verdict.cut:
        say(_("The number noted down is not in the chain: its end was cut off or written anew. Compare with a backup."))
    if verdict.found:
        say(_("{count} entries are not as they were written. Compare with a backup.", count=number(verdict.found)))
        say(lines([[link.no or "-", link.entry_id, _(chain.PROBLEM_LABELS[link.problem])] for link in verdict.broken]))
    if verdict.holds:
        say(_("All {count} entries are as they were written.", count=count))
    if verdict.noted_no is not None and head is not None:
        later = number(head.no - verdict.noted_no)
        say(_("The number noted down is in the chain; {count} entries came after it.", count=later))
    if head is not None:
        written = f"{head.at:%Y-%m-%d %H:%M:%S %Z}" if head.at else _("unknown")
        say(_("Last entry: {moment}. Note this down elsewhere: {hash}", moment=written, hash=head.hash))


def export(
    *,
    out: Annotated[Path, typer.Option(help=N_("The file to write; its name ends in .csv or .xlsx."))],
    first: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help=N_("The first day; all by default."))
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", formats=DAY, help=N_("The last day; today by default."))
    ] = None,
) -> None:
    """Write the log of a period, the newest entries first."""
    fmt = out.suffix.removeprefix(".").lower()
    if fmt not in FORMATS or not out.parent.is_dir():
        raise BadInput(
            N_("{path} cannot be written. Name a file in a folder that exists, ending in one of: {choices}."),
            path=out,
            choices=listed(f".{name}" for name in FORMATS),
        )
    cluster.ensure_running()
    migrate.upgrade()
    wanted = LogFilter(from_on=first.date() if first else None, until_on=until.date() if until else None)
    out.write_bytes(log_file(OPERATOR, wanted, fmt))
    say(_("{path} written.", path=out))
