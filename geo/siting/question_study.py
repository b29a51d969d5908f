"""A planner's question as the engine takes it: doors with their weights and ways, sites with terms, rules, money."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.coverage.duty_inputs import UNKNOWN
from geo.errors import BadInput
from geo.i18n import N_
from geo.siting.ground_study import Ground, joined
from geo.siting.neighbours import Flags, Floats, Ints, from_pairs
from geo.siting.question import Candidates, Question
from geo.siting.wanted import FEN, Wanted
from geo.siting.weights_study import spread

MOST_PAIRS, FAR_M = 4_000_000, 3000.0
NEAR_GOALS = frozenset({"cover", "set-cover", "backup"})
TOO_MANY_NEW = N_("{number} new stations are wanted, but there are only {sites} candidate sites to use. Ask for fewer.")
TOO_MANY_PINNED = N_("{pinned} candidate sites are pinned, but only {number} new stations are wanted. Take pins out.")
TOO_CLOSE = N_(
    "{count} pinned sites are nearer to an open station than {metres} m. Take those pins out, or ask for less distance."
)
TOO_NEAR = N_(
    "{number} new stations are wanted, but only {sites} candidate sites are at least {metres} m on foot from the open "
    "stations. Ask for fewer, or for less distance."
)
SHARE_TOO_HIGH = N_(
    "Only {percent} % of the weight can be reached from the stations and sites used here. Ask for a smaller share, or "
    "add a site."
)


@dataclass(frozen=True)
class Posed:
    """The question for the engine, which doors it is about (those that some station or site can serve), and the
    candidate sites that are left out because nobody knows their cost or an open station is too near.
    """

    question: Question
    kept: Flags
    unpriced: int
    too_close: int


def pose(ground: Ground, wanted: Wanted, values: NDArray[np.float64]) -> Posed:
    """Return the question for the engine; values: what doors weigh, by year and door.

    Sites come first open stations (fixed), then candidate sites. Where everybody is to be served (fewest stations for
    all, worst-off) every door weighs the same. Raises BadInput in words for what cannot be.
    """
    forced = np.isin(ground.site_ids, wanted.pinned)
    unpriced = (ground.cost_fen < 0) & ~forced if wanted.counts_money else np.zeros(forced.size, bool)
    close, apart = _too_close(ground, wanted, forced)
    banned = np.isin(ground.site_ids, wanted.banned) | unpriced | close
    _check_size(wanted, int((~banned).sum()), int(forced.sum()), crowded=bool(close.any()))
    owner, site, metres = _pairs(ground, wanted)
    usable = np.append(np.ones(ground.station_ids.size, bool), ~banned)
    kept = np.bincount(owner[usable[site]], minlength=ground.building.size) > 0
    number, among = np.cumsum(kept) - 1, kept[owner]
    weight = _weights(wanted, values)[:, kept]
    lists = from_pairs(
        number[owner[among]], site[among], metres[among], weight.mean(axis=0), np.full(weight.shape[1], np.inf)
    )
    total = ground.station_ids.size + wanted.number if wanted.number is not None else None
    question = Question(
        wanted.goal, lists, spread(weight), _sites(ground, wanted, (banned, forced), apart), number=total,
        budget=wanted.budget_yuan, limit=ground.limit_m if wanted.goal in NEAR_GOALS else None,
        fade_to=_fade(ground, wanted), share=_share(wanted, _weights(wanted, values)[0], kept),
        worst=wanted.demand == "worst", load=_load(ground, wanted, kept),
    )  # fmt: skip
    return Posed(question, kept, int((unpriced & ~np.isin(ground.site_ids, wanted.banned)).sum()), int(close.sum()))


def _check_size(wanted: Wanted, usable: int, pinned: int, *, crowded: bool) -> None:
    if wanted.number is not None and wanted.number > usable:
        if crowded:
            metres = round(wanted.rules.apart_m or 0)
            raise BadInput(TOO_NEAR, number=wanted.number, sites=usable, metres=metres)
        raise BadInput(TOO_MANY_NEW, number=wanted.number, sites=usable)
    if wanted.number is not None and pinned > wanted.number:
        raise BadInput(TOO_MANY_PINNED, number=wanted.number, pinned=pinned)


def _weights(wanted: Wanted, values: NDArray[np.float64]) -> NDArray[np.float64]:
    everybody = wanted.goal == "center" or (wanted.goal == "set-cover" and wanted.near.share >= 1)
    return np.ones((1, values.shape[1])) if everybody else values


def _share(wanted: Wanted, weight: Floats, kept: Flags) -> float:
    """Return the share of the doors the question is about that makes the share of all doors that is wanted."""
    if wanted.goal != "set-cover" or wanted.near.share >= 1:
        return 1.0
    reachable = float(weight[kept].sum()) / max(float(weight.sum()), 1.0)
    if wanted.near.share > reachable:
        raise BadInput(SHARE_TOO_HIGH, percent=f"{100 * reachable:.1f}")
    return wanted.near.share / reachable


def _fade(ground: Ground, wanted: Wanted) -> float | None:
    fade = wanted.near.fade_to_m
    return fade if fade is not None and fade > ground.limit_m else None


def _load(ground: Ground, wanted: Wanted, kept: Flags) -> Floats | None:
    limited = wanted.rules.room is not None or wanted.rules.rooms
    return ground.doors.households[kept].astype(np.float64) if limited else None


def _pairs(ground: Ground, wanted: Wanted) -> tuple[Ints, Ints, Floats]:
    """Return every pair of a door and a site in reach: within the limit, for the goals about walks however far."""
    targets = joined(ground.stations, ground.sites)
    reach = max(ground.limit_m, _fade(ground, wanted) or 0.0)
    if wanted.goal not in NEAR_GOALS:
        reach = np.inf if ground.building.size * targets.lon.size <= MOST_PAIRS else FAR_M
    found = ground.way.within(ground.at, targets, reach)
    return found.source().astype(np.int64), found.target.astype(np.int64), np.asarray(found.metres, np.float64)


def _too_close(ground: Ground, wanted: Wanted, forced: Flags) -> tuple[Flags, Ints | None]:
    """Return the candidate sites too near to an open station, and the pairs of sites too near to each other."""
    fixed, close = ground.station_ids.size, np.zeros(forced.size, bool)
    if wanted.rules.apart_m is None:
        return close, None
    targets = joined(ground.stations, ground.sites)
    found = ground.way.within(targets, targets, wanted.rules.apart_m)
    one, other = found.source().astype(np.int64), found.target.astype(np.int64)
    near = np.unique(np.sort(np.stack([one, other], axis=1)[one != other], axis=1), axis=0).reshape(-1, 2)
    close[near[(near[:, 0] < fixed) & (near[:, 1] >= fixed), 1] - fixed] = True
    if (close & forced).any():
        raise BadInput(TOO_CLOSE, count=int((close & forced).sum()), metres=round(wanted.rules.apart_m))
    return close, near[near[:, 0] >= fixed]


def _sites(ground: Ground, wanted: Wanted, flags: tuple[Flags, Flags], apart: Ints | None) -> Candidates:
    fixed, count = ground.station_ids.size, ground.site_ids.size
    banned, forced = flags
    none = np.zeros(fixed, bool)
    price = np.where(ground.cost_fen < 0, 0, ground.cost_fen) / FEN
    return Candidates(
        fixed + count,
        cost=_after_stations(ground, price),
        capacity=_room(ground, wanted),
        fixed=np.append(~none, np.zeros(count, bool)),
        banned=np.append(none, banned),
        forced=np.append(none, forced),
        group=_without_station(ground) if wanted.rules.at_least_one else None,
        at_least=1 if wanted.rules.at_least_one else None,
        apart=apart,
        pots=tuple(_pots(ground, wanted, price)),
    )


def _after_stations(ground: Ground, of_sites: Floats) -> Floats:
    return np.append(np.zeros(ground.station_ids.size), of_sites)


def _room(ground: Ground, wanted: Wanted) -> Floats | None:
    rules = wanted.rules
    if rules.room is None and not rules.rooms:
        return None
    usual = np.inf if rules.room is None else float(rules.room)
    rooms = [float(rules.rooms.get(site, usual)) for site in ground.site_ids.tolist()]
    return np.append(np.full(ground.station_ids.size, np.inf), rooms)


def _without_station(ground: Ground) -> Ints:
    """Return the community of each site, UNKNOWN for stations and where a station is open already."""
    served = np.isin(ground.site_community, ground.station_community)
    own = np.where(served, UNKNOWN, ground.site_community)
    return np.append(np.full(ground.station_ids.size, UNKNOWN), own).astype(np.int64)


def _pots(ground: Ground, wanted: Wanted, price: Floats) -> list[tuple[Floats, float]]:
    """Return the further limits as costs by site and what they may come to: sources, communities, numbers."""
    purse = wanted.purse
    payer = np.array([purse.paid_by.get(site, "community") for site in ground.site_ids.tolist()], dtype=object)
    pots = [(np.where(payer == source, price, 0.0), float(yuan)) for source, yuan in purse.pots.items()]
    for community in np.unique(ground.site_community):
        here = ground.site_community == community
        if purse.community_yuan is not None:
            pots.append((np.where(here & (payer == "community"), price, 0.0), float(purse.community_yuan)))
        if wanted.rules.at_most is not None:
            pots.append((here.astype(np.float64), float(wanted.rules.at_most)))
    return [(_after_stations(ground, cost), limit) for cost, limit in pots]
