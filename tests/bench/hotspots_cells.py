"""Cells, Gi* and trends beside h3, esda and pymannkendall, side by side in one process, in CPU seconds."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.hotspots.cells import hexagons, keys_of, tally
from geo.hotspots.gi_star import gi_star
from geo.hotspots.mann_kendall import mann_kendall
from geo.hotspots.neighbours import Neighbours, hexagon_neighbours
from geo.hotspots.permutations import permuted_p
from geo.hotspots.warm import warm
from geo.hotspots.where import growing, where
from tests.bench.case import Case
from tests.bench.cpu import cpu

SIDE, PERMUTATIONS = 317, 999
POINTS, BESIDE_H3 = 10_000_000, 1_000_000
SERIES, STEPS, BESIDE_KENDALL = 10_000, 52, 1_000
REQUESTS, HEXAGONS_WIDE_M = 200_000, 250.0
TIMES = 5
Floats = NDArray[np.float64]
ROOT = Path(__file__).resolve().parents[2]
FIRST_CALL = """
import numpy as np, time
from geo.hotspots.cells import keys_of
from geo.hotspots.gi_star import gi_star
from geo.hotspots.neighbours import hexagon_neighbours
from geo.hotspots.permutations import permuted_p
q, r = np.meshgrid(np.arange(317), np.arange(317))
values = np.random.default_rng(1).gamma(2.0, 1.0, q.size)
began = time.process_time()
near = hexagon_neighbours(np.sort(keys_of(q.ravel(), r.ravel())))
gi_star(values, near).tail_p()
permuted_p(values, near)
print(time.process_time() - began)
"""


def cases(_buildings: int) -> Iterator[Case]:
    """Measure everything; a missing peer leaves its figure empty."""
    warm()
    yield from _gi_star()
    yield from _hexagons()
    yield from _trends()
    yield from _city()


def _often(work: Callable[[], Any], times: int = TIMES) -> float:
    return median(cpu(work)[0] for _time in range(times))


def _gi_star() -> Iterator[Case]:
    q, r = np.meshgrid(np.arange(SIDE), np.arange(SIDE))
    near = hexagon_neighbours(np.sort(keys_of(q.ravel(), r.ravel())))
    values = np.random.default_rng(1).gamma(2.0, 1.0, SIDE * SIDE)
    theirs = _esda(values, near, 0)
    for name, ask in (("z", lambda: gi_star(values, near)), ("z and p", lambda: gi_star(values, near).normal_p())):
        ours = _often(ask, 4 * TIMES)
        case = f"Gi*, 100,489 hexagons, {name}"
        yield Case(case, "CPU s", ours, "ratio <= 0.001", "esda, analytic (z and p)", theirs)
    ours = _often(lambda: permuted_p(values, near, permutations=PERMUTATIONS))
    theirs = _esda(values, near, PERMUTATIONS)
    name = "Gi* by 999 conditional permutations, 100,489 hexagons"
    yield Case(name, "CPU s", ours, "ratio <= 0.0667", "esda, warm", theirs)
    run = subprocess.run([sys.executable, "-c", FIRST_CALL], cwd=ROOT, capture_output=True, text=True, check=True)
    yield Case("first call in a new process: neighbours, Gi*, 999 permutations", "CPU s", float(run.stdout), "< 1")


def _esda(values: Floats, near: Neighbours, permutations: int) -> float | None:
    """Return esda's CPU seconds, compiled beforehand."""
    try:
        from esda.getisord import G_Local
        from libpysal.weights import W
    except ImportError:
        return None
    from warnings import catch_warnings, simplefilter

    def ask(many: int) -> Any:
        lists = {i: near.target[near.start[i] : near.start[i + 1]].tolist() for i in range(many)}
        weights = W({i: [j for j in found if j < many] for i, found in lists.items()}, silence_warnings=True)
        options = {"permutations": permutations, "star": True, "n_jobs": 1, "keep_simulations": False}
        return lambda: G_Local(values[:many], weights, transform="B", **options)

    with catch_warnings():
        simplefilter("ignore")
        if permutations:
            ask(SIDE * 4)()
        work = ask(values.size)
        return _often(work, 1 if permutations else TIMES)


def _hexagons() -> Iterator[Case]:
    x_m, y_m = np.random.default_rng(1).uniform(-30_000, 30_000, (2, POINTS))
    theirs = _h3(x_m, y_m)
    ours = _often(lambda: hexagons(x_m, y_m, HEXAGONS_WIDE_M))
    name = "10,000,000 points to hexagons"
    yield Case(name, "CPU s", ours, "ratio <= 0.0333", "a loop over h3-py, from 1,000,000", theirs)
    ours = _often(lambda: tally(hexagons(x_m, y_m, HEXAGONS_WIDE_M)))
    yield Case(f"{name}, and counted", "CPU s", ours, "ratio <= 0.0333", "the loop without counting", theirs)


def _h3(x_m: Floats, y_m: Floats) -> float | None:
    try:
        from h3 import latlng_to_cell
    except ImportError:
        return None
    lon, lat = (116 + x_m[:BESIDE_H3] / 89_000).tolist(), (36.4 + y_m[:BESIDE_H3] / 111_000).tolist()
    taken, _cells = cpu(lambda: [latlng_to_cell(north, east, 9) for north, east in zip(lat, lon, strict=True)])
    return taken * POINTS / BESIDE_H3


def _trends() -> Iterator[Case]:
    rng = np.random.default_rng(1)
    series = rng.normal(size=(SERIES, STEPS)) + np.arange(STEPS) / STEPS * rng.normal(size=(SERIES, 1))
    for name, values in (("", series), (" of counts, many of them equal", np.round(2 * series))):
        ours = _often(lambda: mann_kendall(values))  # noqa: B023
        theirs = _pymannkendall(values)
        case = f"Mann-Kendall and Sen's slope, 10,000 series of 52{name}"
        yield Case(case, "CPU s", ours, "ratio <= 0.00333", "pymannkendall, from 1,000", theirs)


def _pymannkendall(series: Floats) -> float | None:
    try:
        from pymannkendall import original_test
    except ImportError:
        return None
    taken, _found = cpu(lambda: [original_test(one) for one in series[:BESIDE_KENDALL]])
    return taken * SERIES / BESIDE_KENDALL


def _city() -> Iterator[Case]:
    rng = np.random.default_rng(1)
    x_m, y_m = rng.normal(0, 6_000, (2, REQUESTS))
    month = rng.integers(0, 24, REQUESTS)

    def answer(*, months: bool) -> None:
        cells = tally(hexagons(x_m, y_m, HEXAGONS_WIDE_M))
        near, homes = hexagon_neighbours(cells.key), np.full(len(cells.key), 100.0)
        if months:
            cube = np.bincount(cells.cell * 24 + month, minlength=24 * len(cells.key)).reshape(-1, 24)
            growing(cube, homes, near)
        else:
            where(cells.points, homes, near)

    for name, months in (("where", False), ("which pattern over 24 months", True)):
        ours = _often(lambda: answer(months=months))  # noqa: B023
        yield Case(f"200,000 requests to hexagons and {name}", "CPU s", ours, "< 1")
