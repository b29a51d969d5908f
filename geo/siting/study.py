"""The siting study: the question of a planner on the city as the database has it, answered as long work."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from geo.access.reads import require_for_work
from geo.coverage.duty_inputs import UNKNOWN
from geo.i18n import N_
from geo.jobs.context import JobContext, JobStopped
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.siting.curve_study import curve
from geo.siting.effect import NONE, Standing, added, figures_at, newly, only_here, worst_off
from geo.siting.explain import Reason, reasons, rejected
from geo.siting.ground_study import Ground, load_ground
from geo.siting.neighbours import Flags, Floats, Ints
from geo.siting.plan import MAXIMISED, Plan
from geo.siting.question import Manner, Question
from geo.siting.question_study import Posed, pose
from geo.siting.solve import solve
from geo.siting.wanted import AHEAD, FEN, SOURCES, Wanted
from geo.siting.weights_study import Asking, Weights, load_weights, mixed, told
from geo.store import versions
from geo.store.clock import today
from geo.store.metadata import all_tables
from geo.store.session import Actor, reading, writing

NOWHERE = -1.0

Progress = Callable[..., None]


def _go_on(*_found: Any) -> bool:
    return False


@dataclass(frozen=True)
class Ears:
    """Who is told how far it is, and of every better plan (chosen site ids, lower, upper); True of either asks to stop.

    stopped is asked where no plan is to be told.
    """

    tell: Progress
    found: Callable[[list[int], float, float], bool] = field(default=_go_on)
    stopped: Callable[[], bool] = field(default=_go_on)


@dataclass(frozen=True)
class SitingStudy:
    """What a study found: the plan, a row a door, the figures, the day and the data versions it stands for."""

    plan: Plan
    frame: pd.DataFrame
    figures: dict[str, Any]
    on: date
    seen: dict[str, int]


def siting_as_job(context: JobContext, **asked: Any) -> dict[str, Any]:
    """Answer a question as long work and keep it; when it is stopped, the best plan so far is kept.

    asked: name, and what Wanted.read reads.
    """
    require_for_work(context.actor, "siting")
    all_tables()
    wanted, name = Wanted.read(asked), str(asked["name"])
    with reading(context.actor) as connection:
        found = study_sites(connection, wanted, today(), ears=_ears(context, wanted), actor=context.actor)
    if context.notes.stop_reason == "gone" or (found.plan.chosen is None and context.notes.stop_reason):
        context.check_cancelled()
    with writing(context.actor) as session:
        draft = StudyDraft("siting", name, wanted.community_id, wanted.plain(), found.figures, found.frame)
        study_id = keep_study(session, draft, data_on=found.on, seen=found.seen)
    return {"study_id": study_id, "status": found.plan.status, "stopped": context.notes.stop_reason is not None}


def _ears(context: JobContext, wanted: Wanted) -> Ears:
    def found(sites: list[int], lower: float, upper: float) -> bool:
        value = lower if wanted.goal in MAXIMISED else upper
        if not np.isfinite(value):
            return context.notes.stop_reason is not None
        gap = (upper - lower) / abs(upper) if upper and np.isfinite(upper - lower) else 0.0
        context.best({"sites": sites, "value": float(value), "gap": gap})
        try:
            message = N_("Looking for a better plan: none can be more than {percent} % better")
            context.progress(0.4 + 0.4 * (1 - min(gap, 1.0)), message, percent=f"{100 * gap:.2f}")
        except JobStopped:
            return True
        return False

    return Ears(context.progress, found, lambda: context.notes.stop_reason is not None)


def study_sites(
    connection: Connection, wanted: Wanted, on: date, *, ears: Ears, actor: Actor | None = None
) -> SitingStudy:
    """Return the best plan that was found for a question on a day, with all that is said about it.

    actor: who asks, for weights whose reading is logged. Raises BadInput in words for a question that makes no sense
    here.
    """
    seen = versions.current(connection)
    ears.tell(0.05, N_("Reading doors, stations and candidate sites"))
    ground = load_ground(connection, wanted)
    before = ground.standing(ground.stations)
    weights = load_weights(_asking(connection, actor, ground, before, wanted), wanted)
    ears.tell(0.2, N_("Measuring the ways"))
    posed = pose(ground, wanted, mixed(weights, wanted, ground.doors.known))
    ears.tell(0.4, N_("Looking for the best plan"))
    plan = solve(posed.question, Manner(seconds=float(wanted.seconds), watch=_watch(ground, ears)))
    chosen = chosen_sites(ground, plan)
    after = _after(ground, posed, plan, chosen)
    figures = _figures(ground, wanted, plan, (before, after)) | _terms(ground, wanted, posed, chosen)
    figures |= _reasons(ground, posed.question, plan, (before, after))
    figures |= {"weights": _told(weights, wanted, (before, after), ground.limit_m), **_unreached(ground, posed, before)}
    if wanted.curve and not ears.stopped():
        figures["curve"] = curve(ground, wanted, before, ears.tell, ears.stopped)
    return SitingStudy(plan, _frame(ground, before, after, chosen), figures, on, seen)


def _asking(connection: Connection, actor: Actor | None, ground: Ground, before: Standing, wanted: Wanted) -> Asking:
    years = (0,) if wanted.demand == "today" else AHEAD
    return Asking(connection, actor, ground, before, wanted.community_id, years)


def _watch(ground: Ground, ears: Ears) -> Callable[[Flags, float, float], bool]:
    def watch(chosen: Flags, lower: float, upper: float) -> bool:
        sites = ground.site_ids[chosen[ground.station_ids.size :]]
        return ears.found(sites.tolist(), lower, upper)

    return watch


def _after(ground: Ground, posed: Posed, plan: Plan, chosen: Ints) -> Standing:
    """Return the doors with the plan: the nearest station, or where room is limited the one that has room for them."""
    nearest = ground.standing(ground.targets(chosen))
    if posed.question.sites.capacity is None or plan.chosen is None:
        return nearest
    place = np.full(posed.question.sites.count + 1, NONE, np.int32)
    place[: ground.station_ids.size] = np.arange(ground.station_ids.size)
    place[ground.station_ids.size + chosen] = ground.station_ids.size + np.arange(chosen.size)
    station, metres = np.full(posed.kept.size, NONE, np.int32), np.full(posed.kept.size, np.inf)
    station[posed.kept], metres[posed.kept] = place[plan.site], plan.cost
    served = station >= 0
    full = ~served & (nearest.metres <= ground.limit_m)
    return Standing(
        np.where(served, station, nearest.station).astype(np.int32), np.where(served, metres, nearest.metres), full
    )


def _told(
    weights: dict[str, Weights], wanted: Wanted, standings: tuple[Standing, Standing], limit_m: float
) -> dict[str, Any]:
    before, after = standings
    return {
        name: {
            "share": wanted.weights[name], "before": told(one, before, limit_m), "after": told(one, after, limit_m),
            "total": round(float(one.values[0].sum()), 1) if one.values[0].sum() >= one.least else None, **one.notes,
        }
        for name, one in weights.items()
    }  # fmt: skip


def _unreached(ground: Ground, posed: Posed, before: Standing) -> dict[str, Any]:
    lost = np.flatnonzero(~posed.kept)
    return {"out_of_reach": _places(ground, before, lost), "out_of_reach_count": int(lost.size)}


def _terms(ground: Ground, wanted: Wanted, posed: Posed, chosen: Ints) -> dict[str, Any]:
    """Return what rules and money came to: sites left out, communities without a site, what each source pays."""
    here, cost = ground.site_community, np.where(ground.cost_fen < 0, 0, ground.cost_fen)
    payer = [wanted.purse.paid_by.get(site, "community") for site in ground.site_ids[chosen].tolist()]
    spent = {source: int(sum(cost[site] for site, who in zip(chosen, payer, strict=True) if who == source))
             for source in SOURCES}  # fmt: skip
    return {
        "left_out": posed.unpriced,
        "too_close": posed.too_close,
        "without_site": int(np.setdiff1d(ground.community, np.append(here, ground.station_community)).size),
        "pots": [
            {"source": source, "limit_fen": round(wanted.purse.pots.get(source, 0) * FEN) or None, "spent_fen": fen}
            for source, fen in spent.items()
            if fen or source in wanted.purse.pots
        ],
    }


def chosen_sites(ground: Ground, plan: Plan) -> Ints:
    """Return the positions among the candidate sites of those a plan opens."""
    if plan.chosen is None:
        return np.zeros(0, np.int64)
    return (plan.chosen[plan.chosen >= ground.station_ids.size] - ground.station_ids.size).astype(np.int64)


def _figures(ground: Ground, wanted: Wanted, plan: Plan, standings: tuple[Standing, Standing]) -> dict[str, Any]:
    chosen, after = chosen_sites(ground, plan), standings[1]
    costs = ground.cost_fen[chosen]
    new = newly(*standings, ground.limit_m)
    return {
        "status": plan.status,
        "objective": plan.objective,
        "lower": _finite(plan.lower),
        "upper": _finite(plan.upper),
        "gap": plan.gap,
        "seconds": round(plan.seconds, 2),
        "trouble": list(plan.trouble) if plan.trouble is not None else None,
        "limit_m": ground.limit_m,
        "by_network": ground.way.network is not None,
        "doors": int(ground.building.size),
        "households": ground.doors.known,
        "uncounted": int(ground.doors.unknown.sum()),
        "open_stations": int(ground.station_ids.size),
        "candidate_sites": int(ground.site_ids.size),
        "before": figures_at(ground.doors, standings[0], ground.limit_m),
        "after": figures_at(ground.doors, after, ground.limit_m),
        "no_room": int(ground.doors.households[after.full].sum()) if after.full is not None else None,
        "new_households": int(ground.doors.households[new].sum()),
        "new_uncounted": int((new & ground.doors.unknown).sum()),
        "cost_fen": int(costs[costs >= 0].sum()),
        "cost_unknown": int((costs < 0).sum()),
        "worst_off": _places(ground, after, worst_off(ground.doors, after)),
    }


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _places(ground: Ground, standing: Standing, doors: Ints, most: int = 200) -> list[dict[str, Any]]:
    return [
        {
            "building_id": int(ground.building[door]),
            "unit_id": int(ground.unit[door]),
            "households": None if ground.doors.unknown[door] else int(ground.doors.households[door]),
            "metres": _finite(float(np.round(standing.metres[door], 1))),
        }
        for door in doors[:most]
    ]


def _reasons(
    ground: Ground, question: Question, plan: Plan, standings: tuple[Standing, Standing]
) -> dict[str, list[dict[str, Any]]]:
    """Return what each chosen site adds and what is lost without it, and how much worse each other site would be."""
    if plan.chosen is None:
        return {"sites": [], "rejected": []}
    fixed, chosen = ground.station_ids.size, chosen_sites(ground, plan)
    targets = ground.targets(chosen)
    gained, served = added(ground.doors, *standings, targets.lon.size, ground.limit_m)
    close = ground.way.within(ground.at, targets, ground.limit_m)
    only = only_here(ground.doors, close.source().astype(np.int64), close.target.astype(np.int64), targets.lon.size)
    told = {reason.site: reason for reason in reasons(question, plan)}
    rows = [
        {
            "site_id": int(ground.site_ids[site]),
            "lon": float(ground.sites.lon[site]),
            "lat": float(ground.sites.lat[site]),
            "cost_fen": int(ground.cost_fen[site]) if ground.cost_fen[site] >= 0 else None,
            "new_households": int(gained[fixed + at]),
            "households": int(served[fixed + at]),
            "only_here": int(only[fixed + at]),
            **_loss(ground, told.get(int(fixed + site))),
        }
        for at, site in enumerate(chosen.tolist())
    ]
    others = [one for one in rejected(question, plan) if one.site >= fixed]
    worse = [
        {"site_id": int(ground.site_ids[one.site - fixed]), "loss": float(one.loss),
         "instead_of": _site_id(ground, one.instead_of)}
        for one in others if np.isfinite(one.loss)
    ]  # fmt: skip
    return {"sites": rows, "rejected": worse}


def _loss(ground: Ground, reason: Reason | None) -> dict[str, Any]:
    if reason is None:
        return {"loss": None, "substitute_id": None, "substitute_loss": None}
    other = _site_id(ground, reason.substitute) if reason.substitute is not None else None
    return {"loss": reason.loss, "substitute_id": other, "substitute_loss": reason.substitute_loss}


def _site_id(ground: Ground, site: int) -> int | None:
    at = site - ground.station_ids.size
    return int(ground.site_ids[at]) if at >= 0 else None


def _frame(ground: Ground, before: Standing, after: Standing, chosen: Ints) -> pd.DataFrame:
    fixed = ground.station_ids.size
    open_one, new_one = (after.station >= 0) & (after.station < fixed), after.station >= fixed
    station = np.append(ground.station_ids, UNKNOWN)[np.where(open_one, after.station, -1)]
    site = np.append(ground.site_ids[chosen], UNKNOWN)[np.where(new_one, after.station - fixed, -1)]
    return pd.DataFrame(
        {
            "unit_id": ground.unit,
            "building_id": ground.building,
            "households": np.where(ground.doors.unknown, UNKNOWN, ground.doors.households),
            "station_id": station,
            "site_id": site,
            "before_m": _metres(before),
            "metres": _metres(after),
            "newly": newly(before, after, ground.limit_m),
        }
    )


def _metres(standing: Standing) -> Floats:
    return np.where(np.isfinite(standing.metres), np.round(standing.metres, 1), NOWHERE)
