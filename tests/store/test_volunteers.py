"""The registry of volunteers: who may see and change it, what is refused, and what the lists and figures say."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from geo.errors import BadInput, Conflict, NotAllowed, NotFound, Outdated
from geo.people.known_persons import Who
from geo.people.volunteer_hours import confirm_hours, drop_hours, record_hours
from geo.people.volunteer_reads import (
    VolunteerChoice,
    hours_of,
    pairing_rows,
    teams,
    volunteer,
    volunteer_figures,
    volunteers,
    windows_of,
)
from geo.people.volunteer_rules import Window
from geo.people.volunteer_writes import Offer, change_volunteer, check_in, enrol, set_status, set_times
from geo.people.writes import assign_head
from geo.store import versions
from geo.store.audit import history
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.small_city import NORTH_ORGANISER as NORTH
from tests.store.small_city import SmallCity, add, build
from tests.users import add_user

pytestmark = pytest.mark.usefixtures("clean_store")
SECOND, SOUTH, PLANNER, LEADER = Actor("second-n"), Actor("south-s"), Actor("planner-p"), Actor("leader-l")
MORNING, NOON = Window(0, 540, 690), Window(2, 700, 760)


@pytest.fixture
def city() -> SmallCity:
    """The small city with a second organiser in the north, one in the south, a planner, a leader and a team."""
    made = build()
    with owner_engine().begin() as owner:
        for actor, code in ((SECOND, "north"), (SOUTH, "south")):
            add_user(actor.name, "organiser", owner=owner, community_id=made[code])
        add_user(PLANNER.name, "planner", owner=owner)
        add_user(LEADER.name, "leader", owner=owner)
        made.ids["team"] = add(
            owner, "organisation", code="t-1", kind="volunteer_team", team_kind="repair", name="修理队",
            community_id=made["north"],
        )  # fmt: skip
    return made


def joined(city: SmallCity, name: str = "田秀芝", actor: Actor = NORTH, **offer: Any) -> int:
    """Enrol somebody in the north with two times and return the volunteer."""
    given = {"hours_week": 3, "skills": ("repair", "company"), "building_id": city["north-b2"]} | offer
    with writing(actor) as session:
        return enrol(session, Who(name=name, phone="19900001111"), city["north"], Offer(**given),
                     windows=[NOON, MORNING])  # fmt: skip


def one(volunteer_id: int, actor: Actor = NORTH) -> Any:
    with reading(actor) as connection:
        return volunteer(connection, volunteer_id)


def test_somebody_new_becomes_a_volunteer_with_place_team_and_times(city: SmallCity) -> None:
    made = joined(city, team_id=city["team"], unit_id=city["north-u1"], checked_in_on=today(), party_member=True)
    found = one(made)
    assert (found.name, found.phone, found.team, found.place) == ("田秀芝", "****1111", "修理队", "金桂花园2号楼1单元")
    assert (found.skills, found.hours_week, found.free_hours) == (("company", "repair"), 3.0, 3.0)
    assert (found.windows, found.free_minutes, found.checked_in_on) == (2, 210, today())
    with reading(NORTH) as connection:
        assert windows_of(connection, [made]) == {made: [MORNING, NOON]}
        entry = history(connection, "volunteer", made)[0]
    assert (entry.action, entry.after and entry.after["times"]) == (
        "enrol_volunteer", "周一 09:00-11:30; 周三 11:40-12:40",
    )  # fmt: skip
    assert "田秀芝" not in str(entry)


def test_the_number_is_sealed_and_a_head_is_the_same_person(city: SmallCity) -> None:
    with writing(NORTH) as session:
        assign_head(session, building_id=city["north-b1"], name="田秀芝", phone="19900001111", from_on=today())
    made = joined(city)
    with owner_engine().connect() as owner:
        assert owner.scalar(text("SELECT count(*) FROM person WHERE name = '田秀芝'")) == 1
        assert owner.scalar(text("SELECT count(*) FROM personal.contact")) == 1
        dumped = owner.scalar(text("SELECT query_to_xml('TABLE volunteer', true, true, '')::text"))
    assert "19900001111" not in dumped
    with reading(NORTH) as connection:
        assert pairing_rows(connection)[0].posts == ("building_head",)
    with pytest.raises(Conflict, match="is a volunteer already"):
        joined(city)
    assert made


def test_a_place_or_team_of_another_community_is_refused(city: SmallCity) -> None:
    for wrong, error in (
        ({"building_id": city["south-b1"]}, (Conflict, NotFound)),
        ({"building_id": city["north-b1"], "unit_id": city["north-u1"]}, NotFound),
        ({"building_id": 99_999}, NotFound),
        ({"team_id": 99_999}, BadInput),
        ({"hours_week": 100}, BadInput),
    ):
        with pytest.raises(error):
            joined(city, **wrong)
    with owner_engine().connect() as owner:
        assert owner.scalar(text("SELECT count(*) FROM person")) == 0


def test_overlapping_times_are_refused_by_the_words_and_by_the_database(city: SmallCity) -> None:
    made = joined(city)
    with pytest.raises(BadInput, match="Monday 09:00–11:30 and Monday 11:00–12:00 overlap"), writing(NORTH) as session:
        set_times(session, made, [MORNING, Window(0, 660, 720)], version=1)
    with pytest.raises(IntegrityError, match="ex_availability_no_overlap"), owner_engine().begin() as owner:
        add(owner, "availability", volunteer_id=made, community_id=city["north"], weekday=0, from_minute=660,
            to_minute=720)  # fmt: skip
    with writing(NORTH) as session:
        set_times(session, made, [Window(5, 600, 720)], version=1)
    assert (one(made).windows, one(made).version) == (1, 2)
    with reading(NORTH) as connection:
        entry = history(connection, "volunteer", made)[0]
    assert entry.before
    assert entry.after
    assert entry.before["times"] != entry.after["times"] == "周六 10:00-12:00"


def test_who_was_slower_is_told_and_nothing_is_overwritten(city: SmallCity) -> None:
    made = joined(city)
    with writing(SECOND) as session:
        change_volunteer(session, made, {"hours_week": 5}, version=1)
    for late in (
        lambda session: change_volunteer(session, made, {"hours_week": 1}, version=1),
        lambda session: set_times(session, made, [], version=1),
        lambda session: set_status(session, made, "paused", on=today(), reason="病", version=1),
    ):
        with pytest.raises(Outdated, match="second-n changed this"), writing(NORTH) as session:
            late(session)
    assert (one(made).hours_week, one(made).windows, one(made).status) == (5.0, 2, "active")


def test_a_party_member_checks_in_where_they_live(city: SmallCity) -> None:
    made = joined(city)
    with writing(NORTH) as session:
        check_in(session, made, on=today(), hours_week=2, skills=["policy_talk"], version=1)
    found = one(made)
    assert (found.party_member, found.checked_in_on, found.skills) == (True, today(), ("policy_talk",))


def test_pausing_and_ending_take_a_reason_and_ending_waits_for_the_circles(city: SmallCity) -> None:
    made = joined(city)
    with pytest.raises(BadInput, match="Write down why"), writing(NORTH) as session:
        set_status(session, made, "paused", on=today(), reason="  ", version=1)
    with writing(NORTH) as session:
        set_status(session, made, "paused", on=today(), reason="住院", version=1)
    with owner_engine().begin() as owner:
        circle = _circle(owner, city, made)
    with pytest.raises(Conflict, match="in 1 care circles"), writing(NORTH) as session:
        set_status(session, made, "ended", on=today(), reason="搬走", version=2)
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE circle_member SET to_on = from_on WHERE circle_id = :id"), {"id": circle})
    with writing(NORTH) as session:
        set_status(session, made, "ended", on=today(), reason="搬走", version=2)
    assert (one(made).status, one(made).ended_on) == ("ended", today())
    with writing(NORTH) as session:
        set_status(session, made, "active", on=today(), reason="又回来了", version=3)
    assert (one(made).status, one(made).ended_on) == ("active", None)
    with reading(NORTH) as connection:
        notes = [entry.note for entry in history(connection, "volunteer", made)]
    assert notes == ["又回来了", "搬走", "住院", None]


def _circle(owner: Any, city: SmallCity, volunteer_id: int, hours: float = 4) -> int:
    need = add(owner, "care_need", number="K7P3QX", community_id=city["north"], building_id=city["north-b1"],
               tasks=["visit"], opened_on=today())  # fmt: skip
    circle = add(owner, "care_circle", care_need_id=need, community_id=city["north"], status="active",
                 started_on=today())  # fmt: skip
    add(owner, "circle_member", circle_id=circle, volunteer_id=volunteer_id, community_id=city["north"], role="primary",
        hours_week=hours, from_on=today())  # fmt: skip
    return circle


def test_hours_count_once_somebody_else_confirmed_them(city: SmallCity) -> None:
    made = joined(city)
    with writing(NORTH) as session:
        first = record_hours(session, made, on=today(), minutes=90, purpose="陪伴聊天")
        second = record_hours(session, made, on=today(), minutes=30)
    with pytest.raises(Conflict, match="You recorded these hours yourself"), writing(NORTH) as session:
        confirm_hours(session, [first])
    with writing(SECOND) as session:
        assert confirm_hours(session, [first]) == 1
    with writing(SECOND) as session:
        assert confirm_hours(session, [first]) == 0
    found = one(made)
    assert (found.given_hours, found.confirmed_hours, found.waiting) == (2.0, 1.5, 1)
    with reading(NORTH) as connection:
        sheet = hours_of(connection, made)
        figures = volunteer_figures(connection, since=today())
        waiting = volunteers(connection, VolunteerChoice(found="unconfirmed"))
    assert [(row.id, row.confirmed_by) for row in sheet] == [(second, None), (first, "second-n")]
    assert (figures.hours_given, figures.hours_confirmed, figures.waiting) == (2.0, 1.5, 1)
    assert [row.id for row in waiting] == [made]
    with pytest.raises(Conflict, match="confirmed and stay"), writing(NORTH) as session:
        drop_hours(session, first)
    with writing(NORTH) as session:
        drop_hours(session, second)
    with reading(NORTH) as connection:
        assert [row.id for row in hours_of(connection, made)] == [first]
        assert history(connection, "volunteer", made)[0].action == "drop_hours"


def test_hours_nobody_can_give_are_refused(city: SmallCity) -> None:
    made = joined(city)
    with writing(NORTH) as session:
        record_hours(session, made, on=today(), minutes=1000)
    for wrong, error in (
        ({"on": today() + timedelta(days=1), "minutes": 60}, BadInput),
        ({"on": today(), "minutes": 0}, BadInput),
        ({"on": today(), "minutes": 1441}, BadInput),
        ({"on": today(), "minutes": 500}, Conflict),
        ({"on": today(), "minutes": 60, "purpose": "长" * 201}, BadInput),
    ):
        with pytest.raises(error), writing(NORTH) as session:
            record_hours(session, made, **wrong)
    with pytest.raises(IntegrityError, match="confirmed_by_another"), owner_engine().begin() as owner:
        add(owner, "hours_given", volunteer_id=made, community_id=city["north"], given_on=today(), minutes=5,
            recorded_by="a", confirmed_by="a", confirmed_at=today())  # fmt: skip


def test_every_finding_of_the_figures_leads_to_its_list(city: SmallCity) -> None:
    placed = joined(city)
    bare = joined(city, "毛建国", building_id=None)
    with writing(NORTH) as session:
        set_times(session, bare, [], version=1)
        check_in(session, placed, on=today(), hours_week=3, skills=["repair"], version=1)
    with owner_engine().begin() as owner:
        _circle(owner, city, placed)
    with reading(NORTH) as connection:
        figures = volunteer_figures(connection, since=today())
        lists = {
            found: [row.id for row in volunteers(connection, VolunteerChoice(found=found))]
            for found in ("no_place", "no_times", "over_hours", "checked_in")
        }
    assert lists == {"no_place": [bare], "no_times": [bare], "over_hours": [placed], "checked_in": [placed]}
    assert (figures.active, figures.hours_offered, figures.hours_bound) == (2, 6.0, 4.0)
    assert (figures.without_place, figures.without_times, figures.over_hours, figures.checked_in) == (1, 1, 1, 1)


def test_lists_are_narrowed_by_team_skill_free_hours_and_name(city: SmallCity) -> None:
    placed = joined(city, team_id=city["team"])
    other = joined(city, "毛建国", skills=("cooking",), hours_week=1)
    with owner_engine().begin() as owner:
        _circle(owner, city, placed, hours=2.5)
    with reading(NORTH) as connection:
        for choice, expected in (
            (VolunteerChoice(team_id=city["team"]), [placed]),
            (VolunteerChoice(skill="cooking"), [other]),
            (VolunteerChoice(free_hours=1), [other]),
            (VolunteerChoice(free_hours=0.5), [other, placed]),
            (VolunteerChoice(name="mao"), [other]),
            (VolunteerChoice(name="秀"), [placed]),
            (VolunteerChoice(status="ended"), []),
            (VolunteerChoice(community_id=city["south"]), []),
        ):
            assert sorted(row.id for row in volunteers(connection, choice)) == sorted(expected), choice


def test_what_pairing_reads_holds_no_name_and_no_place_where_none_is_known(city: SmallCity) -> None:
    placed, bare = joined(city, birth_year=1970), joined(city, "毛建国", building_id=None)
    with owner_engine().begin() as owner:
        _circle(owner, city, placed)
    with reading(NORTH) as connection:
        rows = {row.volunteer_id: row for row in pairing_rows(connection, city["north"])}
    assert set(rows) == {placed, bare}
    assert (rows[placed].bound_hours, rows[placed].free_hours, rows[placed].birth_year) == (4.0, 0.0, 1970)
    assert rows[placed].lon == pytest.approx(115.9265)
    assert (rows[bare].lon, rows[bare].building_id, rows[bare].posts) == (None, None, ())
    assert "田秀芝" not in str(rows)


def test_who_works_elsewhere_sees_nothing_and_a_planner_sees_no_name(city: SmallCity) -> None:
    made = joined(city)
    assert one(made, SOUTH) is None
    assert one(made, LEADER) is None
    seen = one(made, PLANNER)
    assert (seen.name, seen.phone, seen.hours_week) == (None, None, 3.0)
    with reading(SOUTH) as connection:
        assert teams(connection, community_id=city["north"]) == []
    for actor, error in ((SOUTH, NotFound), (PLANNER, NotAllowed), (LEADER, NotAllowed)):
        with pytest.raises(error), writing(actor) as session:
            change_volunteer(session, made, {"hours_week": 1}, version=1)
        with pytest.raises(error), writing(actor) as session:
            record_hours(session, made, on=today(), minutes=5)


def test_every_change_raises_the_counter_of_care(city: SmallCity) -> None:
    with reading(NORTH) as connection:
        before = versions.current(connection)["care"]
    made = joined(city)
    with writing(NORTH) as session:
        record_hours(session, made, on=today(), minutes=5)
    with reading(NORTH) as connection:
        assert versions.current(connection)["care"] == before + 2
