"""A whole refresh of coverage in a city of 100,000 nodes, all in CPU seconds of one process."""

import time
from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from geo.coverage import warm
from geo.coverage.absence import absences
from geo.coverage.catchment import Decay, catchment
from geo.coverage.duty_chain import duty_chain
from geo.coverage.duty_figures import figures_of
from geo.coverage.duty_inputs import OPEN_ENDED, UNKNOWN, VACANT, DutyInputs, Heads, Places, Service
from geo.coverage.nearest import k_nearest, nearest, within
from geo.coverage.network import Drawn, Network, build
from geo.coverage.snapping import Snapped, snap
from geo.coverage.what_if import Leaves, TakesPost, Today, WhatIf
from tests.bench.case import Case, middle

SIDE = 317
BLOCK_DEGREES = 0.0009
BUILDINGS, UNITS_EACH = 100_000, 3
STATIONS, VOLUNTEERS, BUILDINGS_EACH = 500, 3_000, 60
LIMIT_M, K = 1000.0, 5
TURNS = 5
RINGS = Decay.steps((300.0, 500.0, 1000.0))
CHANGES = 40


class City(NamedTuple):
    """The network, where buildings, stations and volunteers enter it, what is needed and given, and who holds what."""

    network: Network
    buildings: Snapped
    stations: Snapped
    volunteers: Snapped
    households: np.ndarray
    hours: np.ndarray
    duty: DutyInputs


def cases(_buildings: int) -> Iterator[Case]:
    """Measure the refresh as a whole, its steps, everybody's absence and one change of a what-if."""
    warm.warm()
    city = _city()
    steps: dict[str, Callable[[], object]] = {
        "the nearest station": lambda: nearest(city.network, city.buildings, city.stations),
        f"the {K} nearest volunteers": lambda: k_nearest(city.network, city.buildings, city.volunteers, K),
        "the catchment of the stations": lambda: _catchment(city, city.stations, np.full(STATIONS, 500.0)),
        "the catchment of the volunteers": lambda: _catchment(city, city.volunteers, city.hours),
        "the duty chain and its figures": lambda: figures_of(duty_chain(city.duty)),
    }
    taken = {name: _cpu_s(step) for name, step in steps.items()}
    where = f"{len(city.network):,} nodes, {BUILDINGS:,} buildings"
    yield Case(f"a whole refresh of coverage, {where}", "CPU s", sum(taken.values()), "<= 1")
    for name, seconds in taken.items():
        yield Case(f"of the refresh: {name}, {where}", "CPU s", seconds, "<= 1")
    chain = duty_chain(city.duty)
    everybody = _cpu_s(lambda: absences(city.duty, chain).ranked(200))
    yield Case(f"who would be missed most, {BUILDINGS * UNITS_EACH:,} units", "CPU s", everybody, "<= 1")
    yield Case(f"one change of a what-if, {BUILDINGS:,} buildings", "CPU s", _one_change(city.duty), "< 0.1")


def _catchment(city: City, suppliers: Snapped, supply: np.ndarray) -> object:
    reach = within(city.network, city.buildings, suppliers, LIMIT_M)
    return catchment(reach, city.households, supply, RINGS)


def _one_change(duty: DutyInputs) -> float:
    asked = WhatIf(Today(duty))
    asked.apply(Leaves(0))
    taken = []
    for person in range(1, CHANGES):
        change = Leaves(person) if person % 2 else TakesPost(person, building=7 * person)
        began = time.process_time()
        asked.apply(change)
        taken.append(time.process_time() - began)
    return max(taken)


def _cpu_s(work: Callable[[], object]) -> float:
    taken = []
    for turn in range(TURNS + 1):
        began = time.process_time()
        work()
        if turn:
            taken.append(time.process_time() - began)
    return middle(taken)


def _city() -> City:
    dice = np.random.default_rng(7)
    network = _streets()
    entering = [_scattered(network, many, dice) for many in (BUILDINGS, STATIONS, VOLUNTEERS)]
    duty = _duty(dice)
    households = np.where(duty.places.building_households == UNKNOWN, np.nan, duty.places.building_households)
    return City(network, *entering, households, dice.uniform(1, 8, VOLUNTEERS), duty)


def _streets() -> Network:
    """Return a square of streets, every crossing a node, 100 m from one to the next."""
    row, column = (one.ravel() for one in np.mgrid[:SIDE, :SIDE])
    node = np.arange(SIDE * SIDE)
    east, north = node[column < SIDE - 1], node[row < SIDE - 1]
    ends = np.concatenate([east, north]), np.concatenate([east + 1, north + SIDE])
    length_m = np.random.default_rng(3).uniform(95, 140, len(ends[0]))
    lon, lat = 115.9 + column * BLOCK_DEGREES * 1.24, 36.3 + row * BLOCK_DEGREES
    return build(node, lon, lat, Drawn(*ends, length_m))


def _scattered(network: Network, many: int, dice: np.random.Generator) -> Snapped:
    span = (SIDE - 1) * BLOCK_DEGREES
    return snap(network, 115.9 + dice.uniform(0, span * 1.24, many), 36.3 + dice.uniform(0, span, many))


def _duty(dice: np.random.Generator) -> DutyInputs:
    units, compounds = BUILDINGS * UNITS_EACH, -(-BUILDINGS // BUILDINGS_EACH)
    compound = np.arange(BUILDINGS) // BUILDINGS_EACH
    unit_building = np.repeat(np.arange(BUILDINGS), UNITS_EACH)
    unit_households = np.where(dice.random(units) < 0.3, UNKNOWN, dice.integers(8, 25, units))
    total = np.bincount(unit_building, unit_households.clip(min=0), minlength=BUILDINGS).astype(np.int64)
    places = Places(
        unit_building,
        unit_households,
        compound,
        compound // 8,
        np.where(dice.random(BUILDINGS) < 0.3, UNKNOWN, total),
        compounds,
        -(-compounds // 8),
    )
    heads = Heads(
        np.where(dice.random(units) < 0.3, dice.integers(0, BUILDINGS, units), VACANT),
        np.where(dice.random(units) < 0.1, 30, OPEN_ENDED),
        np.where(dice.random(BUILDINGS) < 0.7, dice.integers(0, BUILDINGS, BUILDINGS), VACANT),
        np.where(dice.random(BUILDINGS) < 0.1, 30, OPEN_ENDED),
    )
    at = np.arange(STATIONS)
    stations = Service(at, at // 8, dice.integers(0, BUILDINGS, STATIONS), np.arange(STATIONS + 1), at + 1)
    return DutyInputs(places, heads, stations, Service.none(), BUILDINGS)
