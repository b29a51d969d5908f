"""Stations with their staff, organisations of compounds, and rooms where a station could go."""

from collections.abc import Iterator

import numpy as np

from data import roster, words
from data.compounds import COMMODITY, Compounds
from data.frames import Frame, Lines, digits, join, masked, repeat_index, room_rng, texts
from data.lattice import EAST, SOUTH, WEST
from data.people import Heads
from data.plan import Plan
from data.quads import Axes
from data.roster import Posts

STATUSES = ("open", "building", "funded", "sited", "proposed", "suspended", "closed")
STATUS_SHARES = (0.66, 0.10, 0.06, 0.06, 0.08, 0.025, 0.015)
STAFFED = 2
SITES = ("empty_room", "gatehouse", "bike_shed", "other")
SITE_WORDS = ("闲置用房", "门卫房", "自行车棚", "临街房")
OWNERS = ("社区居委会", "物业公司", "原单位", "业主共有", "开发商")
HOURS = ("08:30-17:30", "08:30-12:00, 14:00-17:30", "09:00-20:00")
COMPOUNDS_A_STATION, COMPOUNDS_A_SITE = 8, 5
CROSS_SHARE = 0.25
BEHIND_WALL_M = 2.4


def frames(
    plan: Plan, compounds: Compounds, heads: Heads, *, keys: roster.Keys, today: np.datetime64
) -> Iterator[Frame]:
    """Yield organisations, stations, their posts with persons and holdings, and candidate sites."""
    yield from _organisations(plan, compounds, heads, keys=keys, today=today)
    yield from _stations(plan, compounds, heads, keys=keys, today=today)
    yield _sites(plan, compounds)


def _organisations(
    plan: Plan, compounds: Compounds, heads: Heads, *, keys: roster.Keys, today: np.datetime64
) -> Iterator[Frame]:
    rng = room_rng(plan.seed, "organisations")
    bought = compounds.kind == COMMODITY
    shares = {"party_branch": np.full(compounds.count, 0.6), "owners_committee": np.where(bought, 0.45, 0.1),
              "property_company": np.where(bought, 0.9, 0.35)}  # fmt: skip
    has = np.stack([rng.random(compounds.count) < share for share in shares.values()], axis=1)
    compound, kind = np.nonzero(has)
    ids = np.arange(1, len(compound) + 1)
    community = plan.area_ids(compounds.community[compound])
    yield Frame(
        "organisation",
        {
            "id": ids,
            "code": join(compounds.code[compound], "-", texts(("D", "Y", "W"))[kind]),
            "kind": texts(tuple(shares))[kind],
            "name": join(compounds.name[compound], texts([words.TEAM[name] for name in shares])[kind]),
            "community_id": community,
            "compound_id": compound + 1,
        },
    )
    committee = np.flatnonzero(kind == 1)
    posts = Posts(
        np.full(len(committee), b"committee_member"), community[committee], "organisation_id", ids[committee],
        single_seat=False,
    )  # fmt: skip
    post, _ = repeat_index(rng.integers(3, 6, len(committee)))
    yield from _held(rng, posts, post, compound[committee], heads=heads, keys=keys, today=today)


def _held(  # noqa: PLR0913
    rng: np.random.Generator, posts: Posts, post: np.ndarray, compound: np.ndarray, *,
    heads: Heads, keys: roster.Keys, today: np.datetime64,
) -> list[Frame]:  # fmt: skip
    """Fill seats of posts; a quarter of the first seats go to building heads of the same compound."""
    first = np.append(True, post[1:] != post[:-1])[: len(post)]
    cross = first & (rng.random(len(post)) < CROSS_SHARE)
    known = np.where(cross, heads.of_compounds(compound[post], rng.random(len(post))), 0)
    person = np.cumsum(known == 0) - 1
    terms = roster.current_terms(rng, post, np.maximum(person, 0), today, rng.random(len(post)) < 0.06)
    return roster.frames(rng, keys, posts, terms, int((known == 0).sum()), known)


def _pick(rng: np.random.Generator, compounds: Compounds, every: int) -> np.ndarray:
    weight = rng.random(compounds.count) / np.maximum(compounds.flats, 1)
    wanted = max(4, round(compounds.count / every))
    return np.sort(np.argsort(weight, kind="stable")[:wanted])


def _near_gate(plan: Plan, compounds: Compounds, compound: np.ndarray, aside_m: float) -> Lines:
    """Return points behind the main gates of compounds, some metres along the wall towards its middle."""
    gates = compounds.gates
    main = np.searchsorted(gates.compound, compound)
    side, s, t = gates.side[main], gates.s[main], gates.t[main]
    upright = (side == EAST) | (side == WEST)
    inwards = np.where((side == SOUTH) | (side == WEST), BEHIND_WALL_M, -BEHIND_WALL_M)
    axes = Axes(plan.blocks.quad[compound])
    s, t = np.where(upright, s, s - np.sign(s) * aside_m), np.where(upright, t - np.sign(t) * aside_m, t)
    across = np.where(side == WEST, axes.west_at(t), axes.east_at(t))
    along = np.where(side == SOUTH, axes.south_at(s), axes.north_at(s))
    s, t = np.where(upright, across + inwards, s), np.where(upright, t, along + inwards)
    return Lines("POINT", plan.projection.lon_lat(axes.ground(np.arange(len(compound)), s, t)))


def _stations(
    plan: Plan, compounds: Compounds, heads: Heads, *, keys: roster.Keys, today: np.datetime64
) -> Iterator[Frame]:
    rng = room_rng(plan.seed, "stations")
    compound = _pick(rng, compounds, COMPOUNDS_A_STATION)
    size = len(compound)
    ids = np.arange(1, size + 1)
    status = np.searchsorted(np.cumsum(STATUS_SHARES), rng.random(size) * sum(STATUS_SHARES))
    status[0] = 0
    closed = STATUSES.index("closed")
    reach = plan.zoning.reach.ravel()[plan.blocks.cell[compound]]
    pilot = (reach < np.quantile(reach, 0.25)) & (status == 0)
    opened = np.where(pilot, today - rng.integers(500, 1100, size), today - rng.integers(30, 500, size))
    running = (status == 0) | (status >= STATUSES.index("suspended"))
    community = plan.area_ids(compounds.community[compound])
    area = np.round(rng.gamma(6.0, 22.0, size) + 40, 0)
    yield Frame(
        "station",
        {
            "id": ids,
            "code": join(compounds.code[compound], "-YZ"),
            "name": join(compounds.name[compound], "驿站"),
            "pinyin": _station_pinyin(compounds.pinyin[compound]),
            "community_id": community,
            "compound_id": compound + 1,
            "status": texts(STATUSES)[status],
            "phase": np.where(pilot, b"pilot", b"rollout"),
            "floor_area_m2": masked(area, rng.random(size) < 0.1),
            "opening_hours": np.where(running, texts(HOURS)[rng.integers(0, len(HOURS), size)], b""),
            "opened_on": masked(opened, ~running),
            "closed_on": masked(today - rng.integers(1, 30, size), status != closed),
            "geom": _near_gate(plan, compounds, compound, 6.0),
        },
    )
    staffed = np.flatnonzero((status < STAFFED) | (status == STATUSES.index("suspended")))
    for kind, held_share, seats in (("stationmaster", 0.92, 1), ("deputy_stationmaster", 0.88, 2)):
        where = community[staffed], ids[staffed]
        posts = Posts(np.full(len(staffed), kind.encode()), where[0], "station_id", where[1], single_seat=seats == 1)
        post, _ = repeat_index(
            np.where(rng.random(len(staffed)) < held_share, rng.integers(1, seats + 1, len(staffed)), 0)
        )
        yield from _held(rng, posts, post, compound[staffed], heads=heads, keys=keys, today=today)


def _station_pinyin(pinyin: np.ndarray) -> np.ndarray:
    parts = [value.split(b" ") for value in pinyin.tolist()]
    return np.array([full + b"yizhan " + initials + b"yz" for full, initials in parts])


def _sites(plan: Plan, compounds: Compounds) -> Frame:
    rng = room_rng(plan.seed, "candidate_sites")
    compound = _pick(rng, compounds, COMPOUNDS_A_SITE)
    size = len(compound)
    kind = np.searchsorted([0.45, 0.7, 0.9], rng.random(size))
    area = np.round(np.array([95.0, 28.0, 60.0, 120.0])[kind] * rng.uniform(0.6, 1.6, size), 1)
    cost_yuan = np.round(area * rng.uniform(700, 2400, size) / 1000) * 1000 + 20_000
    return Frame(
        "candidate_site",
        {
            "id": np.arange(1, size + 1),
            "code": join(compounds.code[compound], "-HX", digits(np.ones(size, dtype=int))),
            "name": join(compounds.name[compound], texts(SITE_WORDS)[kind]),
            "kind": texts(SITES)[kind],
            "community_id": plan.area_ids(compounds.community[compound]),
            "compound_id": compound + 1,
            "area_m2": masked(area, rng.random(size) < 0.12),
            "cost_fen": masked((cost_yuan * 100).astype(np.int64), rng.random(size) < 0.15),
            "owner": np.where(rng.random(size) < 0.1, b"", texts(OWNERS)[rng.integers(0, len(OWNERS), size)]),
            "geom": _near_gate(plan, compounds, compound, 11.0),
        },
    )
