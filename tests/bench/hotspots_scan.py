"""Scans in CPU seconds of one thread in a warm process: beside plain numpy, and beside SaTScan's scaled by it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from statistics import median

import numpy as np
from numpy.typing import NDArray

from geo.hotspots.scan import ScanOptions, scan
from geo.hotspots.scan_warm import warm
from geo.hotspots.scan_zones import circles
from tests.bench.case import Case
from tests.bench.cpu import cpu

Floats = NDArray[np.float64]
AREAS, WEEKS, CASES, REPLICATES = 1_000, 52, 5_000, 999
TRIED = 20
NUMPY_THEN_S = 257.0
"""Plain numpy on the machine on which SaTScan 10.3.2 was measured."""
TIMES = 5
WHOLE = ScanOptions("prospective", 0.5, 1, 26, replicates=REPLICATES, all_p=False, stop_early=False)
BESIDE_SATSCAN = (
    ("prospective, 50 % and 26 weeks", WHOLE, 39.2, 25),
    ("prospective, 10 % and 8 weeks", replace(WHOLE, max_population=0.1, max_duration=8), 3.86, 15),
    ("purely spatial, 50 %", replace(WHOLE, kind="spatial"), 2.14, 6),
    ("purely spatial, 10 %", replace(WHOLE, kind="spatial", max_population=0.1), 0.66, 6),
)


@dataclass(frozen=True)
class City:
    """Cases of a year by area and week with a planted cluster of the last weeks, people, and where the areas are."""

    cases: NDArray[np.int64]
    people: Floats
    places: Floats


def cases(_buildings: int) -> Iterator[Case]:
    """Measure the first cluster's p beside plain numpy and SaTScan, then that of all clusters and a cold start."""
    warm()
    city = _city()
    ours, plain, careful = _beside_numpy(city)
    first = BESIDE_SATSCAN[0][0]
    name = f"scan {first}, {AREAS:,} areas x {WEEKS} weeks x {REPLICATES} replicates"
    told = f"numpy, {TRIED} replicates scaled to {REPLICATES}"
    yield Case(name, "CPU s", ours, f"ratio <= {1 / 200:g}", f"plain {told}", plain)
    yield Case(name, "CPU s", ours, "> 0", f"{told}, logarithms only where there are more than expected", careful)
    scale = plain / NUMPY_THEN_S
    for name, options, theirs, times in BESIDE_SATSCAN:
        told = f"SaTScan 10.3.2, {theirs:g} s scaled by plain numpy ({scale:.2f})"
        yield Case(
            f"scan {name}: p of the first cluster",
            "CPU s",
            _middle(city, options),
            f"ratio <= {1 / times:.4f}",
            told,
            theirs * scale,
        )
        taken = _middle(city, replace(options, all_p=True), times=3)
        yield Case(f"scan {name}: p of all clusters", "CPU s", taken, "> 0", told, theirs * scale)
    yield Case(f"scan {first}: places not seen before", "CPU s", cpu(lambda: scan(*_moved(city), WHOLE))[0], "> 0")


def _city() -> City:
    rng = np.random.default_rng(1)
    places = rng.uniform(0, 20_000, (AREAS, 2))
    people = np.repeat(rng.uniform(500, 1_500, (AREAS, 1)), WEEKS, axis=1)
    risk = people.copy()
    near = np.argsort(((places - places[0]) ** 2).sum(axis=1))[:20]
    risk[near, -4:] *= 3.0
    drawn = rng.multinomial(CASES, (risk / risk.sum()).ravel()).reshape(AREAS, WEEKS)
    return City(drawn.astype(np.int64), people, places)


def _moved(city: City) -> tuple[NDArray[np.int64], Floats, Floats]:
    return city.cases, city.people, city.places + 1.0


def _middle(city: City, options: ScanOptions, times: int = TIMES) -> float:
    """Return the middle of several CPU times once everything is warm."""

    def once() -> object:
        return scan(city.cases, city.people, city.places, options)

    once()
    return median(cpu(once)[0] for _time in range(times))


def _beside_numpy(city: City) -> tuple[float, float, float]:
    """Return CPU seconds of ours, of plain numpy and of careful numpy, by the middle ratio of rounds side by side."""
    plain, careful = _numpy(city, _everywhere), _numpy(city, _where_more)
    taken = []
    for _time in range(TIMES):
        ours = _middle(city, WHOLE, times=1)
        taken.append((ours, *(_scaled(one) for one in (plain, careful))))
    ours = median(one[0] for one in taken)
    return ours, ours * median(one[1] / one[0] for one in taken), ours * median(one[2] / one[0] for one in taken)


def _scaled(replicate: Callable[[], float]) -> float:
    return REPLICATES * median(cpu(replicate)[0] for _time in range(TRIED // TIMES))


def _numpy(city: City, highest: Callable[[NDArray[np.int64], Floats], float]) -> Callable[[], float]:
    """Return one replicate of the same scan with numpy alone: circles and expected cases are found before."""
    expected = city.people * (CASES / city.people.sum())
    zones = circles(city.places, expected.sum(axis=1), WHOLE.max_population)
    longest = int(np.diff(zones.start).max())
    member = np.full((AREAS, longest), AREAS)
    for at, (first, end) in enumerate(zip(zones.start[:-1], zones.start[1:], strict=True)):
        member[at, : end - first] = zones.member[first:end]
    backwards = np.vstack((expected[:, ::-1].cumsum(axis=1), np.zeros((1, WEEKS))))
    mean = [backwards[member, weeks].cumsum(axis=1) for weeks in range(WHOLE.max_duration)]
    rng = np.random.default_rng(2)
    chance = (expected / CASES).ravel()

    def replicate() -> float:
        drawn = rng.multinomial(CASES, chance).reshape(AREAS, WEEKS)
        counts = np.vstack((drawn[:, ::-1].cumsum(axis=1), np.zeros((1, WEEKS), dtype=np.int64)))
        return max(highest(counts[:, weeks][member].cumsum(axis=1), mean[weeks]) for weeks in range(len(mean)))

    replicate()
    return replicate


def _everywhere(count: NDArray[np.int64], mean: Floats) -> float:
    outside = CASES - count
    with np.errstate(divide="ignore", invalid="ignore"):
        found = count * np.log(count / mean) + outside * np.log(outside / (CASES - mean))
    return float(np.where(count > mean, found, 0.0).max())


def _where_more(count: NDArray[np.int64], mean: Floats) -> float:
    over = count > mean
    inside, expected = count[over], mean[over]
    outside = CASES - inside
    found = inside * np.log(inside / expected) + outside * np.log(outside / (CASES - expected))
    return float(found.max(initial=0.0))
