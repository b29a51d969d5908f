"""``yizhan site``: where the next stations go, on files alone; no database is needed."""

import signal
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Annotated, Any, cast

import numpy as np
import typer

from geo.cli.showing import note, say, say_json, table
from geo.errors import BadInput
from geo.i18n import N_, _, listed, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from geo.coverage.nearest import Within
    from geo.exchange.siting_files import Tables
    from geo.siting.plan import Plan
    from geo.siting.plane import Plane
    from geo.siting.question import Question

Metric = StrEnum("Metric", ["matrix", "euclid", "euclid-floor", "geodesic", "network"])
Goal = StrEnum("Goal", ["median", "cover", "set-cover", "center", "backup"])
SHOWN, OFTEN_S, WORLD_M = 20, 1.0, 2.1e7
OFF_ROAD = N_("{count} sites are farther than {metres} m from any road: {names}. Move them, or ban them.")
ONE_PLACE = N_("{count} sites share their place with another: {names}. Take out those that are named twice.")
BAD_OUT = N_("{path} cannot be written. Name a .gpkg file in a folder that exists.")


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=N_("Where the next stations go, from files, with proof; no database is needed."))(site)


@dataclass(frozen=True)
class Asked:
    """The options of the command."""

    metric: str
    goal: str
    number: int | None
    budget: float | None
    limit: float | None
    fade_to: float | None
    share: float
    costs: Path | None
    network: Path | None
    nodes: Path | None
    snap_m: float


def site(  # noqa: PLR0913
    demand: Annotated[Path, typer.Option(help=N_("Who needs a station: id, weight, and x, y or lon, lat."))],
    sites: Annotated[Path, typer.Option(help=N_("Where one can be: id, x, y or lon, lat, cost, fixed, banned …"))],
    *,
    costs: Annotated[Path | None, typer.Option(help=N_("Costs of allowed pairs: demand, site, cost."))] = None,
    metric: Annotated[Metric | None, typer.Option(help=N_("How distance is measured."))] = None,
    network: Annotated[Path | None, typer.Option(help=N_("Roads: .osm.pbf, .osm, or a table of edges."))] = None,
    nodes: Annotated[Path | None, typer.Option(help=N_("The nodes of a table of edges: node, lon, lat."))] = None,
    goal: Annotated[Goal, typer.Option(help=N_("What the plan is best at."))] = Goal.median,
    p: Annotated[int | None, typer.Option(help=N_("How many stations in all, fixed ones included."), min=1)] = None,
    budget: Annotated[float | None, typer.Option(help=N_("What all new stations may cost."), min=0)] = None,
    limit: Annotated[float | None, typer.Option(help=N_("How far is still within reach."), min=0)] = None,
    fade_to: Annotated[float | None, typer.Option(help=N_("Cover fades from the limit to here."), min=0)] = None,
    share: Annotated[float, typer.Option(help=N_("How much set-cover must reach, up to 1."), min=0, max=1)] = 1.0,
    gap: Annotated[float, typer.Option(help=N_("Stop at this proven gap, such as 0.01."), min=0)] = 0.0,
    time_limit: Annotated[float | None, typer.Option(help=N_("Stop after so many seconds."), min=0)] = None,
    snap_m: Annotated[float, typer.Option(help=N_("How far a place may be from its road."), min=0)] = 500.0,
    out: Annotated[Path | None, typer.Option(help=N_("Write the plan as a map to this .gpkg file."))] = None,
    as_json: Annotated[bool, typer.Option("--json", help=N_("Answer in JSON."))] = False,
) -> None:
    """Find the plan, follow it on stderr, keep the best at Ctrl-C; exit 1 when no plan keeps to all of it."""
    from geo.exchange.siting_files import read_tables

    if out is not None and (out.suffix.lower() != ".gpkg" or not out.absolute().parent.is_dir()):
        raise BadInput(BAD_OUT, path=out)
    measured = str(metric) if metric is not None else "matrix" if costs else "network" if network else "geodesic"
    asked = Asked(measured, str(goal), p, budget, limit, fade_to, share, costs, network, nodes, snap_m)
    _check_options(asked)
    tables = read_tables(demand, sites)
    twins = tables.in_one_place()
    if twins:
        note(_(ONE_PLACE, count=number(len(twins)), names=listed(twins[:SHOWN])))
    plan, question = _planned(asked, tables, gap, time_limit)
    if out is not None and plan.chosen is not None:
        _write(out, tables, plan, question)
    answer = _answer(asked, tables, plan, question)
    if as_json:
        say_json(answer)
    else:
        _say(answer, plan)
    if plan.status == "infeasible":
        raise typer.Exit(1)


def _check_options(asked: Asked) -> None:
    """Raise for options that would be left out in silence."""
    if asked.nodes is not None and asked.network is None:
        raise typer.BadParameter(_("--nodes belongs to a table of edges: give it with --network."))
    if asked.costs is not None and asked.metric != "matrix":
        raise typer.BadParameter(_("--costs belongs to the metric matrix. Leave one of them out."))
    if asked.network is not None and asked.metric != "network":
        raise typer.BadParameter(_("--network belongs to the metric network. Leave one of them out."))
    if asked.fade_to is not None and (asked.goal != "cover" or asked.fade_to <= (asked.limit or 0.0)):
        raise typer.BadParameter(_("--fade-to belongs to the goal cover and lies beyond --limit."))
    if asked.share < 1 and asked.goal != "set-cover":
        raise typer.BadParameter(_("--share belongs to the goal set-cover."))


def _planned(asked: Asked, tables: "Tables", gap: float, time_limit: float | None) -> "tuple[Plan, Question]":
    from geo.siting.on_plane import no_pairs
    from geo.siting.question import Candidates, Manner, Question
    from geo.siting.warm import warm

    warm()
    capacity = tables.sites["capacity"].to_numpy(np.float64)
    candidates = Candidates(
        len(tables.sites),
        tables.site_costs(needed=asked.budget is not None),
        None if np.isnan(capacity).all() else np.nan_to_num(capacity, nan=np.inf),
        tables.sites["fixed"].to_numpy(bool),
        tables.sites["banned"].to_numpy(bool),
    )
    weight = tables.demand["weight"].to_numpy(np.float64)
    question = Question(
        cast("Any", asked.goal),
        no_pairs(weight),
        weight,
        candidates,
        number=asked.number,
        budget=asked.budget,
        limit=asked.limit,
        fade_to=asked.fade_to,
        share=asked.share,
        load=tables.demand["load"].to_numpy(np.float64),
    )
    with _until_interrupted() as stopped:
        manner = Manner(gap, time_limit if time_limit is not None else float("inf"), _follower(stopped))
        return _solved(asked, tables, question, manner)


def _solved(asked: Asked, tables: "Tables", question: "Question", manner: Any) -> "tuple[Plan, Question]":
    from dataclasses import replace

    from geo.siting.on_plane import solve_on_plane
    from geo.siting.question import check
    from geo.siting.solve import solve

    check(question)
    plane = _plane(asked, tables, question)
    if plane is not None:
        return solve_on_plane(plane, question, manner)
    began = monotonic()
    question = replace(question, pairs=_pairs(asked, tables))
    plan = solve(question, replace(manner, seconds=max(manner.seconds - (monotonic() - began), 0.0)))
    return replace(plan, seconds=monotonic() - began), question


def _plane(asked: Asked, tables: "Tables", question: "Question") -> "Plane | None":
    """Return the plane of coordinates; of degrees only where a full table of geodesic lines would be too large."""
    from geo.coverage.network import local_crs, project
    from geo.siting.on_plane import FULL
    from geo.siting.plane import Plane

    if asked.metric in {"euclid", "euclid-floor"}:
        x, y, site_x, site_y = tables.coordinates(("x", "y"))
        return Plane(x, y, site_x, site_y, asked.metric == "euclid-floor")
    unlimited = not np.isfinite(_farthest(asked))
    if asked.metric != "geodesic" or not unlimited or len(tables.demand) * question.sites.count <= FULL:
        return None
    lon, lat, site_lon, site_lat = tables.coordinates(("lon", "lat"))
    crs = local_crs(float(np.median(lon)), float(np.median(lat)))
    note(_("So many pairs are measured on a plane around the middle, true to 3 in 100,000 within 100 km."))
    return Plane(*project(crs, lon, lat), *project(crs, site_lon, site_lat), False)


def _pairs(asked: Asked, tables: "Tables") -> Any:
    from geo.coverage.straight import within_straight
    from geo.exchange.siting_files import read_costs

    if asked.metric == "matrix":
        if asked.costs is None:
            raise typer.BadParameter(_("The metric matrix needs the costs of pairs: give --costs."))
        return read_costs(asked.costs, tables)
    if asked.metric == "network":
        return _lists(tables, _walks(asked, tables))
    lon, lat, site_lon, site_lat = tables.coordinates(("lon", "lat"))
    return _lists(tables, within_straight((lon, lat), (site_lon, site_lat), min(_farthest(asked), WORLD_M), detour=1.0))


def _lists(tables: "Tables", found: "Within") -> Any:
    from geo.siting.neighbours import from_pairs

    weight = tables.demand["weight"].to_numpy(np.float64)
    demand, site = found.source().astype(np.int64), found.target.astype(np.int64)
    return from_pairs(demand, site, found.metres, weight, np.full(weight.size, np.inf))


def _farthest(asked: Asked) -> float:
    if asked.limit is None or asked.goal == "center":
        return float("inf")
    return max(asked.limit, asked.fade_to or 0.0)


def _walks(asked: Asked, tables: "Tables") -> "Within":
    from geo.coverage.nearest import within
    from geo.coverage.snapping import snap
    from geo.exchange.walking_files import read_network

    if asked.network is None:
        raise typer.BadParameter(_("The metric network needs roads: give --network."))
    town = read_network(asked.network, asked.nodes)
    lon, lat, site_lon, site_lat = tables.coordinates(("lon", "lat"))
    here, there = (snap(town, *place, most_m=asked.snap_m) for place in ((lon, lat), (site_lon, site_lat)))
    usable = ~tables.sites["banned"].to_numpy(bool)
    lost = [name for at, name in enumerate(tables.sites["id"]) if usable[at] and np.isinf(there.access_m[at])]
    if lost:
        raise BadInput(OFF_ROAD, count=number(len(lost)), metres=number(asked.snap_m), names=listed(lost[:SHOWN]))
    return within(town, here, there, _farthest(asked))


@contextmanager
def _until_interrupted() -> "Iterator[list[bool]]":
    """Turn a first Ctrl-C into a wish to stop, so that the best plan is kept; a second one ends the command."""
    asked: list[bool] = []

    def interrupted(_signal: int, _frame: Any) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(True)

    before = signal.signal(signal.SIGINT, interrupted)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _follower(stopped: list[bool]) -> Any:
    said = [monotonic()]

    def follow(_chosen: Any, lower: float, upper: float) -> bool:
        """Tell the two proven bounds, in the goal's own unit, now and then; True stops the search."""
        if monotonic() - said[0] >= OFTEN_S and np.isfinite(upper - lower):
            said[0] = monotonic()
            percent = f"{100 * (upper - lower) / abs(upper):.2f}" if upper else "0"
            note(
                _(
                    "Between {lower} and {upper}: {percent} %",
                    lower=f"{lower:.10g}",
                    upper=f"{upper:.10g}",
                    percent=percent,
                )
            )
        return bool(stopped)

    return follow


def _value(value: float | None) -> float | int | None:
    if value is None or not np.isfinite(value):
        return None
    return int(value) if float(value).is_integer() else float(value)


def _answer(asked: Asked, tables: "Tables", plan: "Plan", question: "Question") -> dict[str, Any]:
    ids = tables.sites["id"].to_numpy(dtype=object)
    weight = tables.demand["weight"].to_numpy(np.float64)
    lost = plan.unreachable[weight[plan.unreachable] > 0]
    return {
        "status": plan.status,
        "status_text": plan.words(),
        "goal": asked.goal,
        "metric": asked.metric,
        "objective": _value(plan.objective),
        "lower": _value(plan.lower),
        "upper": _value(plan.upper),
        "gap": plan.gap,
        "open": [] if plan.chosen is None else ids[plan.chosen].tolist(),
        "fixed": ids[question.sites.flags("fixed")].tolist(),
        "seconds": round(plan.seconds, 3),
        "unreachable": tables.demand["id"].to_numpy(dtype=object)[lost].tolist(),
        "needed": None if plan.trouble is None else _value(plan.trouble.needed),
        "stations": _stations(tables, plan, question),
        "rejected": _rejected(tables, plan, question),
    }


def _stations(tables: "Tables", plan: "Plan", question: "Question") -> list[dict[str, Any]]:
    if plan.chosen is None:
        return []
    from geo.siting.explain import reasons

    ids = tables.sites["id"].to_numpy(dtype=object)
    told = reasons(question, plan, tables.demand["weight"].to_numpy(np.float64))
    return [
        {
            "id": ids[reason.site],
            "serves": reason.demands,
            "weight": _value(reason.weight),
            "loss_without": _value(reason.loss),
            "substitute": None if reason.substitute is None else ids[reason.substitute],
            "loss_with_substitute": _value(reason.substitute_loss),
        }
        for reason in told
    ]


def _rejected(tables: "Tables", plan: "Plan", question: "Question") -> list[dict[str, Any]]:
    from geo.siting.explain import rejected

    ids = tables.sites["id"].to_numpy(dtype=object)
    return [
        {
            "id": ids[one.site],
            "loss": _value(one.loss),
            "instead_of": None if one.instead_of < 0 else ids[one.instead_of],
            "at_least": _value(one.at_least),
        }
        for one in rejected(question, plan)
    ]


def _write(out: Path, tables: "Tables", plan: "Plan", question: "Question") -> None:
    from geo.exchange.siting_files import write_plan

    ids = tables.sites["id"].to_numpy(dtype=object)
    opened = np.zeros(len(ids), bool)
    opened[plan.chosen] = True
    served = np.where(plan.site >= 0, ids[np.maximum(plan.site, 0)], None)
    cost = np.where(np.isfinite(plan.cost), plan.cost, np.nan)
    stations = {"open": opened, "fixed": question.sites.flags("fixed")}
    write_plan(out, tables, stations, {"station": served, "distance": cost})


def _shown(value: Any) -> str:
    """Return a number with at most two decimals, a name as it is, and a dash for what is not there."""
    if value is None or isinstance(value, str):
        return "-" if value is None else value
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.2f}"


def _say(answer: dict[str, Any], plan: "Plan") -> None:
    say(answer["status_text"])
    if plan.chosen is not None:
        rows = [
            [_("objective"), _shown(answer["objective"])],
            [_("between"), f"{_shown(answer['lower'])} – {_shown(answer['upper'])}"],
            [_("seconds"), answer["seconds"]],
            [_("stations"), number(len(answer["open"]))],
        ]
        say(table([_("goal"), answer["goal"]], rows))
        headings = [_("station"), _("places"), _("weight"), _("loss without it"), _("best substitute")]
        keys = ("id", "serves", "weight", "loss_without", "substitute")
        say(table(headings, [[_shown(one[key]) for key in keys] for one in answer["stations"]]))
    if answer["unreachable"]:
        names = listed(answer["unreachable"][:SHOWN])
        say(_("{count} places are out of reach of every site: {names}", count=len(answer["unreachable"]), names=names))
