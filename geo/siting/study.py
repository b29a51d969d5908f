"""The siting study: the question of a planner on the city as the database has it, answered as long work."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection

from geo.access.reads import require_for_work
from geo.coverage.duty_inputs import UNKNOWN
from geo.errors import BadInput
from geo.i18n import N_
from geo.jobs.context import JobContext, JobStopped
from geo.planning.studies import StudyDraft
from geo.planning.study_writes import keep_study
from geo.siting.effect import Standing, added, figures_at, newly, only_here, worst_off
from geo.siting.explain import Reason, reasons, rejected
from geo.siting.ground_study import Ground, joined, load_ground
from geo.siting.neighbours import Flags, Floats, Ints, from_pairs
from geo.siting.plan import MAXIMISED, Plan
from geo.siting.question import Candidates, Manner, Question
from geo.siting.solve import solve
from geo.siting.wanted import FEN, Wanted
from geo.store import versions
from geo.store.clock import today
from geo.store.metadata import all_tables
from geo.store.session import reading, writing

NOWHERE = -1.0
MOST_PAIRS, FAR_M = 4_000_000, 3000.0
CURVE_GAP, CURVE_SECONDS, CURVE_MOST = 0.01, 20.0, 30
TOO_MANY_NEW = N_("{number} new stations are wanted, but there are only {sites} candidate sites to use. Ask for fewer.")
TOO_MANY_PINNED = N_("{pinned} candidate sites are pinned, but only {number} new stations are wanted. Take pins out.")

Progress = Callable[..., None]
Watch = Callable[[Flags, float, float], bool]


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
        found = study_sites(connection, wanted, today(), tell=context.progress, watch=_watcher(context, wanted))
    if context.notes.stop_reason == "gone" or (found.plan.chosen is None and context.notes.stop_reason):
        context.check_cancelled()
    with writing(context.actor) as session:
        draft = StudyDraft("siting", name, wanted.community_id, wanted.plain(), found.figures, found.frame)
        study_id = keep_study(session, draft, data_on=found.on, seen=found.seen)
    return {"study_id": study_id, "status": found.plan.status, "stopped": context.notes.stop_reason is not None}


def _watcher(context: JobContext, wanted: Wanted) -> Watch:
    def watch(chosen: Flags, lower: float, upper: float) -> bool:
        value = lower if wanted.goal in MAXIMISED else upper
        if not np.isfinite(value):
            return context.notes.stop_reason is not None
        gap = (upper - lower) / abs(upper) if upper and np.isfinite(upper - lower) else 0.0
        context.best({"stations": int(chosen.sum()), "value": float(value), "gap": gap})
        try:
            message = N_("Best plan so far: {value}; at most {percent} % from the best there is")
            context.progress(0.4 + 0.5 * (1 - min(gap, 1.0)), message, value=round(value), percent=f"{100 * gap:.2f}")
        except JobStopped:
            return True
        return False

    return watch


def study_sites(
    connection: Connection, wanted: Wanted, on: date, *, tell: Progress, watch: Watch | None = None
) -> SitingStudy:
    """Return the best plan that was found for a question on a day, with all that is said about it.

    Raises BadInput in words for a question that makes no sense here.
    """
    seen = versions.current(connection)
    tell(0.05, N_("Reading doors, stations and candidate sites"))
    ground = load_ground(connection, wanted)
    tell(0.2, N_("Measuring the ways"))
    question, kept = question_of(ground, wanted)
    tell(0.4, N_("Looking for the best plan"))
    plan = solve(question, Manner(seconds=float(wanted.seconds), watch=watch))
    chosen = chosen_sites(ground, plan)
    before, after = ground.standing(ground.stations), ground.standing(ground.targets(chosen))
    figures = _figures(ground, wanted, plan, (before, after))
    figures |= _reasons(ground, question, plan, (before, after))
    figures["out_of_reach"] = _places(ground, before, np.flatnonzero(~kept))
    figures["out_of_reach_count"] = int((~kept).sum())
    if wanted.curve:
        figures["curve"] = curve(ground, wanted, before, stop=watch)
    return SitingStudy(plan, _frame(ground, before, after, chosen), figures, on, seen)


def question_of(ground: Ground, wanted: Wanted) -> tuple[Question, Flags]:
    """Return the question for the engine, and which doors it is about: those that some station or site can serve.

    Sites come first open stations (fixed), then candidate sites. Each door weighs its known households; where
    everybody is to be served (fewest stations, worst-off) every door weighs the same.
    """
    fixed, count = ground.station_ids.size, ground.site_ids.size
    banned = np.isin(ground.site_ids, wanted.banned)
    if wanted.budget_yuan is not None:
        banned |= (ground.cost_fen < 0) & ~np.isin(ground.site_ids, wanted.pinned)
    forced = np.isin(ground.site_ids, wanted.pinned)
    _check_size(wanted, int((~banned).sum()), int(forced.sum()))
    owner, site, metres = _pairs(ground, wanted)
    usable = np.append(np.ones(fixed, bool), ~banned)
    kept = np.bincount(owner[usable[site]], minlength=ground.building.size) > 0
    number = np.cumsum(kept) - 1
    among = kept[owner]
    weight = (
        np.ones(ground.building.size)
        if wanted.goal in {"set-cover", "center"}
        else ground.doors.households.astype(np.float64)
    )[kept]
    lists = from_pairs(number[owner[among]], site[among], metres[among], weight, np.full(weight.size, np.inf))
    closed = np.zeros(fixed, bool)
    sites = Candidates(
        fixed + count,
        cost=np.append(np.zeros(fixed), np.where(ground.cost_fen < 0, 0, ground.cost_fen) / FEN),
        fixed=np.append(~closed, np.zeros(count, bool)),
        banned=np.append(closed, banned),
        forced=np.append(closed, forced),
    )
    total = fixed + wanted.number if wanted.number is not None else None
    limit = ground.limit_m if wanted.goal in {"cover", "set-cover", "backup"} else None
    return Question(wanted.goal, lists, weight, sites, number=total, budget=wanted.budget_yuan, limit=limit), kept


def _check_size(wanted: Wanted, usable: int, pinned: int) -> None:
    if wanted.number is not None and wanted.number > usable:
        raise BadInput(TOO_MANY_NEW, number=wanted.number, sites=usable)
    if wanted.number is not None and pinned > wanted.number:
        raise BadInput(TOO_MANY_PINNED, number=wanted.number, pinned=pinned)


def _pairs(ground: Ground, wanted: Wanted) -> tuple[Ints, Ints, Floats]:
    """Return every pair of a door and a site in reach: within the limit, for the goals about walks however far."""
    targets = joined(ground.stations, ground.sites)
    reach = ground.limit_m
    if wanted.goal in {"median", "center"}:
        reach = np.inf if ground.building.size * targets.lon.size <= MOST_PAIRS else FAR_M
    found = ground.way.within(ground.at, targets, reach)
    return found.source().astype(np.int64), found.target.astype(np.int64), np.asarray(found.metres, np.float64)


def chosen_sites(ground: Ground, plan: Plan) -> Ints:
    """Return the positions among the candidate sites of those a plan opens."""
    if plan.chosen is None:
        return np.zeros(0, np.int64)
    return (plan.chosen[plan.chosen >= ground.station_ids.size] - ground.station_ids.size).astype(np.int64)


def _figures(ground: Ground, wanted: Wanted, plan: Plan, standings: tuple[Standing, Standing]) -> dict[str, Any]:
    chosen = chosen_sites(ground, plan)
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
        "after": figures_at(ground.doors, standings[1], ground.limit_m),
        "new_households": int(ground.doors.households[new].sum()),
        "new_uncounted": int((new & ground.doors.unknown).sum()),
        "cost_fen": int(costs[costs >= 0].sum()),
        "cost_unknown": int((costs < 0).sum()),
        "left_out": int((ground.cost_fen < 0).sum()) if wanted.budget_yuan is not None else 0,
        "worst_off": _places(ground, standings[1], worst_off(ground.doors, standings[1])),
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


def curve(ground: Ground, wanted: Wanted, before: Standing, *, stop: Watch | None) -> list[dict[str, Any]]:
    """Return for one station more each time the best plan found, its gap, households within the limit and the cost."""
    most = min(int(ground.site_ids.size) - len(wanted.banned), CURVE_MOST)
    base = replace(wanted, goal="cover", budget_yuan=None, pinned=())
    found: list[dict[str, Any]] = []
    for number in range(1, most + 1):
        question, _kept = question_of(ground, replace(base, number=number))
        plan = solve(question, Manner(gap=CURVE_GAP, seconds=CURVE_SECONDS / most, watch=stop))
        chosen = chosen_sites(ground, plan)
        after = ground.standing(ground.targets(chosen))
        costs = ground.cost_fen[chosen]
        found.append(
            {"number": number, "gap": plan.gap, "within": figures_at(ground.doors, after, ground.limit_m)["within"],
             "cost_fen": int(costs[costs >= 0].sum()), "cost_unknown": int((costs < 0).sum())}
        )  # fmt: skip
        if len(found) > 1 and found[-1]["within"] == found[-2]["within"]:
            break
    return found
