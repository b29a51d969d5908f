"""The key figures of a duty chain: households, buildings and heads by gap, with what is unknown counted beside."""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from geo.coverage.duty_chain import GAP_OF_FLAGS, DutyChain
from geo.coverage.duty_inputs import Gap, Level, Limits

GAPS = len(Gap)


@dataclass(frozen=True)
class DutyFigures:
    """Counts by Gap: known households, parts of unknown size (units, or buildings without units), buildings, units.

    heads: people who head something; heads_above: those with more than head_households known households, among them
    heads_overloaded; heads_uncounted: those who carry doors nobody has counted. station_households and
    team_households: known households by Level of the station and the team that serve them.
    """

    households: tuple[int, ...]
    uncounted: tuple[int, ...]
    buildings: tuple[int, ...]
    units: tuple[int, ...]
    heads: int
    heads_above: int
    heads_overloaded: int
    heads_uncounted: int
    station_households: tuple[int, ...]
    team_households: tuple[int, ...]


@dataclass(frozen=True)
class GapsByPlace:
    """Known households and parts of unknown size by compound (or community) and Gap: one row a place."""

    households: NDArray[np.int64]
    uncounted: NDArray[np.int64]


def figures_of(chain: DutyChain, limits: Limits | None = None) -> DutyFigures:
    """Return the key figures of a chain computed with the same limits."""
    limits = limits or Limits()
    parts = chain.parts
    gaps = GAP_OF_FLAGS[chain.part_flags]
    heads = np.unique(chain.holders.person[parts.real & (chain.holders.person >= 0)])
    by_gap = gaps_by_place(chain, np.zeros(len(chain.building_gap), dtype=np.int64), 1)
    return DutyFigures(
        households=_row(by_gap.households[0]),
        uncounted=_row(by_gap.uncounted[0]),
        buildings=_row(np.bincount(chain.building_gap, minlength=GAPS)),
        units=_row(np.bincount(gaps[: len(chain.unit_gap)], minlength=GAPS)),
        heads=len(heads),
        heads_above=int((chain.load[heads] > limits.head_households).sum()),
        heads_overloaded=int((chain.load[heads] > limits.alarm_households).sum()),
        heads_uncounted=int((chain.load_uncounted[heads] > 0).sum()),
        station_households=_by_level(chain, chain.station_level),
        team_households=_by_level(chain, chain.team_level),
    )


def exchanged(figures: DutyFigures, before: DutyFigures, after: DutyFigures) -> DutyFigures:
    """Return the figures of a city after a part of it, counted before, is counted anew."""

    def plus(name: str) -> int | tuple[int, ...]:
        whole, old, new = (getattr(one, name) for one in (figures, before, after))
        if isinstance(whole, int):
            return whole - old + new
        return tuple(count - was + now for count, was, now in zip(whole, old, new, strict=True))

    return DutyFigures(**{field.name: plus(field.name) for field in fields(DutyFigures)})  # type: ignore[arg-type]


def gaps_by_place(chain: DutyChain, place: NDArray[np.int64], places: int) -> GapsByPlace:
    """Return households by gap for each place; place: by building the position of its place, -1 to leave it out.

    >>> from geo.coverage.duty_chain import duty_chain
    >>> from geo.coverage.duty_inputs import OPEN_ENDED, DutyInputs, Heads, Places, Service
    >>> one, none = np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int64)
    >>> heads = Heads(none, none, one - 1, one + OPEN_ENDED)
    >>> places = Places(none, none, one, one, one + 30, compounds=1, communities=1)
    >>> chain = duty_chain(DutyInputs(places, heads, Service.none(), Service.none(), persons=0))
    >>> gaps_by_place(chain, places.building_compound, 1).households.tolist()
    [[0, 0, 30, 0, 0, 0]]
    """
    of_part = place[chain.parts.building]
    counted = chain.parts.real & (of_part >= 0)
    cell = of_part[counted] * GAPS + GAP_OF_FLAGS[chain.part_flags[counted]]
    known = np.bincount(cell, chain.parts.households[counted], minlength=places * GAPS).astype(np.int64)
    missing = np.bincount(cell, chain.parts.unknown[counted], minlength=places * GAPS).astype(np.int64)
    return GapsByPlace(known.reshape(places, GAPS), missing.reshape(places, GAPS))


def _by_level(chain: DutyChain, level: NDArray[np.uint8]) -> tuple[int, ...]:
    return _row(np.bincount(level[chain.parts.building], chain.parts.households, minlength=len(Level)))


def _row(counts: NDArray[np.int64] | NDArray[np.float64]) -> tuple[int, ...]:
    return tuple(int(count) for count in counts)
