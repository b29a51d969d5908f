"""``yizhan hotspots``: where cases cluster and where it grows, on files alone; no database is needed."""

from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer

from geo.cli.scanning import NO_FILE, day_of
from geo.cli.showing import note, say, say_json, table
from geo.errors import BadInput
from geo.i18n import N_, _, number

if TYPE_CHECKING:
    from geo.exchange.hotspot_answers import Choice, Found

Method = StrEnum("Method", ["gi", "emerging"])
SHOWN = 20
ENDINGS = (".gpkg", ".geojson", ".csv")
BAD_OUT = N_("{path} cannot be written. Name a file in a folder that exists, ending in .gpkg, .geojson or .csv.")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=N_("Where cases cluster, and where it grows, from a file of points; no database is needed."))(
        hotspots
    )


def hotspots(  # noqa: PLR0913
    points: Annotated[Path, typer.Argument(help=N_("Cases: lon, lat or x, y; also date, address, category."))],
    *,
    areas: Annotated[Path | None, typer.Option(help=N_("Areas to count in, as outlines."))] = None,
    population: Annotated[str | None, typer.Option(help=N_("The column of areas with households or people."))] = None,
    method: Annotated[Method, typer.Option(help=N_("gi: where; emerging: also how it changes by month."))] = Method.gi,
    cell_m: Annotated[
        str | None, typer.Option(help=N_("How wide hexagons are, in metres, or auto; with --areas also hexagons."))
    ] = None,
    category: Annotated[str | None, typer.Option(help=N_("Only cases of this category."))] = None,
    first: Annotated[str | None, typer.Option("--from", help=N_("Only cases from this day on."))] = None,
    last: Annotated[str | None, typer.Option("--to", help=N_("Only cases up to this day."))] = None,
    permutations: Annotated[int, typer.Option(help=N_("Find p by so many permutations instead."), min=0)] = 0,
    seed: Annotated[int, typer.Option(help=N_("The same seed gives the same answer."))] = 1,
    out: Annotated[Path | None, typer.Option(help=N_("Write the cells to this .gpkg, .geojson or .csv file."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    """Tell every cell with count, rate, z, p and class, and what was left out and why."""
    from geo.exchange.hotspot_answers import Choice, find, write_cells
    from geo.exchange.hotspot_files import Wanted, read_cases

    for path in (points, areas):
        if path is not None and not path.is_file():
            raise BadInput(NO_FILE, path=path)
    if out is not None and (out.suffix.lower() not in ENDINGS or not out.absolute().parent.is_dir()):
        raise BadInput(BAD_OUT, path=out)
    hexagons = cell_m is not None or areas is None
    choice = Choice(areas, population, _width(cell_m), hexagons, str(method), permutations, seed)
    dated = method is Method.emerging
    wanted = Wanted(category, day_of(first, "--from"), day_of(last, "--to", last=True), dated)
    _check(choice)
    found = find(read_cases(points, wanted), choice)
    if out is not None:
        write_cells(out, found)
    if as_json:
        say_json(found.answer())
    else:
        _say(found)


def _width(text: str | None) -> float | None:
    if text is None or text == "auto":
        return None
    try:
        width = float(text)
    except ValueError:
        width = 0.0
    if not 0 < width < np.inf:
        raise typer.BadParameter(_("--cell-m is a number of metres, or auto."))
    return width


def _check(choice: "Choice") -> None:
    if choice.population is not None and choice.areas is None:
        raise typer.BadParameter(_("--population names a column of areas: give them with --areas."))
    if choice.permutations and choice.method == Method.emerging:
        raise typer.BadParameter(_("--permutations belongs to the method gi."))


def _say(found: "Found") -> None:
    told = found.answer()
    if told["cell_reason"]:
        say(told["cell_reason"])
    key = "pattern" if told["method"] == Method.emerging else "class"
    counts = Counter(cell[f"{key}_text"] for cell in told["cells"])
    say(table([_("class"), _("cells")], [[name, number(count)] for name, count in counts.most_common()]))
    plain = {"none", "no_pattern"}
    marked = sorted((cell for cell in told["cells"] if cell[key] not in plain), key=lambda cell: cell["p"])
    if marked:
        headings = [_("cell"), _("cases"), _("rate"), "z", "p", _("class")]
        say(table(headings, [_row(cell, key) for cell in marked[:SHOWN]]))
        if len(marked) > SHOWN:
            say(_("  and {count} more cells; --json lists them.", count=number(len(marked) - SHOWN)))
    else:
        say(_("No cell stands out."))
    for one in told["left_out"]:
        note(one["text"])
    for remark in told["remarks"]:
        note(remark)


def _row(cell: dict[str, Any], key: str) -> list[object]:
    return [
        cell["id"],
        number(cell["count"]),
        f"{cell['rate']:.4g}",
        f"{cell['z']:.2f}",
        f"{cell['p']:.2g}",
        cell[f"{key}_text"],
    ]
