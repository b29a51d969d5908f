"""Siting, medians and centres, in CPU seconds of one process, building included: published and large cases, peers."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from subprocess import run
from time import process_time

import numpy as np
from numpy.typing import NDArray

from geo.coverage.nearest import within
from geo.coverage.network import Drawn, build
from geo.coverage.snapping import at_nodes
from geo.coverage.warm import warm as warm_network
from geo.siting.neighbours import from_matrix
from geo.siting.on_plane import no_pairs, solve_on_plane
from geo.siting.plan import Plan
from geo.siting.plane import Plane, pairs_within
from geo.siting.question import Candidates, Goal, Manner, Question
from geo.siting.solve import solve
from geo.siting.warm import warm
from tests.bench.case import Case, middle
from tests.bench.cpu import cpu, cpu_with_children

REAL = Path(__file__).parents[3] / "shared" / "data" / "pmedian"
PATIENCE_S = 600.0
Points = NDArray[np.float64]
FIRST_CALL = """
from time import process_time
import numpy as np
from geo.siting.on_plane import no_pairs, solve_on_plane
from geo.siting.plane import Plane
from geo.siting.question import Candidates, Manner, Question
from geo.siting.warm import warm
warm()
rng = np.random.default_rng(5)
plane = Plane(*rng.uniform(0, 9000, (2, 3000)), *rng.uniform(0, 9000, (2, 300)), False)
question = Question("median", no_pairs(np.ones(3000)), np.ones(3000), Candidates(300), 20)
for _turn in range(2):
    began = process_time()
    solve_on_plane(plane, question, Manner(0.01))
    print(process_time() - began)
"""


def cases(_buildings: int) -> Iterator[Case]:
    """Measure everything; files that are not there are left out."""
    warm()
    warm_network()
    yield from _first_call()
    if REAL.is_dir():
        yield from _published()
        yield from _usa()
    yield from _small_peers()
    yield from _city()
    yield from _curve_and_change()


def _first_call() -> Iterator[Case]:
    """Measure what the first question of a fresh, warmed process takes beside the second one like it."""
    done = run((sys.executable, "-c", FIRST_CALL), capture_output=True, text=True, check=True)
    first, second = (float(word) for word in done.stdout.split())
    yield Case("first question of a fresh process beyond the second, 3,000 x 300", "CPU s", first - second, "<= 0.1")


def _distances(table: Points) -> Points:
    """Return how far it is between all nodes by the product's own network."""
    n = len(table)
    begin, end = np.nonzero(np.triu(table))
    town = build(np.arange(n), np.arange(n) / 1000, np.zeros(n), Drawn(begin, end, table[begin, end]))
    nodes = at_nodes(np.arange(n))
    found = within(town, nodes, nodes, np.inf)
    costs = np.full((n, n), np.inf)
    costs[found.source(), found.target] = found.metres
    return costs


def _graph(number: int) -> tuple[Points, int]:
    values = np.array((REAL / "orlib" / f"pmed{number}.txt").read_text().split(), np.int64)
    n, p, edges = int(values[0]), int(values[2]), values[3:].reshape(-1, 3)
    table = np.zeros((n, n))
    for a, b, c in edges.tolist():
        table[a - 1, b - 1] = table[b - 1, a - 1] = c
    return table, p


def _answer(costs: Points, p: int, goal: Goal = "median") -> Plan:
    n, m = costs.shape
    return solve(Question(goal, from_matrix(costs, np.ones(n), np.full(n, np.inf)), np.ones(n), Candidates(m), p))


def _proven(plans: list[Plan], name: str) -> int:
    """Return how many plans are proven and as good as the published optima."""
    lines = [line.split() for line in (REAL / "orlib" / name).read_text().splitlines()]
    best = [int(line[1]) for line in lines if line and line[0].startswith("pmed")]
    return sum(plan.lower == plan.upper == known for plan, known in zip(plans, best, strict=True))


def _published() -> Iterator[Case]:
    graphs = [_graph(number) for number in range(1, 41)]
    taken, plans = cpu(lambda: [_answer(_distances(table), p) for table, p in graphs])
    yield Case("pmed1-40 proven and equal to the published optima", "instances", _proven(plans, "pmedopt.txt"), "> 39")
    yield Case("pmed1-40 in total, distances and lists included", "CPU s", taken, "<= 10")
    taken, plans = cpu(lambda: [_answer(_distances(table), p, "center") for table, p in graphs])
    proven = _proven(plans, "kcenteropt.txt")
    yield Case("p-centre of pmed1-40 proven and equal to the published optima", "instances", proven, "> 39")
    yield Case("p-centre of pmed1-40 in total, distances and lists included", "CPU s", taken, "< inf")
    costs, p = _distances(graphs[5][0]), graphs[5][1]
    yield from _beside("pmed6", costs, p, ("HiGHS",), "ratio <= 0.001")


def _small_peers() -> Iterator[Case]:
    rng = np.random.default_rng(3)
    points = rng.uniform(0, 100, (100, 2))
    costs = np.hypot(*(points[:, None, :] - points[None, :, :]).transpose(2, 0, 1))
    yield from _beside("median, 100 places, p = 10", costs, 10, ("HiGHS", "CBC"), "ratio <= 0.01")


def _beside(name: str, costs: Points, p: int, solvers: tuple[str, ...], target: str) -> Iterator[Case]:
    measured = [cpu(lambda: _answer(costs, p)) for _time in range(5)]
    ours, plan = middle([taken for taken, _plan in measured]), measured[0][1]
    for solver in solvers:
        theirs, value = _peer(costs, p, solver)
        same = value is not None and abs(value - plan.upper) <= 1e-6 * plan.upper
        told = f"spopt + {solver}" + ("" if same or value is None else f" (found {value:g}, we {plan.upper:g})")
        yield Case(name, "CPU s", ours, target, told, theirs)


def _peer(costs: Points, p: int, solver: str) -> tuple[float | None, float | None]:
    """Return CPU seconds of the peer, those of its solver's process included, and what it found; None when missing."""
    try:
        import pulp
        from spopt.locate import PMedian

        choice = pulp.HiGHS(msg=False, threads=1, timeLimit=300) if solver == "HiGHS" else pulp.PULP_CBC_CMD(msg=False)
        taken, model = cpu_with_children(
            lambda: PMedian.from_cost_matrix(costs, np.ones(len(costs)), p).solve(choice, results=False)
        )
        return taken, float(model.problem.objective.value())
    except (ImportError, RuntimeError, AttributeError, pulp.PulpError):
        return None, None


def _points(path: Path) -> Points:
    rows = [line.split() for line in path.read_text().splitlines() if line.strip()[:1].isdigit()]
    return np.array(rows, np.float64)[:, 1:3]


def _wide(name: str, plane: Plane, weight: Points, p: int, limits: list[tuple[float, float]]) -> Iterator[Case]:
    question = Question("median", no_pairs(weight), weight, Candidates(plane.site_x.size), p)
    for gap, seconds in limits:
        taken, (plan, _asked) = cpu(lambda: solve_on_plane(plane, question, Manner(gap, PATIENCE_S)))  # noqa: B023
        yield Case(f"{name}, asked for {gap:.1%}: gap", "%", 100 * (plan.gap or 0.0), f"<= {100 * gap:g}")
        yield Case(f"{name}, asked for {gap:.1%}: time", "CPU s", taken, f"<= {seconds:g}")


def _usa() -> Iterator[Case]:
    x, y = np.ascontiguousarray(_points(REAL / "tsplib" / "usa13509.tsp").T)
    plane = Plane(x, y, x, y, True)
    yield from _wide("usa13509, p = 100", plane, np.ones(x.size), 100, [(0.01, 5.0), (0.001, 30.0)])


def _town(doors: int, sites: int) -> tuple[Plane, Points]:
    """Return a city of 60 clusters in a square of 20 km."""
    rng = np.random.default_rng(1)
    middle, width = rng.uniform(0, 20_000, (60, 2)), rng.uniform(300, 2_500, 60)
    placed = []
    for count in (doors, sites):
        cluster = rng.integers(0, 60, count)
        placed.append(np.ascontiguousarray((middle[cluster] + rng.normal(size=(count, 2)) * width[cluster, None]).T))
    return Plane(*placed[0], *placed[1], False), rng.integers(1, 60, doors).astype(float)


def _city() -> Iterator[Case]:
    plane, weight = _town(100_000, 2_000)
    yield from _wide("city, 100,000 doors x 2,000 sites, p = 50", plane, weight, 50, [(0.01, 10.0)])


def _curve_and_change() -> Iterator[Case]:
    plane, weight = _town(20_000, 500)
    began, worst, before, plan = process_time(), 0.0, None, None
    pairs = pairs_within(plane, np.full(20_000, np.inf), weight)
    for p in range(1, 51):
        question = Question("median", pairs, weight, Candidates(500), p)
        plan = solve(question, Manner(0.01, PATIENCE_S), before=before)
        before, worst = plan, max(worst, plan.gap or 0.0)
    yield Case("curve p = 1 to 50, 20,000 x 500: worst gap", "%", 100 * worst, "<= 1")
    yield Case("curve p = 1 to 50, 20,000 x 500", "CPU s", process_time() - began, "<= 10")
    if plan is not None and plan.chosen is not None:
        yield from _changes(question, plan)


def _changes(question: Question, plan: Plan) -> Iterator[Case]:
    """Measure one site banned, and one forced, beginning with the answer without."""
    chosen = () if plan.chosen is None else plan.chosen
    others = [j for j in range(0, 500, 100) if j not in chosen]
    for name, sites in (("banned", chosen[:5]), ("forced", others)):
        taken, gaps = [], []
        for j in sites:
            changed = replace(question, sites=replace(question.sites, **{name: np.arange(500) == j}))
            seconds, again = cpu(lambda: solve(changed, Manner(0.01, PATIENCE_S), before=plan))  # noqa: B023
            taken.append(seconds)
            gaps.append(again.gap or 0.0)
        yield Case(f"one site {name}, 20,000 x 500, p = 50, gap {max(gaps):.2%}", "CPU s", middle(taken), "<= 0.3")
