"""``yizhan pair``: who looks after whom, on files alone; no database is needed."""

from pathlib import Path
from typing import Annotated, Any

import typer

from geo.cli.showing import lines, note, say, say_json, table
from geo.errors import BadInput
from geo.i18n import N_, _, labelled, number

SHOWN = 20


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=N_("Pair care needs with volunteers, from files to a file."))(pair)


def pair(  # noqa: PLR0913
    needs: Annotated[
        Path, typer.Option(help=N_("Care needs: id, lon, lat, hours; also skills, circle, consent, present."))
    ],
    volunteers: Annotated[Path, typer.Option(help=N_("Volunteers: id, lon, lat, hours a week; also skills, limit_m."))],
    out: Annotated[
        Path, typer.Option(help=N_("The pairs, a .csv or .parquet file: need, volunteer, role, metres, hours."))
    ],
    limit_m: Annotated[float, typer.Option(min=0, help=N_("How many metres somebody walks at most."))] = 1000.0,
    network: Annotated[Path | None, typer.Option(help=N_("Roads: an .osm.pbf file, or a table of edges."))] = None,
    nodes: Annotated[Path | None, typer.Option(help=N_("The nodes of a table of edges: node, lon, lat."))] = None,
    *,
    continuity_m: Annotated[
        float, typer.Option(min=0, help=N_("How many metres less a pair of today counts (column present)."))
    ] = 300.0,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    """Write the pairs that meet most hours with the shortest ways; exit 1 when the files held something odd."""
    for path in filter(None, (needs, volunteers, network, nodes)):
        if not path.is_file():
            raise BadInput(N_("{path} is not a file. Check the name."), path=path)
    told = {**_answer((needs, volunteers), out, (limit_m, continuity_m), (network, nodes)), "out": str(out)}
    if as_json:
        say_json(told)
    else:
        _tell(told)
    if told["idle_volunteers"]:
        raise typer.Exit(1)


def _answer(
    tables: tuple[Path, Path], out: Path, metres: tuple[float, float], roads: tuple[Path | None, Path | None]
) -> dict[str, Any]:
    from geo.exchange import pairing_files as files
    from geo.exchange.walking_files import read_network

    lists = files.read_lists(*tables)
    network, nodes = roads
    limit_m, continuity_m = metres
    found = files.measured(lists, limit_m, read_network(network, nodes) if network else None)
    best = files.paired(lists, found, continuity_m=continuity_m)
    files.write_pairs(files.pairs_frame(lists, best), out)
    return {**files.answer(lists, found, best), "limit_m": limit_m, "continuity_m": continuity_m}


def _tell(told: dict[str, Any]) -> None:
    unmet, idle = told["unmet_needs"], told["idle_volunteers"]
    met = _("{met} of {asked}", met=number(told["hours_met"], 2), asked=number(told["hours_asked"], 2))
    figures = [
        [_("pairs"), number(told["pairs"])],
        [_("backups"), number(told["backups"])],
        [_("metres in all"), number(told["total_metres"])],
        [_("hours met"), met],
        [_("needs not met in full"), number(len(unmet))],
    ]
    say(lines(figures))
    say(told["status_text"])
    if unmet:
        rows = [[one["need"], number(one["hours"], 2), one["text"]] for one in unmet[:SHOWN]]
        say(table([_("need"), _("hours missing"), _("cause")], rows))
    for one in idle[:SHOWN]:
        say(labelled(one["volunteer"], one["text"]))
    hidden = max(len(unmet) - SHOWN, 0) + max(len(idle) - SHOWN, 0)
    if hidden:
        say(_("  and {count} more findings; --json lists them.", count=number(hidden)))
    say(_("{path} written.", path=told["out"]))
    for remark in (told["measured_text"], *told["remarks"], *(one["text"] for one in told["findings"])):
        note(remark)
