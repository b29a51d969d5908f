"""The siting study of the demo city against plain loops and the engine, and what a stop keeps."""

from collections import defaultdict
from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.briefing.siting_moves import best_use, try_place
from geo.errors import BadInput
from geo.jobs.context import JobContext, Notes
from geo.planning.study_reads import studies, study, study_frame
from geo.siting.ground_study import load_ground
from geo.siting.neighbours import from_matrix
from geo.siting.question import Candidates, Question
from geo.siting.solve import solve
from geo.siting.study import Ears, siting_as_job, study_sites
from geo.siting.wanted import Near, Purse, Rules, Wanted
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading

PLANNER = Actor("demo-planner")

pytestmark = pytest.mark.usefixtures("demo_store_for_module")


def silent(*_told: Any, **_values: Any) -> None:
    """Hear progress and say nothing."""


def ways(wanted: Wanted) -> tuple[Any, np.ndarray]:
    """The ground of a question, and metres from every door to every open station, then every candidate site."""
    with reading(OPERATOR) as connection:
        ground = load_ground(connection, wanted)
    targets = ground.targets(np.arange(ground.site_ids.size))
    table = np.full((ground.building.size, targets.lon.size), np.inf)
    for at in range(targets.lon.size):
        table[:, at] = ground.standing(targets.part(np.array([at]))).metres
    return ground, table


def found_by(wanted: Wanted) -> Any:
    with reading(OPERATOR) as connection:
        return study_sites(connection, wanted, today(), ears=Ears(silent), actor=PLANNER)


def test_a_plan_covers_what_the_engine_covers_on_plain_arrays() -> None:
    wanted = Wanted("cover", number=3)
    ground, table = ways(wanted)
    fixed, households = ground.station_ids.size, ground.doors.households.astype(np.float64)
    sites = Candidates(table.shape[1], fixed=np.arange(table.shape[1]) < fixed)
    lists = from_matrix(table, households, np.full(households.size, 1e12))
    plain = solve(Question("cover", lists, households, sites, number=fixed + 3, limit=ground.limit_m))
    figures = found_by(wanted).figures
    assert (figures["status"], figures["objective"]) == (plain.status, plain.objective) == ("optimal", plain.upper)


@pytest.mark.parametrize("goal", ["cover", "median", "center", "backup", "set-cover"])
def test_figures_and_rows_are_those_of_plain_loops(goal: Any) -> None:
    wanted = Wanted(goal, number=None if goal == "set-cover" else 2)
    ground, table = ways(wanted)
    found = found_by(wanted)
    fixed = ground.station_ids.size
    chosen = [int(np.flatnonzero(ground.site_ids == row["site_id"])[0]) for row in found.figures["sites"]]
    counted = {"before": 0, "after": 0}
    walked: dict[str, float] = defaultdict(float)
    for door in range(ground.building.size):
        amount = int(ground.doors.households[door])
        nearest = {
            "before": min(table[door, :fixed]),
            "after": min(table[door, [*range(fixed), *(fixed + j for j in chosen)]]),
        }
        for moment, metres in nearest.items():
            counted[moment] += amount if metres <= ground.limit_m else 0
            walked[moment] += amount * metres
        assert found.frame["metres"].iloc[door] == pytest.approx(nearest["after"], abs=0.06)
    for moment in ("before", "after"):
        assert found.figures[moment]["within"] == counted[moment]
        assert found.figures[moment]["mean_m"] == pytest.approx(walked[moment] / ground.doors.known, abs=0.1)
    assert found.figures["new_households"] == counted["after"] - counted["before"]
    assert sum(row["new_households"] for row in found.figures["sites"]) == found.figures["new_households"]


def test_what_is_lost_without_a_station_is_what_the_others_do_not_reach() -> None:
    wanted = Wanted("cover", number=3)
    ground, table = ways(wanted)
    rows = found_by(wanted).figures["sites"]
    at = {row["site_id"]: int(np.flatnonzero(ground.site_ids == row["site_id"])[0]) for row in rows}
    fixed = list(range(ground.station_ids.size))
    within = table <= ground.limit_m
    for row in rows:
        others = [ground.station_ids.size + at[other["site_id"]] for other in rows if other is not row]
        alone = within[:, ground.station_ids.size + at[row["site_id"]]] & ~within[:, [*fixed, *others]].any(axis=1)
        assert row["only_here"] == int(ground.doors.households[alone].sum()) == row["loss"]


def test_unknown_household_counts_are_counted_apart_and_never_as_nobody() -> None:
    figures = found_by(Wanted("cover", number=1)).figures
    with reading(OPERATOR) as connection:
        ground = load_ground(connection, Wanted("cover", number=1))
    assert figures["uncounted"] == int(ground.doors.unknown.sum()) > 0
    assert any(row["households"] is None for row in figures["worst_off"])


def test_a_pinned_site_is_used_a_banned_one_is_not_and_a_budget_is_kept() -> None:
    free = found_by(Wanted("cover", number=2)).figures["sites"]
    kept = {row["site_id"] for row in free}
    with reading(OPERATOR) as connection:
        other = connection.scalar(text("SELECT min(id) FROM candidate_site WHERE id <> ALL (:ids)"), {"ids": [*kept]})
    banned = min(kept)
    again = {
        row["site_id"]
        for row in found_by(Wanted("cover", number=2, pinned=(other,), banned=(banned,))).figures["sites"]
    }
    assert other in again
    assert banned not in again
    money = found_by(Wanted("cover", budget_yuan=300_000)).figures
    assert 0 < money["cost_fen"] <= 30_000_000
    assert money["cost_unknown"] == 0
    assert money["left_out"] > 0


@pytest.mark.parametrize(
    "asked",
    [{"goal": "cover"}, {"goal": "cover", "number": 2, "budget_yuan": 5}, {"goal": "nearest", "number": 1},
     {"goal": "cover", "number": 1, "pinned": [3], "banned": [3]}, {"goal": "median", "number": 0},
     {"goal": "median", "number": 1, "circle": 7}, {"goal": "cover", "number": 1, "weights": {"cats": 1}},
     {"goal": "cover", "number": 1, "demand": "worst"}, {"goal": "center", "number": 1, "rules": {"room": 9}},
     {"goal": "cover", "number": 1, "near": {"speed_m_s": 9}}, {"goal": "cover", "number": 1, "rules": {"apart_m": 0}},
     {"goal": "cover", "number": 1, "purse": {"pots": {"luck": 5}}}],
)  # fmt: skip
def test_a_question_that_makes_no_sense_is_refused_in_words(asked: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        Wanted.read(asked)


def test_more_stations_than_sites_are_refused_in_words() -> None:
    with pytest.raises(BadInput, match="candidate sites to use"):
        found_by(Wanted("cover", number=400))


def test_a_stop_keeps_the_best_plan_so_far(tmp_path: Any) -> None:
    notes = Notes()
    context = JobContext(1, OPERATOR, tmp_path, notes)
    told = notes.put

    def stop_at_the_first_plan(**columns: Any) -> None:
        told(**columns)
        if "best" in columns:
            notes.ask_to_stop("cancelled")

    notes.put = stop_at_the_first_plan  # type: ignore[method-assign]
    result = siting_as_job(context, name="stopped", **Wanted("center", number=2).plain())
    with reading(OPERATOR) as connection:
        kept, frame = study(connection, result["study_id"]), study_frame(connection, result["study_id"])
    assert result["stopped"]
    assert kept.figures["status"] == "stopped"
    assert len(kept.figures["sites"]) == 2
    assert kept.figures["lower"] < kept.figures["upper"] == kept.figures["objective"]
    assert len(frame) == kept.figures["doors"]


def test_a_curve_rises_and_each_point_says_its_gap() -> None:
    curve = found_by(Wanted("cover", number=1, curve=True)).figures["curve"]
    assert [one["number"] for one in curve] == list(range(1, len(curve) + 1))
    assert all(one["gap"] <= 0.01 for one in curve)
    assert curve[-1]["within"] >= curve[0]["within"]


def test_a_station_tried_elsewhere_gives_the_numbers_of_that_place(tmp_path: Any) -> None:
    wanted = Wanted("cover", number=2)
    context = JobContext(2, OPERATOR, tmp_path, Notes())
    study_id = siting_as_job(context, name="to move", **wanted.plain())["study_id"]
    ground, table = ways(wanted)
    with reading(OPERATOR) as connection:
        rows = study(connection, study_id).figures["sites"]
        assert study_id in {view.id for view in studies(connection, "siting")}
    gone, stays = (int(np.flatnonzero(ground.site_ids == row["site_id"])[0]) for row in rows)
    fixed = ground.station_ids.size
    for to in range(ground.site_ids.size):
        lon, lat = float(ground.sites.lon[to]), float(ground.sites.lat[to])
        moved = try_place(OPERATOR, study_id, lon, lat, instead_of=int(ground.site_ids[gone]))
        metres = table[:, [*range(fixed), fixed + stays, fixed + to]].min(axis=1)
        assert moved.then["within"] == int(ground.doors.households[metres <= ground.limit_m].sum())
        assert moved.gained <= 0
        more, exchange = best_use(OPERATOR, study_id, lon, lat)
        assert more.gained >= 0
        assert exchange is not None
        assert exchange.gained >= moved.gained


def test_limits_of_people_over_70_and_another_speed_change_how_far_is_near() -> None:
    limits = [found_by(Wanted("cover", number=1, near=near)).figures["limit_m"]
              for near in (Near(), Near(old=True), Near(5, speed_m_s=1.0))]  # fmt: skip
    assert limits == [500.0, 480.0, 300.0]


def test_people_over_70_come_from_published_counts_alone_and_grow_with_the_years() -> None:
    found = found_by(Wanted("cover", number=2, weights={"old": 1.0}))
    told = found.figures["weights"]["old"]
    with owner_engine().connect() as owner:
        counted = owner.scalar(text(
            "SELECT sum((g ->> 'count')::int) FROM published_count c JOIN published_place p ON p.count_id = c.id "
            "CROSS JOIN jsonb_array_elements(c.groups) g WHERE p.kind = 'city' AND c.attribute = 'age' "
            "AND c.resolution = 1 AND g -> 'classes' ->> 0 IN ('age_70_89', 'age_90_up')"
        ))  # fmt: skip
    assert told["total"] == pytest.approx(counted, rel=0.1)
    assert told["before"] < told["after"] == pytest.approx(found.figures["objective"], abs=0.1)
    ahead = found_by(Wanted("cover", number=2, weights={"old": 1.0}, demand="worst"))
    assert ahead.figures["objective"] > 0
    assert ahead.plan.chosen is not None


def test_needs_are_read_under_made_up_names_with_one_entry_and_small_counts_are_not_told() -> None:
    def entries() -> int:
        with owner_engine().connect() as owner:
            return int(owner.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'run_with_persons'")) or 0)

    before = entries()
    found = found_by(Wanted("cover", number=2, weights={"needs": 1.0, "households": 1.0}))
    assert entries() == before + 1
    told = found.figures["weights"]["needs"]
    assert told["before"] == 0
    assert all(amount is None or amount == 0 or amount >= 5 for amount in (told["after"], told["total"]))
    with pytest.raises(BadInput, match="made-up names"), reading(OPERATOR) as connection:
        study_sites(connection, Wanted("cover", number=1, weights={"needs": 1.0}), today(), ears=Ears(silent))


def test_requests_of_the_last_year_weigh_the_doors_they_came_from_with_one_entry() -> None:
    def entries() -> int:
        with owner_engine().connect() as owner:
            return int(owner.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'run_with_requests'")) or 0)

    before = entries()
    told = found_by(Wanted("cover", number=2, weights={"requests": 1.0})).figures["weights"]["requests"]
    assert entries() == before + 1
    with owner_engine().connect() as owner:
        counted = int(owner.scalar(
            text("SELECT count(*) FROM request WHERE status <> 'duplicate' AND incident_id IS NULL "
                 "AND received_at >= :today - interval '365 days' AND received_at < :today"), {"today": today()},
        ) or 0)  # fmt: skip
    assert 0.8 * counted < told["total"] <= counted
    assert told["before"] < told["after"] <= told["total"]
    with pytest.raises(BadInput, match="signed in"), reading(OPERATOR) as connection:
        study_sites(connection, Wanted("cover", number=1, weights={"requests": 1.0}), today(), ears=Ears(silent))


def test_stations_keep_their_distance_their_number_by_community_and_their_room() -> None:
    ground, _table = ways(Wanted("cover", number=1))
    near = ground.way.within(ground.sites, ground.sites, 350.0)
    close = {(int(a), int(b)) for a, b in zip(near.source(), near.target, strict=True) if a != b}
    apart = found_by(Wanted("cover", number=2, rules=Rules(apart_m=350.0)))
    at = [int(np.flatnonzero(ground.site_ids == row["site_id"])[0]) for row in apart.figures["sites"]]
    assert not {(a, b) for a in at for b in at} & close
    with pytest.raises(BadInput, match="less distance"):
        found_by(Wanted("cover", number=2, rules=Rules(apart_m=3000.0)))
    one_each = found_by(Wanted("cover", number=3, rules=Rules(at_most=1))).figures["sites"]
    homes = [ground.site_community[ground.site_ids == row["site_id"]][0] for row in one_each]
    assert len(set(homes)) == len(homes)
    tight = found_by(Wanted("cover", number=2, rules=Rules(room=100)))
    assert tight.figures["no_room"] > 0
    served = tight.frame[tight.frame["newly"]].groupby("site_id")["households"].sum()
    assert (served <= 100).all()


def test_money_is_kept_by_source_and_by_community() -> None:
    usual = found_by(Wanted("cover", number=3)).figures
    [dearest] = sorted(usual["sites"], key=lambda row: -(row["cost_fen"] or 0))[:1]
    purse = Purse(pots={"city": 1.0}, paid_by={dearest["site_id"]: "city"})
    without = found_by(Wanted("cover", number=3, purse=purse)).figures
    assert dearest["site_id"] not in {row["site_id"] for row in without["sites"]}
    ground, _table = ways(Wanted("cover", number=1))
    each = found_by(Wanted("cover", number=6, purse=Purse(community_yuan=300_000.0))).figures["sites"]
    spent: dict[int, int] = defaultdict(int)
    for row in each:
        spent[int(ground.site_community[ground.site_ids == row["site_id"]][0])] += row["cost_fen"]
    assert max(spent.values()) <= 30_000_000
