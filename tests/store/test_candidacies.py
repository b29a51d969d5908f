"""Asking somebody to take a post, the answer, appointing, and dividing doors anew, in a small city."""

from datetime import date

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.briefing.coverage_candidates import asking_text, who_could
from geo.briefing.coverage_patches import Plan, plan_patches
from geo.briefing.overview import stand_now
from geo.coverage.patches import Move
from geo.errors import BadInput, Conflict, NotAllowed, NotFound, Outdated
from geo.people.candidacy_reads import CandidacyView, candidacies
from geo.people.candidacy_writes import answer, appoint, ask, refuse
from geo.people.patch_writes import give_patches
from geo.people.reads import building_posts
from geo.people.rules import Term
from geo.people.volunteer_writes import Offer, enrol
from geo.people.writes import Appointment, Seat, Who, assign_head, undo_holding_change
from geo.store import audit
from geo.store.clock import today
from geo.store.cluster import Cluster
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.small_city import NORTH_ORGANISER, SmallCity, add, build
from tests.users import add_user

LEADER = Actor("the-leader")


@pytest.fixture
def city(clean_store: Cluster) -> SmallCity:
    """The north has a vacant post at building 1, volunteers in buildings 1 and 2 and one who says no more hours."""
    made = build()
    with owner_engine().begin() as owner:
        add(owner, "post", kind="building_head", community_id=made["north"], building_id=made["north-b1"])
        add_user(LEADER.name, "leader", owner=owner)
    offers = (
        ("林舒", Offer(4.0, building_id=made["north-b1"])),
        ("何宁", Offer(2.0, building_id=made["north-b2"], unit_id=made["north-u1"])),
        ("秦朗", Offer(0.0, building_id=made["north-b1"])),
    )
    with writing(NORTH_ORGANISER) as session:
        for name, offer in offers:
            made.ids[name] = enrol(session, Who(name=name), made["north"], offer)
    with reading(OPERATOR) as connection:
        for name, _offer in offers:
            query = text("SELECT person_id FROM volunteer WHERE id = :id")
            made.ids[name] = connection.scalar(query, {"id": made[name]})
    return made


def seat(city: SmallCity) -> Seat:
    return Seat("building_head", city["north-b1"])


def asked(city: SmallCity) -> list[CandidacyView]:
    with reading(NORTH_ORGANISER) as connection:
        return candidacies(connection, "building_head", city["north-b1"])


def proposed(city: SmallCity) -> list[tuple[str | None, bool]]:
    stand = stand_now(NORTH_ORGANISER)
    found = who_could(stand, ("building", city["north-b1"]), city["north"])
    return [(row.name, row.against is None) for row in found.candidates]


def test_who_lives_in_the_building_comes_first_and_who_has_no_hours_left_comes_last(city: SmallCity) -> None:
    assert proposed(city) == [("林舒", True), ("何宁", True), ("秦朗", False)]


def test_who_declines_with_a_reason_is_not_proposed_again_for_this_post(city: SmallCity) -> None:
    with writing(NORTH_ORGANISER) as session:
        request = ask(session, seat(city), city["林舒"], on=today())
    with pytest.raises(BadInput, match="why not"), writing(NORTH_ORGANISER) as session:
        answer(session, request, "declined", on=today(), version=1)
    with writing(NORTH_ORGANISER) as session:
        answer(session, request, "declined", on=today(), reason="night shifts", version=1)
    assert [(view.status, view.reason) for view in asked(city)] == [("declined", "night shifts")]
    assert proposed(city) == [("何宁", True), ("林舒", False), ("秦朗", False)]


def test_nobody_is_asked_twice_at_once_and_a_taken_back_request_may_be_asked_again(city: SmallCity) -> None:
    with writing(NORTH_ORGANISER) as session:
        request = ask(session, seat(city), city["林舒"], on=today())
    with pytest.raises(Conflict, match="already"), writing(NORTH_ORGANISER) as session:
        ask(session, seat(city), city["林舒"], on=today())
    with writing(NORTH_ORGANISER) as session:
        answer(session, request, "withdrawn", on=today(), version=1)
    with writing(NORTH_ORGANISER) as session:
        ask(session, seat(city), city["林舒"], on=today())
    assert [view.status for view in asked(city)] == ["asked", "withdrawn"]


def test_two_answers_at_once_tell_the_second_that_somebody_was_faster(city: SmallCity) -> None:
    with writing(NORTH_ORGANISER) as session:
        request = ask(session, seat(city), city["林舒"], on=today())
    with writing(NORTH_ORGANISER) as session:
        answer(session, request, "accepted", on=today(), version=1)
    with pytest.raises(Outdated, match="meanwhile"), writing(NORTH_ORGANISER) as session:
        answer(session, request, "withdrawn", on=today(), version=1)


def test_who_is_appointed_holds_the_post_and_the_request_says_so(city: SmallCity) -> None:
    with writing(NORTH_ORGANISER) as session:
        ask(session, seat(city), city["林舒"], on=today())
    with writing(NORTH_ORGANISER) as session:
        appoint(session, seat(city), city["林舒"], Appointment(Term(today(), None), "appointed", None, 0))
    with reading(NORTH_ORGANISER) as connection:
        head = building_posts(connection, city["north-b1"])[0].current
    assert head is not None
    assert head.person_name == "林舒"
    assert [view.status for view in asked(city)] == ["appointed"]


def test_a_refusal_needs_a_reason_and_leaves_nothing_behind_without_one(city: SmallCity) -> None:
    with pytest.raises(BadInput), writing(NORTH_ORGANISER) as session:
        refuse(session, seat(city), city["林舒"], on=today(), reason=" ")
    assert asked(city) == []
    with writing(NORTH_ORGANISER) as session:
        refuse(session, seat(city), city["林舒"], on=today(), reason="moves away in spring")
    assert [(view.status, view.name) for view in asked(city)] == [("refused", "林舒")]


def test_a_leader_sees_no_request_and_asks_nobody(city: SmallCity) -> None:
    with writing(NORTH_ORGANISER) as session:
        ask(session, seat(city), city["林舒"], on=today())
    with reading(LEADER) as connection:
        assert candidacies(connection, "building_head", city["north-b1"]) == []
    with pytest.raises(NotAllowed), writing(LEADER) as session:
        ask(session, seat(city), city["何宁"], on=today())


def test_a_request_elsewhere_is_not_found_by_its_number(city: SmallCity) -> None:
    with writing(OPERATOR) as session:
        there = Seat("building_head", city["south-b1"])
        head = assign_head(session, building_id=city["south-b2"], name="赵桂英", from_on=date(2026, 1, 1))
        person = session.scalar(text("SELECT person_id FROM holding WHERE id = :id"), {"id": head})
        request = ask(session, there, person, on=today())
    with pytest.raises(NotFound), writing(NORTH_ORGANISER) as session:
        answer(session, request, "accepted", on=today(), version=1)


def test_the_message_names_the_place_the_size_and_the_post() -> None:
    told = asking_text("building_head", "金桂花园1号楼", 30, "林舒")
    assert told.startswith("Hello 林舒,")
    assert "金桂花园1号楼 with 30 households" in told
    assert "building head" in told


def plan(city: SmallCity, heads: int) -> Plan:
    compound = (city["north-c"], "金桂花园", city["north"])
    return plan_patches(stand_now(NORTH_ORGANISER), compound, heads=heads, limit=None)


def test_doors_of_a_compound_are_divided_in_connected_patches_that_are_the_posts_afterwards(city: SmallCity) -> None:
    made = plan(city, 2)
    assert sum(made.division.load.tolist()) >= 30 + 50
    chosen = made.with_head(0, city["林舒"]).with_head(1, city["何宁"])
    with writing(NORTH_ORGANISER) as session:
        changed = give_patches(session, chosen.seats(), on=today(), reason="fair patches")
    assert changed == len([person for _seat, person in chosen.seats() if person])
    with reading(NORTH_ORGANISER) as connection:
        heads = {
            (post.kind, post.place_id): post.current.person_id
            for code in ("north-b1", "north-b2", "north-b3")
            for post in building_posts(connection, city[code])
            if post.current
        }
        entry = audit.history(connection, "building", city["north-b1"])[0]
    assert heads == {(seat.kind, seat.place_id): person for seat, person in chosen.seats() if person}
    with writing(NORTH_ORGANISER) as session:
        undo_holding_change(session, entry.id)
    with reading(NORTH_ORGANISER) as connection:
        assert building_posts(connection, city["north-b1"])[0].current is None


def test_a_plan_that_cannot_be_written_whole_changes_nothing(city: SmallCity) -> None:
    chosen = plan(city, 2).with_head(0, city["林舒"]).with_head(1, -5)
    with pytest.raises(NotFound), writing(NORTH_ORGANISER) as session:
        give_patches(session, chosen.seats(), on=today(), reason="fair patches")
    with reading(NORTH_ORGANISER) as connection:
        assert all(building_posts(connection, city[code])[0].current is None for code in ("north-b1", "north-b2"))


def test_doors_move_only_to_a_patch_they_touch(city: SmallCity) -> None:
    made = plan(city, 4)
    node = made.node_of(("building", city["north-b1"]))
    assert node is not None
    here = int(made.division.patch[node])
    far = next(patch for patch in range(4) if patch != here and patch not in made.next_to(node))
    outcome, after = made.moved(node, far)
    assert outcome is Move.NOT_NEXT
    assert after.division.patch.tolist() == made.division.patch.tolist()
