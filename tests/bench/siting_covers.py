"""Siting, coverage models, in CPU seconds of one process, building included; peers are stopped after a while."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median

import numpy as np
from numpy.typing import NDArray

from geo.siting.neighbours import from_matrix
from geo.siting.on_plane import no_pairs, solve_on_plane
from geo.siting.plan import Plan
from geo.siting.plane import Plane
from geo.siting.question import Candidates, Goal, Manner, Question
from geo.siting.solve import solve
from geo.siting.warm import warm
from tests.bench.case import Case
from tests.bench.cpu import cpu, cpu_with_children

REAL = Path(__file__).parents[3] / "shared" / "data" / "pmedian"
PATIENCE_S, PEER_S, TIMES = 60.0, 60.0, 3
Points = NDArray[np.float64]


def cases(_buildings: int) -> Iterator[Case]:
    """Measure coverage of squares with uniform customers, the other coverage goals, and capacities."""
    warm()
    yield from _beside_peers()
    yield from _very_many()
    yield from _thousand_sites()
    yield from _other_goals()
    if REAL.is_dir():
        yield from _capacitated()


def _square(sites: int, customers: int) -> tuple[Plane, Points]:
    rng = np.random.default_rng(7)
    x, y = rng.uniform(0, 30, (2, customers))
    site_x, site_y = rng.uniform(0, 30, (2, sites))
    return Plane(x, y, site_x, site_y, False), rng.integers(1, 101, customers).astype(float)


def _covered(plane: Plane, weight: Points, p: int, radius: float, gap: float = 0.0) -> Plan:
    sites = Candidates(plane.site_x.size)
    question = Question("cover", no_pairs(weight), weight, sites, p, limit=radius)
    return solve_on_plane(plane, question, Manner(gap, PATIENCE_S))[0]


def _measured(plane: Plane, weight: Points, p: int, radius: float) -> tuple[float, Plan]:
    """Return the middle CPU time of several runs, and the plan."""
    runs = [cpu(lambda: _covered(plane, weight, p, radius)) for _time in range(TIMES)]
    return median(taken for taken, _plan in runs), runs[0][1]


def _beside_peers() -> Iterator[Case]:
    for p, radius in ((10, 5.5), (20, 3.25)):
        plane, weight = _square(100, 10_000)
        ours, plan = _measured(plane, weight, p, radius)
        name = f"coverage, 100 sites x 10,000 customers, p = {p}, radius {radius}: {plan.status}"
        for solver in ("HiGHS", "CBC"):
            theirs, value, proven = _peer(plane, weight, (p, radius), solver)
            told = f"spopt + {solver}"
            if not proven:
                told += f", stopped after {PEER_S:g} s"
            elif value is not None and value != plan.objective:
                told += f" (found {value:g}, we {plan.objective:g})"
            yield Case(name, "CPU s", ours, "ratio <= 0.0333", told, theirs)


def _peer(
    plane: Plane, weight: Points, wanted: tuple[int, float], solver: str
) -> tuple[float | None, float | None, bool]:
    """Return CPU seconds of the peer, its solver's process included, what it found, and whether it was proven."""
    try:
        import pulp
        from spopt.locate import MCLP
    except ImportError:
        return None, None, True
    p, radius = wanted
    costs = np.hypot(plane.demand_x[:, None] - plane.site_x, plane.demand_y[:, None] - plane.site_y)
    choice = (
        pulp.HiGHS(msg=False, threads=1, timeLimit=PEER_S)
        if solver == "HiGHS"
        else pulp.PULP_CBC_CMD(msg=False, threads=1, timeLimit=PEER_S)
    )
    try:
        taken, model = cpu_with_children(
            lambda: MCLP.from_cost_matrix(costs, weight, radius, p).solve(choice, results=False)
        )
    except (RuntimeError, AttributeError, pulp.PulpError):
        return None, None, True
    proven = model.problem.sol_status == pulp.LpSolutionOptimal
    return taken, float(model.problem.objective.value()), proven


def _very_many() -> Iterator[Case]:
    for customers, target in ((1_000_000, "<= 1"), (10_000_000, "> 0")):
        for p, radius in ((10, 5.5), (20, 3.25)):
            plane, weight = _square(100, customers)
            ours, plan = _measured(plane, weight, p, radius)
            name = f"coverage, 100 sites x {customers:,} customers, p = {p}, radius {radius}"
            yield Case(f"{name}: {plan.status}", "CPU s", ours, target)


def _thousand_sites() -> Iterator[Case]:
    plane, weight = _square(1_000, 1_000_000)
    for radius in (1.0, 1.45, 1.74, 2.0, 2.5, 3.25, 5.5):
        taken, plan = cpu(lambda: _covered(plane, weight, 100, radius, 0.002))  # noqa: B023
        name = f"coverage, 1,000 sites x 1,000,000 customers, p = 100, radius {radius}"
        share = f"{plan.lower / weight.sum():.1%} covered"
        yield Case(f"{name}: gap, {share}", "%", 100 * (plan.gap or 0.0), "<= 0.2")
        yield Case(f"{name}: until the gap or {PATIENCE_S:g} s", "CPU s", taken, "<= 2")


def _other_goals() -> Iterator[Case]:
    plane, weight = _square(200, 10_000)
    asked: tuple[tuple[Goal, int | None, float, float | None], ...] = (
        ("set-cover", None, 4.0, None), ("backup", 12, 5.5, None), ("cover", 12, 2.0, 5.0), ("center", 12, 0.0, None)
    )  # fmt: skip
    for goal, p, limit, fade in asked:
        question = Question(goal, no_pairs(weight), weight, Candidates(200), p, limit=limit, fade_to=fade)
        taken, (plan, _asked) = cpu(lambda: solve_on_plane(plane, question, Manner(0.0, PATIENCE_S)))  # noqa: B023
        name = f"{goal}{' that fades' if fade else ''}, 200 sites x 10,000 customers: {plan.status}"
        yield Case(f"{name}, gap {100 * (plan.gap or 0.0):.2g} %", "CPU s", taken, "> 0")


def _capacitated() -> Iterator[Case]:
    for number in (1, 2, 11):
        text = (REAL / "capacitated" / f"pmedcap_{number}.txt").read_text().split()
        best, n, p, capacity = (int(float(word)) for word in text[1:5])
        _id, x, y, load = np.array(text[5:], np.float64).reshape(n, 4).T
        costs = np.floor(np.hypot(x[:, None] - x, y[:, None] - y))
        sites = Candidates(n, capacity=np.full(n, float(capacity)))
        pairs = from_matrix(costs, np.ones(n), np.full(n, np.inf))
        question = Question("median", pairs, np.ones(n), sites, p, load=load)
        taken, plan = cpu(lambda: solve(question, Manner(0.0, PATIENCE_S)))  # noqa: B023
        equal = plan.status == "optimal" and plan.objective == best
        yield Case(f"capacitated {number}: proven and equal to the published {best}", "", float(equal), "> 0")
        yield Case(f"capacitated {number}", "CPU s", taken, "> 0")
