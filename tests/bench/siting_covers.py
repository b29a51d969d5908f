"""Siting, coverage models, in CPU seconds of one process, building included."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from geo.siting.on_plane import no_pairs, solve_on_plane
from geo.siting.plan import Plan
from geo.siting.plane import Plane
from geo.siting.question import Candidates, Manner, Question
from geo.siting.warm import warm
from tests.bench.case import Case
from tests.bench.cpu import cpu

PATIENCE_S = 600.0
Points = NDArray[np.float64]


def cases(_buildings: int) -> Iterator[Case]:
    """Measure coverage of squares with uniform customers."""
    warm()
    yield from _coverage()


def _square(sites: int, customers: int) -> tuple[Plane, Points]:
    rng = np.random.default_rng(7)
    x, y = rng.uniform(0, 30, (2, customers))
    site_x, site_y = rng.uniform(0, 30, (2, sites))
    return Plane(x, y, site_x, site_y, False), rng.integers(1, 101, customers).astype(float)


def _covered(plane: Plane, weight: Points, p: int, radius: float, gap: float = 0.0) -> Plan:
    sites = Candidates(plane.site_x.size)
    question = Question("cover", no_pairs(weight), weight, sites, p, limit=radius)
    return solve_on_plane(plane, question, Manner(gap, PATIENCE_S))[0]


def _coverage() -> Iterator[Case]:
    sizes = [(100, 10_000, 10, 5.5, "<= 1"), (100, 10_000, 20, 3.25, "<= 1"), (100, 1_000_000, 10, 5.5, "<= 1"),
             (100, 1_000_000, 20, 3.25, "<= 1"), (100, 10_000_000, 20, 3.25, "> 0")]  # fmt: skip
    for sites, customers, p, radius, target in sizes:
        plane, weight = _square(sites, customers)
        taken, plan = cpu(lambda: _covered(plane, weight, p, radius))  # noqa: B023
        name = f"coverage, {sites} sites x {customers:,} customers, p = {p}, radius {radius}"
        yield Case(f"{name}: {plan.status}", "CPU s", taken, target)
    for radius in (1.45, 1.74):
        plane, weight = _square(1_000, 1_000_000)
        taken, plan = cpu(lambda: _covered(plane, weight, 100, radius, 0.002))  # noqa: B023
        name = f"coverage, 1000 sites x 1,000,000 customers, p = 100, radius {radius}"
        yield Case(f"{name}: gap", "%", 100 * (plan.gap or 0.0), "<= 0.2")
        yield Case(f"{name}: until the gap or {PATIENCE_S:g} s", "CPU s", taken, "<= 2")
