"""``yizhan import`` and ``yizhan export``: files in and out, by the same path as the pages."""

from pathlib import Path
from typing import Annotated, Any

import typer

from geo.access.actor import OPERATOR
from geo.cli.showing import job_follower, lines, say, say_json, table
from geo.errors import BadInput
from geo.i18n import N_, _, labelled, listed, number
from geo.jobs import runner
from geo.store import cluster, migrate

UNDO = "undo"
SHOWN = 20
COUNTS = {
    "read": N_("rows read"),
    "accepted": N_("accepted"),
    "repaired": N_("repaired"),
    "refused": N_("refused"),
    "new": N_("new records"),
    "changed": N_("changed records"),
    "unchanged": N_("unchanged records"),
    "waiting": N_("waiting for the place they belong to"),
    "moved": N_("moved to their place"),
}


def add_to(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("import", help=N_("Import a file: areas, compounds, buildings … posts; or undo an import."))(import_)
    app.command(help=N_("Write layers to a GeoPackage, GeoJSON or XLSX file."))(export)


def import_(  # noqa: PLR0913
    kind: Annotated[str, typer.Argument(help=N_("What the file holds, such as buildings; or undo."))],
    source: Annotated[str, typer.Argument(metavar="FILE", help=N_("The file; after undo the number of the import."))],
    datum: Annotated[str | None, typer.Option(help=N_("wgs84, cgcs2000, gcj02, bd09 or EPSG:number."))] = None,
    layer: Annotated[str | None, typer.Option(help=N_("Which layer or sheet, when the file has several."))] = None,
    mapping: Annotated[
        list[str] | None, typer.Option("--map", help=N_("field=column, over what was recognised; may be repeated."))
    ] = None,
    *,
    system: Annotated[
        str | None, typer.Option(help=N_("Of requests: the system their numbers are from; by default the file's name."))
    ] = None,
    dry_run: Annotated[bool, typer.Option(help=N_("Only show what would happen."))] = False,
    trust: Annotated[bool, typer.Option(help=N_("Keep the datum even where the map contradicts it."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    """Import or undo as a job and follow it; exit 1 when rows were refused."""
    if kind == UNDO:
        params: dict[str, Any] = {"run_id": _run_number(source)}
        task = "import_undo"
    else:
        params = {
            "kind": _known(kind),
            "datum": _named(kind, datum),
            "layer": layer,
            "mapping": _columns(mapping or []) | ({"system": f"={system}"} if system else {}),
            "path": str(_existing(source)),
            "dry_run": dry_run,
            "trust": trust,
        }
        task = "import_file"
    cluster.ensure_running()
    migrate.upgrade()
    view = runner.run_now(OPERATOR, task, params, follow=job_follower())
    result = runner.must_have_worked(view)
    if as_json:
        say_json(result)
    elif kind == UNDO:
        say(_("Import {run_id} is undone: {removed} records removed, {restored} as they were before.", **result))
    else:
        _tell(result)
    if result.get("counts", {}).get("refused"):
        raise typer.Exit(1)


def export(
    layers: Annotated[str, typer.Argument(help=N_("Layers with commas between, such as buildings,compounds; or all."))],
    out: Annotated[Path, typer.Option(help=N_("The file to write."))],
    format_: Annotated[
        str | None, typer.Option("--format", help=N_("gpkg, geojson or xlsx; by default what the file's name ends in."))
    ] = None,
    phones: Annotated[
        str | None, typer.Option(help=N_("Why telephone numbers go along with posts; each is logged with it."))
    ] = None,
) -> None:
    """Export as a job and follow it."""
    target = out.absolute()
    if not target.parent.is_dir():
        raise BadInput(N_("{path} cannot be written: name a file in a folder that exists."), path=out)
    chosen = format_ or target.suffix.lstrip(".").lower()
    wanted = [name.strip() for name in layers.split(",")]
    params = {"layers": wanted, "fmt": chosen, "path": str(target), "phones": phones}
    cluster.ensure_running()
    migrate.upgrade()
    result = runner.must_have_worked(
        runner.run_now(OPERATOR, "export", params, follow=job_follower()),
    )
    rows = [[name, number(count)] for name, count in result["rows"].items()]
    say(table([_("layer"), _("rows")], rows))
    for name, count in result["too_long"].items():
        say(_("{layer}: {count} outlines are too long for a spreadsheet and were left out.", layer=name, count=count))
    say(_("{path} written.", path=result["path"]))


def _existing(source: str) -> Path:
    path = Path(source).absolute()
    if not path.is_file():
        raise BadInput(N_("{path} is not a file. Check the name."), path=source)
    return path


def _known(kind: str) -> str:
    from geo.exchange.kinds import KINDS

    if kind not in KINDS:
        message = N_("{kind} is not something that can be imported. Choose one of: {choices}.")
        raise typer.BadParameter(_(message, kind=kind, choices=", ".join([*KINDS, UNDO])))
    return kind


def _named(kind: str, datum: str | None) -> str:
    from geo.exchange.kinds import KINDS

    if datum is None and KINDS[kind].geometry == "none":
        return "wgs84"
    if datum is None:
        raise typer.BadParameter(_("Every file has a datum: add --datum wgs84, cgcs2000, gcj02, bd09 or EPSG:number."))
    return datum


def _run_number(text: str) -> int:
    if not text.isdecimal():
        raise typer.BadParameter(_("{text} is not the number of an import.", text=text))
    return int(text)


def _columns(mapping: list[str]) -> dict[str, str]:
    """Return field to column of the given pairs; a column may hold equal signs.

    >>> _columns(["number=楼号", "kind==old"])
    {'number': '楼号', 'kind': '=old'}
    """
    wrong = [pair for pair in mapping if "=" not in pair.strip("=")]
    if wrong:
        raise typer.BadParameter(_("--map wants field=column, not {pair}.", pair=wrong[0]))
    return dict(pair.split("=", 1) for pair in mapping)


def _tell(result: dict[str, Any]) -> None:
    from geo.exchange.findings import finding_text
    from geo.exchange.wording import evidence_lines

    if "mapping" in result:
        used = listed(f"{name} ← {column}" for name, column in sorted(result["mapping"].items()))
        say(_("Columns: {used}", used=used or "-"))
        for line in evidence_lines(result.get("evidence") or {}):
            say(line)
    refused_first = sorted(result.get("findings", []), key=lambda finding: finding["outcome"] != "refused")
    for finding in refused_first[:SHOWN]:
        text = finding_text(finding["code"], finding["field"], finding["detail"])
        row = _("row {row}", row=finding["row"]) if finding["row"] else _("file")
        say("  " + labelled(row, text))
    total = sum(result.get("by_code", {}).values()) + sum(result.get("noted", {}).values())
    if total > SHOWN:
        say(_("  and {count} more findings; --json lists them.", count=number(total - SHOWN)))
    say(
        lines(
            [[_(words), number(result["counts"][name])] for name, words in COUNTS.items() if name in result["counts"]]
        )
    )
    if "run_id" in result:
        say(_("Import {run} is written. Undo it with: yizhan import undo {run}", run=result["run_id"]))
    elif "findings" in result:
        say(_("Nothing was written: this was a dry run."))
