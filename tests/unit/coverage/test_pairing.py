"""Pairing: never a worse answer than an exact solver's, limits kept, a cause for all that is not met."""

from itertools import product
from math import gcd

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow
from scipy.optimize import linprog
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from geo.coverage import pairing
from geo.coverage.pairing import BACKUP, CAUSES, PRIMARY, TURN, Needs, Pairing, Volunteers, Ways, pair
from geo.coverage.simplex import Arcs, transport
from geo.errors import BadInput, NoRoom

BIG = 1e7
SKILLS = ("", "repair", "medicine", "repair;medicine")


def needs_of(hours: list[float], circle: list[int] | None = None, skills: list[str] | None = None) -> Needs:
    many = len(hours)
    return Needs(
        np.array(hours, dtype=np.float64),
        np.array(circle if circle is not None else [1] * many, dtype=np.int64),
        tuple(tuple(filter(None, one.split(";"))) for one in skills or [""] * many),
        np.ones(many, dtype=bool),
        np.ones(many, dtype=bool),
    )


def volunteers_of(
    hours: list[float], skills: list[str] | None = None, limit_m: list[float] | None = None
) -> Volunteers:
    many = len(hours)
    return Volunteers(
        np.array(hours, dtype=np.float64),
        tuple(tuple(filter(None, one.split(";"))) for one in skills or [""] * many),
        np.array(limit_m or [np.inf] * many, dtype=np.float64),
        np.ones(many, dtype=bool),
    )


def ways_of(rows: list[tuple[int, int, float]], **more: list[float]) -> Ways:
    need, volunteer, metres = (list(column) for column in zip(*rows, strict=True)) if rows else ([], [], [])
    extra = {name: np.array(values) for name, values in more.items()}
    return Ways(np.array(need, dtype=np.int64), np.array(volunteer, dtype=np.int64), np.array(metres, float), **extra)


def rows(best: Pairing) -> list[tuple[int, int, str, float]]:
    return [
        (int(n), int(v), pairing.ROLES[r], float(h))
        for n, v, r, h in zip(best.need, best.volunteer, best.role, best.hours, strict=True)
    ]


def exact(needs: Needs, volunteers: Volunteers, ways: Ways) -> tuple[float, float]:
    """Return hours met and hours x metres of the best plan by HiGHS, over ways that are known to be usable."""
    if not len(ways):
        return 0.0, 0.0
    arcs = np.arange(len(ways))
    unit = (needs.hours / needs.circle)[ways.need]
    rows_ = np.concatenate((ways.need, len(needs) + ways.volunteer))
    matrix = coo_array(
        (np.ones(2 * len(ways)), (rows_, np.tile(arcs, 2))), shape=(len(needs) + len(volunteers), len(ways))
    )
    most = np.concatenate((needs.hours, volunteers.hours))
    bounds = np.column_stack((np.zeros(len(ways)), unit))
    answer = linprog(ways.metres - BIG, A_ub=matrix.tocsr(), b_ub=most, bounds=bounds, method="highs")
    return float(answer.x.sum()), float(answer.x @ ways.metres)


@some.composite
def cases(draw: some.DrawFn) -> tuple[Needs, Volunteers, Ways]:
    many, helpers = draw(some.integers(1, 6)), draw(some.integers(1, 5))
    quarter = some.integers(1, 12).map(lambda number: number / 4)
    needs = needs_of(
        draw(some.lists(quarter, min_size=many, max_size=many)),
        draw(some.lists(some.integers(1, 4), min_size=many, max_size=many)),
        draw(some.lists(some.sampled_from(SKILLS), min_size=many, max_size=many)),
    )
    volunteers = volunteers_of(
        draw(some.lists(quarter, min_size=helpers, max_size=helpers)),
        draw(some.lists(some.sampled_from(SKILLS), min_size=helpers, max_size=helpers)),
        draw(some.lists(some.sampled_from([300.0, 700.0, float("inf")]), min_size=helpers, max_size=helpers)),
    )
    pairs = [one for one in product(range(many), range(helpers)) if draw(some.booleans())]
    return needs, volunteers, ways_of([(need, helper, float(draw(some.integers(0, 1000)))) for need, helper in pairs])


def sizes_above(best: Pairing, needs: Needs) -> int:
    """Return how many volunteers more than wanted the circles have in all."""
    members = np.bincount(best.need[best.role != BACKUP], minlength=len(needs))
    return int(np.maximum(members - needs.circle, 0).sum())


def usable(needs: Needs, volunteers: Volunteers, ways: Ways) -> Ways:
    kept = [
        set(needs.skills[need]) <= set(volunteers.skills[helper]) and metres <= volunteers.limit_m[helper]
        for need, helper, metres in zip(ways.need, ways.volunteer, ways.metres, strict=True)
    ]
    return ways.only(np.array(kept, dtype=bool))


@settings(max_examples=150, deadline=None)
@given(cases())
def test_no_exact_solver_meets_more_hours_or_walks_less(case: tuple[Needs, Volunteers, Ways]) -> None:
    needs, volunteers, ways = case
    best = pair(needs, volunteers, ways, keep_size=False)
    shares = needs.hours / needs.circle
    unit = gcd(*np.rint(shares * 1680).astype(np.int64).tolist()) / 1680
    whole = np.floor(volunteers.hours / unit + 1e-9) * unit
    offered = Volunteers(whole, volunteers.skills, volunteers.limit_m, volunteers.placed)
    hours, walk_m = exact(needs, offered, usable(needs, volunteers, ways))
    assert best.status == "optimal"
    assert best.hours_met == pytest.approx(hours, abs=1e-6)
    assert best.walk_m == pytest.approx(walk_m, abs=0.05)
    kept = pair(needs, volunteers, ways)
    assert kept.hours_bound == best.hours_met >= kept.hours_met
    assert (kept.status == "optimal") == (sizes_above(best, needs) == 0)
    assert sizes_above(kept, needs) <= sizes_above(best, needs) or kept.hours_met == best.hours_met


@settings(max_examples=150, deadline=None)
@given(cases())
def test_limits_skills_hours_and_shares_are_kept_and_nothing_is_lost(case: tuple[Needs, Volunteers, Ways]) -> None:
    needs, volunteers, ways = case
    best = pair(needs, volunteers, ways)
    allowed = usable(needs, volunteers, ways)
    open_ways = {(int(n), int(v)): m for n, v, m in zip(allowed.need, allowed.volunteer, allowed.metres, strict=True)}
    assert len(set(zip(best.need, best.volunteer, strict=True))) == len(best)
    for need, helper, role, metres, hours in zip(
        best.need, best.volunteer, best.role, best.metres, best.hours, strict=True
    ):
        assert open_ways[int(need), int(helper)] == metres
        assert (hours == 0) == (role == BACKUP)
        assert hours <= needs.hours[need] / needs.circle[need] + 1e-9
    given_hours = np.bincount(best.volunteer, weights=best.hours, minlength=len(volunteers))
    assert (given_hours <= volunteers.hours + 1e-9).all()
    met = np.bincount(best.need, weights=best.hours, minlength=len(needs)).astype(np.float64)
    for lacking in best.unmet:
        met[lacking.need] += lacking.hours
        assert lacking.cause in CAUSES
    assert met == pytest.approx(needs.hours)
    assert best.hours_met == pytest.approx(best.hours.sum())
    for need in np.unique(best.need):
        assert list(best.role[best.need == need]).count(PRIMARY) == 1


def brute(hours: list[int], offered: list[int], metres: dict[tuple[int, int], int]) -> tuple[int, int]:
    """Return needs met and metres of the best plan when every need is one hour for one volunteer."""
    choices = [[None, *(v for v in range(len(offered)) if (n, v) in metres)] for n in range(len(hours))]
    best = (0, 0)
    for plan in product(*choices):
        if all(plan.count(helper) <= room for helper, room in enumerate(offered)):
            met = len(hours) - plan.count(None)
            walked = sum(metres[n, v] for n, v in enumerate(plan) if v is not None)
            best = max(best, (met, -walked))
    return best[0], -best[1]


@settings(max_examples=100, deadline=None)
@given(some.data())
def test_tiny_cases_are_as_good_as_trying_everything(data: some.DataObject) -> None:
    many, helpers = data.draw(some.integers(1, 5)), data.draw(some.integers(1, 3))
    offered = data.draw(some.lists(some.integers(0, 3), min_size=helpers, max_size=helpers))
    metres = data.draw(
        some.dictionaries(some.tuples(some.integers(0, many - 1), some.integers(0, helpers - 1)), some.integers(1, 99))
    )
    best = pair(
        needs_of([1.0] * many),
        volunteers_of([float(one) for one in offered]),
        ways_of([(need, helper, float(way)) for (need, helper), way in metres.items()]),
    )
    assert (best.hours_met, best.total_m) == brute([1] * many, offered, metres)


def test_the_nearest_is_given_up_where_that_meets_more() -> None:
    best = pair(needs_of([1, 1]), volunteers_of([1, 1]), ways_of([(0, 0, 10), (0, 1, 500), (1, 0, 400)]))
    assert rows(best) == [(0, 1, "primary", 1.0), (1, 0, "primary", 1.0)]
    assert best.total_m == 900


def test_a_circle_has_as_many_as_are_wanted_with_equal_shares_and_the_nearest_as_primary() -> None:
    ways = ways_of([(0, 0, 300), (0, 1, 100), (0, 2, 200), (0, 3, 400), (0, 4, 500)])
    best = pair(needs_of([2], [3]), volunteers_of([5, 5, 5, 0, 1]), ways)
    assert [row[1:3] for row in rows(best)] == [(1, "primary"), (2, "turn"), (0, "turn"), (4, "backup")]
    assert best.hours[:3] == pytest.approx([2 / 3] * 3)
    assert best.total_m == 600
    assert best.idle == ((3, "no_hours"),)


def test_a_backup_has_a_share_left_and_takes_no_hours() -> None:
    ways = ways_of([(0, 0, 10), (1, 1, 20), (0, 1, 30), (1, 0, 15), (0, 2, 90), (1, 2, 95)])
    best = pair(needs_of([1, 1]), volunteers_of([1, 1, 1]), ways)
    assert rows(best) == [(0, 0, "primary", 1.0), (0, 2, "backup", 0.0), (1, 1, "primary", 1.0), (1, 2, "backup", 0.0)]
    assert best.total_m == 30


@pytest.mark.parametrize(
    ("cause", "more"),
    [
        ("no_place", {"placed": np.array([False])}),
        ("no_consent", {"consent": np.array([False])}),
        ("no_hours", {"hours": np.array([0.0])}),
        ("nobody_with_skill", {"skills": (("cooking",),)}),
        ("circle_short", {"circle": np.array([4])}),
        ("hours_taken", {"hours": np.array([9.0])}),
    ],
)
def test_a_need_that_is_not_met_has_its_cause(cause: str, more: dict[str, object]) -> None:
    plain = needs_of([2.0], [2])
    needs = Needs(**{**vars(plain), **more})  # type: ignore[arg-type]
    best = pair(needs, volunteers_of([3.0, 3.0]), ways_of([(0, 0, 10), (0, 1, 20)]))
    assert [one.cause for one in best.unmet] == [cause]


def test_nobody_in_reach_counts_the_limit_of_each_volunteer() -> None:
    best = pair(needs_of([1]), volunteers_of([1], limit_m=[300]), ways_of([(0, 0, 301)]))
    assert [(one.hours, one.cause) for one in best.unmet] == [(1.0, "nobody_in_reach")]
    assert len(best) == 0


def test_a_volunteer_without_a_place_is_listed_and_never_paired() -> None:
    helpers = volunteers_of([1])
    helpers = Volunteers(helpers.hours, helpers.skills, helpers.limit_m, np.array([False]))
    best = pair(needs_of([1]), helpers, ways_of([(0, 0, 1)]))
    assert best.idle == ((0, "no_place"),)
    assert len(best) == 0


def test_a_present_pair_stays_until_the_way_is_too_much_longer() -> None:
    ways = ways_of([(0, 0, 100), (0, 1, 350)], present=[False, True])
    needs, helpers = needs_of([1]), volunteers_of([1, 1])
    assert rows(pair(needs, helpers, ways, continuity_m=300))[0][1] == 1
    assert rows(pair(needs, helpers, ways, continuity_m=200))[0][1] == 0
    assert pair(needs, helpers, ways, continuity_m=300).total_m == 350


def test_ages_of_a_team_rank_and_never_exclude() -> None:
    plain = ways_of([(0, 0, 100), (0, 1, 150)])
    ages = np.array([np.nan]), np.array([20.0, 59.0])
    detour_m = pairing.off_ages_m(*ages, plain, helped=(70, 89), helper=(40, 59), detour_m=200)
    ways = Ways(plain.need, plain.volunteer, plain.metres, detour_m=detour_m)
    assert rows(pair(needs_of([1]), volunteers_of([1, 1]), ways))[0][1] == 1
    assert rows(pair(needs_of([1]), volunteers_of([1, 0]), ways))[0][1] == 0


def test_neighbours_of_one_building_are_not_divided_between_two_volunteers() -> None:
    ways = ways_of([(need, helper, 100) for need in range(6) for helper in range(3)])
    best = pair(needs_of([2, 2, 2, 2, 1, 1]), volunteers_of([4, 4, 2]), ways)
    assert best.hours_met == 10
    assert (best.role != TURN).sum() == len(best)


def test_a_circle_is_larger_than_wanted_only_for_hours_and_never_to_save_metres() -> None:
    needs, helpers = needs_of([2, 0.5]), volunteers_of([1, 1, 2.5])
    ways = ways_of([(0, 0, 10), (0, 1, 20), (0, 2, 500), (1, 2, 30)])
    best = pair(needs, helpers, ways)
    assert [row[:3] for row in rows(best) if row[2] != "backup"] == [(0, 2, "primary"), (1, 2, "primary")]
    assert (best.status, best.hours_met, best.hours_bound) == ("feasible", 2.5, 2.5)
    shorter = pair(needs, helpers, ways, keep_size=False)
    assert shorter.status == "optimal"
    assert shorter.walk_m < best.walk_m


def test_a_share_is_divided_where_that_meets_more_hours() -> None:
    best = pair(needs_of([2, 0.5]), volunteers_of([1, 1.5]), ways_of([(0, 0, 10), (0, 1, 20), (1, 1, 20)]))
    assert [row[2:] for row in rows(best)] == [("primary", 1.0), ("turn", 1.0), ("primary", 0.5)]
    assert not best.unmet


def test_a_circle_never_grows_beyond_seven_and_says_that_it_was_cut() -> None:
    ways = ways_of([*((0, helper, 10) for helper in range(9)), (1, 8, 900)])
    best = pair(needs_of([9, 0.25]), volunteers_of([1] * 9), ways)
    assert (best.need == 0).sum() == 7
    assert best.status == "feasible"
    assert best.unmet[0] == pairing.Unmet(0, 2.0, "circle_full")


@pytest.mark.parametrize(
    ("needs", "helpers"), [(needs_of([-1]), volunteers_of([1])), (needs_of([1], [8]), volunteers_of([1]))]
)
def test_negative_hours_and_odd_circles_are_refused(needs: Needs, helpers: Volunteers) -> None:
    with pytest.raises(BadInput):
        pair(needs, helpers, ways_of([]))


def test_nothing_to_pair_is_an_empty_answer() -> None:
    best = pair(needs_of([]), volunteers_of([]), ways_of([]))
    assert (len(best), best.total_m, best.unmet, best.status) == (0, 0.0, (), "optimal")


@settings(max_examples=100, deadline=None)
@given(some.data())
def test_divided_arcs_of_a_flow_never_form_a_ring(data: some.DataObject) -> None:
    many, helpers = data.draw(some.integers(1, 6)), data.draw(some.integers(1, 6))
    need, helper = (axis.ravel() for axis in np.meshgrid(np.arange(many), np.arange(helpers)))
    sizes = some.integers(1, 5)
    wanted = np.array(data.draw(some.lists(sizes, min_size=many, max_size=many)))
    offered = np.array(data.draw(some.lists(sizes, min_size=helpers, max_size=helpers)))
    cost = np.array(data.draw(some.lists(some.integers(0, 2), min_size=len(need), max_size=len(need))))
    room = wanted[need]
    carried = transport(wanted, offered, Arcs(need, helper, room, cost))
    assert carried.sum() == min(wanted.sum(), offered.sum())
    divided = (carried > 0) & (carried < room)
    ends = need[divided], many + helper[divided]
    seen = coo_array((np.ones(divided.sum()), ends), shape=(many + helpers, many + helpers))
    parts, _labels = connected_components(seen, directed=False)
    assert divided.sum() == many + helpers - parts


@pytest.mark.parametrize("hours_each", [2, 9])
def test_a_whole_town_costs_what_another_exact_solver_says(hours_each: int) -> None:
    dice = np.random.default_rng(hours_each)
    many, helpers, ways = 600, 200, 9000
    ends = np.divmod(dice.choice(many * helpers, ways, replace=False), helpers)
    wanted, offered = dice.integers(1, 7, many), dice.integers(0, 2 * hours_each, helpers)
    room, cost = np.minimum(dice.integers(1, 7, ways), wanted[ends[0]]), dice.integers(-50, 1_000_000, ways)
    mine = transport(wanted, offered, Arcs(*ends, room, cost))
    other = SimpleMinCostFlow()
    tails = np.concatenate((np.full(many, many + helpers), ends[0], many + np.arange(helpers))).astype(np.int32)
    heads = np.concatenate((np.arange(many), many + ends[1], np.full(helpers, many + helpers + 1))).astype(np.int32)
    costs = np.concatenate((np.zeros(many), cost, np.zeros(helpers))).astype(np.int64)
    rooms = np.concatenate((wanted, room, offered)).astype(np.int64)
    other.add_arcs_with_capacity_and_unit_cost(tails, heads, rooms, costs)
    other.set_node_supply(many + helpers, int(wanted.sum()))
    other.set_node_supply(many + helpers + 1, -int(wanted.sum()))
    assert other.solve_max_flow_with_min_cost() == SimpleMinCostFlow.OPTIMAL
    assert (mine.sum(), mine @ cost) == (other.maximum_flow(), other.optimal_cost())


def test_costs_that_do_not_fit_are_refused() -> None:
    one = np.array([0])
    with pytest.raises(NoRoom):
        transport(np.array([1]), np.array([1]), Arcs(one, one, np.array([1]), np.array([1 << 58])))
