"""``yizhan scan``: where there are more cases than chance would bring, on files alone; no database is needed."""

from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, cast

import numpy as np
import typer

from geo.cli.showing import note, say, say_json, table
from geo.errors import BadInput
from geo.i18n import N_, _, number

if TYPE_CHECKING:
    from geo.exchange.scan_files import Asked, Study
    from geo.hotspots.scan import Cluster, ScanOptions, ScanResult

Kind = StrEnum("Kind", ["spatial", "prospective", "retrospective"])
Unit = StrEnum("Unit", ["day", "week", "month", "year"])
SHOWN, OFTEN_S, RARE = 20, 1.0, 0.05
NO_FILE = N_("{path} is not a file. Check the name.")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=N_("Where and when there are more cases than chance brings, from files."))(scan)


def scan(  # noqa: PLR0913
    cases: Annotated[Path, typer.Option(help=N_("Cases: place, date, count; also columns to adjust for."))],
    population: Annotated[Path, typer.Option(help=N_("People: place, date, population; the same further columns."))],
    places: Annotated[Path, typer.Option(help=N_("Places: place, and lon, lat or x, y."))],
    *,
    kind: Annotated[
        Kind, typer.Option(help=N_("Places only, clusters that still last, or any time."))
    ] = Kind.prospective,
    unit: Annotated[Unit, typer.Option(help=N_("How finely time is looked at."))] = Unit.week,
    max_population: Annotated[float, typer.Option(help=N_("The largest circle, as a share of expected cases."))] = 0.5,
    min_duration: Annotated[int, typer.Option(help=N_("How many units a cluster lasts at least."))] = 1,
    max_duration: Annotated[int, typer.Option(help=N_("How many units a cluster lasts at most."))] = 26,
    min_cases: Annotated[int, typer.Option(help=N_("How many cases a cluster has at least."))] = 2,
    start: Annotated[str | None, typer.Option(help=N_("The first day; else that of the first case."))] = None,
    end: Annotated[str | None, typer.Option(help=N_("The last day; else that of the last case."))] = None,
    replicates: Annotated[int, typer.Option(help=N_("How often chance is tried."))] = 999,
    seed: Annotated[int, typer.Option(help=N_("The same seed gives the same answer."))] = 1,
    every: Annotated[bool, typer.Option("--all-replicates", help=N_("Try all, even when p is clearly large."))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    """Tell every cluster that shares no place with a stronger one; exit 1 when the files held something odd."""
    from geo.exchange.scan_files import Asked
    from geo.hotspots.scan import ScanOptions

    for path in (cases, population, places):
        if not path.is_file():
            raise BadInput(NO_FILE, path=path)
    if replicates < 1:
        raise typer.BadParameter(_("--replicates is a whole number from 1 up."))
    first, last = day_of(start, "--start"), day_of(end, "--end", last=True)
    options = ScanOptions(
        cast("Any", str(kind)),
        max_population,
        min_duration,
        max_duration,
        min_cases,
        replicates=replicates,
        seed=seed,
        stop_early=not every,
    )
    options.check()
    asked = Asked(cases, population, places, cast("Any", str(unit)), first, last, spatial=kind is Kind.spatial)
    _tell(asked, options, as_json=as_json)


def _tell(asked: "Asked", options: "ScanOptions", *, as_json: bool) -> None:
    from geo.exchange.scan_files import read_study
    from geo.hotspots.scan import scan as search

    study = read_study(asked)
    options = replace(options, great_circle=study.great_circle)
    result = search(study.cases, study.expected, study.positions, options, follow=_follower())
    told = _answer(study, options, result, asked.unit)
    if as_json:
        say_json(told)
    else:
        _say(told)
    if study.noted.findings:
        raise typer.Exit(1)


def day_of(text: str | None, option: str, *, last: bool = False) -> date | None:
    """Return the first (or last) day an option means, None where it is not given; raises BadParameter."""
    from geo.exchange.scan_dates import span

    if text is None:
        return None
    found = span(text)
    if found is None:
        raise typer.BadParameter(_("{option} is {value}, which is no date.", option=option, value=text))
    return found[1 if last else 0]


def _follower() -> Any:
    said = [monotonic()]

    def follow(done: int, asked: int) -> None:
        """Tell now and then how far it is."""
        if monotonic() - said[0] >= OFTEN_S:
            said[0] = monotonic()
            note(_("{done} of {asked} replicates", done=number(done), asked=number(asked)))

    return follow


def _answer(study: "Study", options: "ScanOptions", result: "ScanResult", unit: str) -> dict[str, Any]:
    dated = study.bounds is not None
    return {
        "kind": options.kind,
        "unit": unit,
        "start": _first_day(study, 0) if dated else None,
        "end": _last_day(study, study.cases.shape[1] - 1) if dated else None,
        "periods": study.cases.shape[1],
        "places": len(study.ids),
        "cases": result.cases,
        "population": float(study.people.sum()),
        "strata": list(study.strata),
        "distance": "great_circle" if study.great_circle else "euclid",
        "max_population": options.max_population,
        "min_duration": options.min_duration,
        "max_duration": options.max_duration,
        "min_cases": options.min_cases,
        "seed": options.seed,
        "replicates": {
            "asked": options.replicates,
            "done": result.replicates,
            "stopped_early": result.stopped_early,
        },
        "clusters": [_cluster(study, one) for one in result.clusters],
        "findings": study.noted.findings,
        "remarks": study.noted.remarks,
    }


def _first_day(study: "Study", period: int) -> str | None:
    return date.fromordinal(study.bounds[period]).isoformat() if study.bounds else None


def _last_day(study: "Study", period: int) -> str | None:
    return date.fromordinal(study.bounds[period + 1] - 1).isoformat() if study.bounds else None


def _cluster(study: "Study", one: "Cluster") -> dict[str, Any]:
    fields = ("lon", "lat") if study.great_circle else ("x", "y")
    return {
        "places": study.ids[one.areas].tolist(),
        "centre": study.ids[one.centre],
        **dict(zip(fields, study.positions[one.centre].tolist(), strict=True)),
        "radius_m": one.radius_m,
        "from": _first_day(study, one.first_period),
        "to": _last_day(study, one.last_period),
        "observed": one.observed,
        "expected": one.expected,
        "relative_risk": one.relative_risk if np.isfinite(one.relative_risk) else None,
        "llr": one.llr,
        "p": one.p,
        "recurrence_interval": one.recurrence,
        "population": float(study.people[one.areas].sum()),
    }


def _say(told: dict[str, Any]) -> None:
    clusters = told["clusters"]
    if clusters:
        headings = [_("centre"), _("places"), _("metres"), _("from"), _("to"), _("cases"), _("expected"), _("risk"),
                    _("ratio"), _("p")]  # fmt: skip
        say(table(headings, [_row(one) for one in clusters[:SHOWN]]))
        if len(clusters) > SHOWN:
            say(_("  and {count} more clusters; --json lists them.", count=number(len(clusters) - SHOWN)))
        say(_verdict(told))
    else:
        say(_("No window holds more cases than expected, and as many as a cluster has at least."))
    for finding in told["findings"]:
        say(finding["text"])
    for remark in told["remarks"]:
        note(remark)


def _row(one: dict[str, Any]) -> list[object]:
    risk = one["relative_risk"]
    return [
        one["centre"],
        number(len(one["places"])),
        number(one["radius_m"]),
        one["from"] or "",
        one["to"] or "",
        number(one["observed"]),
        number(one["expected"], 2),
        number(risk, 2) if risk is not None else "∞",
        f"{one['llr']:.6f}",
        f"{one['p']:.3g}",
    ]


def _verdict(told: dict[str, Any]) -> str:
    first, tried = told["clusters"][0], told["replicates"]
    if tried["stopped_early"]:
        return _(
            "Chance alone does as well so often that it was tried {done} times instead of {asked}: p is only rough.",
            done=number(tried["done"]),
            asked=number(tried["asked"]),
        )
    values = {"p": f"{first['p']:.3g}", "done": number(tried["done"])}
    if first["p"] > RARE:
        return _("The first cluster may well be chance: p is {p}, of {done} replicates.", **values)
    if first["recurrence_interval"] is None:
        return _("The first cluster is hardly chance: p is {p}, of {done} replicates.", **values)
    return _(
        "The first cluster is hardly chance: p is {p}, of {done} replicates. "
        "Chance brings one like it once in {often} {unit}.",
        often=number(first["recurrence_interval"]),
        unit=_units(told["unit"]),
        **values,
    )


def _units(unit: str) -> str:
    return {"day": _("days"), "week": _("weeks"), "month": _("months"), "year": _("years")}[unit]
