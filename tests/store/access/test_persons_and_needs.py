"""Recording who is helped and with what: by place and number, guarded against the faster, silent in the log."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.access import consents, retention, reveals
from geo.access.asking import call
from geo.access.helped_persons import PersonDetails, Whereabouts, change_person, record_person
from geo.errors import BadInput, Conflict, NotAllowed, NotFound
from geo.people.copies import personal_copy, readable_copy
from geo.people.need_reads import NeedView, need, need_by_number, need_counts, needs, needs_of_person
from geo.people.need_writes import change_need, detail_need, end_need, open_need
from geo.places.writes import close_place
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access import helped
from tests.store.access.helped import (
    ADMINISTRATOR,
    AUDITOR,
    DAY,
    DETAILS,
    HEAD,
    LEADER,
    PLANNER,
    SOUTH,
    STAFF,
    WORDS,
    Helped,
)
from tests.store.small_city import NORTH_ORGANISER as NORTH

KEPT_DAYS = 365


@pytest.fixture
def there(clean_store: object) -> Helped:
    """The small city with its helped persons."""
    return helped.build()


def one(query: str, **values: Any) -> Any:
    """The first value of a query, as the owner sees it."""
    with owner_engine().connect() as owner:
        return owner.execute(text(query), values).scalar()


def seen(actor: Actor) -> list[NeedView]:
    """The needs an actor sees, whatever their state."""
    with reading(actor) as connection:
        return needs(connection, status=None)


def test_a_need_is_known_by_building_door_and_number(there: Helped) -> None:
    with reading(NORTH) as connection:
        (found,) = needs(connection)
        assert found == need(connection, there.need) == need_by_number(connection, f" {there.number.lower()} ")
        assert needs_of_person(connection, there.person) == [found]
        assert need_counts(connection) == {"open": 1}
    assert (found.number, found.tasks, found.status) == (there.number, ("visit", "meal"), "open")
    assert found.place == "金桂花园2号楼1单元"
    assert not any(word in repr(found) for word in WORDS)


@pytest.mark.parametrize(
    ("actor", "count"),
    [(NORTH, 1), (STAFF, 1), (HEAD, 1), (SOUTH, 1), (ADMINISTRATOR, 2), (PLANNER, 0), (LEADER, 0), (AUDITOR, 0)],
    ids=lambda value: getattr(value, "name", ""),
)
def test_each_role_sees_the_needs_of_its_own_doors_or_communities(there: Helped, actor: Actor, count: int) -> None:
    assert len(seen(actor)) == count


def test_a_head_sees_no_need_next_door(there: Helped) -> None:
    with writing(NORTH) as session:
        open_need(session, Whereabouts(there.city["north-b1"]), ["meal"], opened_on=DAY)
        open_need(session, Whereabouts(there.city["north-b2"]), ["meal"], opened_on=DAY)
    assert {found.building_id for found in seen(HEAD)} == {there.city["north-b2"]}
    assert len(seen(HEAD)) == 2


@pytest.mark.parametrize("actor", [HEAD, PLANNER, LEADER, AUDITOR], ids=lambda actor: actor.name)
def test_other_roles_record_nothing(there: Helped, actor: Actor) -> None:
    where = Whereabouts(there.city["north-b2"])
    with pytest.raises(NotAllowed), writing(actor) as session:
        record_person(session, where, PersonDetails("甲"))
    with pytest.raises(NotAllowed), writing(actor) as session:
        open_need(session, where, ["visit"], opened_on=DAY)
    with pytest.raises(NotAllowed), writing(actor) as session:
        consents.record_consent(session, there.person, "care", given_on=DAY, how="spoken")
    with pytest.raises(NotFound), writing(actor) as session:
        call(session, "record_consent", wanted=there.person, what_for="care", since=DAY, way="spoken")
    with pytest.raises(NotFound), writing(actor) as session:
        call(session, "erase", wanted=there.person, why="x")


@pytest.mark.parametrize(
    "where",
    [("south-b1", None), ("north-b1", "north-u1"), ("nowhere", None)],
    ids=["another community", "a unit of another building", "no building"],
)
def test_places_must_be_own_and_fit_together(there: Helped, where: tuple[str, str | None]) -> None:
    building, unit = where
    place = Whereabouts(there.city.ids.get(building, 10**9), there.city[unit] if unit else None)
    with pytest.raises(NotFound), writing(NORTH) as session:
        record_person(session, place, PersonDetails("甲"))
    if building != "south-b1":
        with pytest.raises(NotFound), writing(NORTH) as session:
            open_need(session, place, ["visit"], opened_on=DAY)


def test_a_need_cannot_be_tied_to_somebody_of_another_community(there: Helped) -> None:
    place = Whereabouts(there.city["north-b1"])
    with pytest.raises(NotFound), writing(NORTH) as session:
        open_need(session, place, ["visit"], opened_on=DAY, helped_person_id=there.stranger)
    with pytest.raises(DBAPIError, match="foreign key"), writing(NORTH) as session:
        session.execute(
            text("UPDATE care_need SET helped_person_id = :stranger WHERE id = :need"),
            {"stranger": there.stranger, "need": there.need},
        )


@pytest.mark.parametrize(
    "details",
    [
        PersonDetails(" "),
        PersonDetails("甲", risk_class="dire"),
        PersonDetails("甲", birth_year=1743),
        PersonDetails("甲" * 101),
    ],
)
def test_what_makes_no_sense_is_refused_without_repeating_it(there: Helped, details: PersonDetails) -> None:
    with pytest.raises(BadInput) as refused, writing(NORTH) as session:
        record_person(session, Whereabouts(there.city["north-b2"]), details)
    assert "甲" not in str(refused.value)
    assert "1743" not in str(refused.value)


def test_values_that_are_not_sealed_do_not_enter_the_database(there: Helped) -> None:
    building = there.city["north-b2"]
    for name in ("王秀兰".encode(), b"\x01" + b"\x00" * 60):
        given = {"given_id": 99, "at_building": building, "at_unit": None, "at_household": None, "name": name}
        rest = {"phone": None, "notes": None, "risk": "key", "alone": None, "born": None}
        with pytest.raises(BadInput), writing(NORTH) as session:
            call(session, "record_person", **given, **rest)


def test_fields_are_changed_one_by_one_and_the_log_names_them_only(there: Helped) -> None:
    before = reveals.reveal(NORTH, there.person, ["phone"], reason="moved")
    with writing(STAFF) as session:
        change_person(session, there.person, {"phone": "19900005678", "living_alone": None}, version=before.version)
    after = reveals.reveal(NORTH, there.person, ["name", "phone", "living_alone"], reason="check")
    assert after.values == {"name": DETAILS.name, "phone": "19900005678", "living_alone": None}
    with pytest.raises(Conflict, match="Somebody else"), writing(NORTH) as session:
        change_person(session, there.person, {"phone": None}, version=before.version)
    with pytest.raises(NotFound), writing(SOUTH) as session:
        change_person(session, there.person, {"phone": None})
    with pytest.raises(BadInput), writing(NORTH) as session:
        change_person(session, there.person, {"community_id": 1})
    logged = one("SELECT after FROM audit_entry WHERE action = 'change_person'")
    assert sorted(logged["fields"]) == ["living_alone", "phone"]


def test_needs_change_under_the_eyes_of_the_version_and_end_with_a_day(there: Helped) -> None:
    with writing(NORTH) as session:
        change_need(session, there.need, tasks=["meal", "medicine"], status="paused", version=1)
    with pytest.raises(Conflict), writing(STAFF) as session:
        change_need(session, there.need, tasks=["visit"], version=1)
    with pytest.raises(BadInput), writing(NORTH) as session:
        end_need(session, there.need, on=DAY - timedelta(days=1), retain_days=KEPT_DAYS, version=2)
    with writing(NORTH) as session:
        end_need(session, there.need, on=DAY, retain_days=KEPT_DAYS, version=2)
    (found,) = seen(NORTH)
    assert (found.tasks, found.status, found.ended_on) == (("medicine", "meal"), "ended", DAY)
    for wrong in ([], ["gossip"]):
        with pytest.raises(BadInput), writing(NORTH) as session:
            open_need(session, Whereabouts(there.city["north-b2"]), wrong, opened_on=DAY)


def test_a_person_is_kept_for_a_time_after_the_last_need(there: Helped) -> None:
    kept = "SELECT retain_until FROM personal.helped_person WHERE id = :person"
    with writing(NORTH) as session:
        where = Whereabouts(there.city["north-b2"])
        second = open_need(session, where, ["meal"], opened_on=DAY, helped_person_id=there.person).id
        end_need(session, there.need, on=DAY, retain_days=KEPT_DAYS, version=1)
    assert one(kept, person=there.person) is None
    with writing(NORTH) as session:
        end_need(session, second, on=DAY + timedelta(days=2), retain_days=KEPT_DAYS, version=1)
    assert one(kept, person=there.person) == DAY + timedelta(days=KEPT_DAYS + 2)
    with writing(NORTH) as session:
        change_need(session, second, status="open", version=2)
    assert one(kept, person=there.person) is None


def test_the_purge_erases_whose_time_is_over_and_says_before_whom(there: Helped) -> None:
    with writing(NORTH) as session:
        end_need(session, there.need, on=DAY, retain_days=30, version=1)
    last = DAY + timedelta(days=30)
    for actor, found in ((NORTH, 1), (ADMINISTRATOR, 1), (SOUTH, 0), (AUDITOR, 0)):
        with writing(actor) as session:
            assert len(retention.due(session, on=last + timedelta(days=1))) == found, actor.name
            assert retention.due(session, on=last) == []
    with pytest.raises(NotAllowed), writing(STAFF) as session:
        retention.purge(session, on=last + timedelta(days=1))
    with writing(SOUTH) as session:
        assert retention.purge(session, on=last + timedelta(days=1)) == 0
    with writing(ADMINISTRATOR) as session:
        assert retention.purge(session, on=last + timedelta(days=1)) == 1
        assert retention.purge(session, on=last + timedelta(days=1)) == 0
    assert one("SELECT count(*) FROM personal.helped_person") == 1
    logged = one("SELECT to_jsonb(a) FROM audit_entry a WHERE action = 'purge_persons'")
    assert (logged["entity_id"], logged["after"]["persons"], logged["community_id"]) == (None, 1, there.city["north"])


def test_an_erased_person_leaves_a_number_and_no_door(there: Helped) -> None:
    with pytest.raises(BadInput, match="reason"), writing(NORTH) as session:
        retention.erase(session, there.person, reason=" ")
    with writing(NORTH) as session:
        retention.erase(session, there.person, reason="asked in writing")
    assert one("SELECT count(*) FROM personal.helped_person WHERE id = :person", person=there.person) == 0
    assert one("SELECT count(*) FROM personal.consent") == 0
    (left,) = seen(NORTH)
    assert (left.status, left.unit_id, left.household_id, left.helped_person_id) == ("ended", None, None, None)
    with pytest.raises(NotFound):
        reveals.reveal(NORTH, there.person, ["name"], reason="look for the erased")
    logged = one("SELECT to_jsonb(a) FROM audit_entry a WHERE action = 'erase_person'")
    assert (logged["entity_id"], logged["note"], logged["after"]) == (None, "asked in writing", {"needs_ended": 1})


def test_consents_are_recorded_and_taken_back_but_never_overwritten(there: Helped) -> None:
    with writing(STAFF) as session:
        given = consents.record_consent(session, there.person, "care", given_on=DAY, how="guardian")
        with pytest.raises(BadInput):
            consents.record_consent(session, there.person, "care", given_on=date(2999, 1, 1), how="spoken")
        with pytest.raises(BadInput):
            consents.record_consent(session, there.person, "gossip", given_on=DAY, how="spoken")
    with writing(NORTH) as session:
        with pytest.raises(Conflict):
            consents.withdraw_consent(session, given, on=DAY - timedelta(days=1))
        consents.withdraw_consent(session, given, on=DAY + timedelta(days=1))
        with pytest.raises(Conflict):
            consents.withdraw_consent(session, given, on=DAY + timedelta(days=2))
        found = consents.consents_of(session, there.person)
    assert [(c.purpose, c.withdrawn_on, c.recorded_by) for c in found] == [
        ("care", DAY + timedelta(days=1), STAFF.name),
        ("planning", None, NORTH.name),
    ]
    with writing(SOUTH) as session:
        assert consents.consents_of(session, there.person) == []
        with pytest.raises(NotFound):
            consents.withdraw_consent(session, given, on=DAY)


def test_a_person_gets_everything_that_is_stored_about_them_and_the_log_knows(there: Helped) -> None:
    with pytest.raises(NotAllowed):
        personal_copy(STAFF, there.person, reason="asked at the desk")
    copy = personal_copy(NORTH, there.person, reason="asked at the desk")
    assert copy["person"]["name"] == DETAILS.name
    assert [item["number"] for item in copy["needs"]] == [there.number]
    assert [item["purpose"] for item in copy["consents"]] == ["planning"]
    assert [item["action"] for item in copy["log"]] == ["export_person", "record_consent", "record_person"]
    written = readable_copy(copy)
    for word in (*WORDS, "1943", there.number, "asked at the desk", "in writing"):
        assert word in written


def test_persons_and_needs_follow_a_building_into_another_community(there: Helped) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text("UPDATE compound SET community_id = :south WHERE code = 'north-c'"), {"south": there.city["south"]}
        )
    assert len(seen(SOUTH)) == 2
    assert seen(NORTH) == []
    assert reveals.reveal(SOUTH, there.person, ["name"], reason="new in our community").values == {"name": DETAILS.name}


def test_a_place_with_an_open_need_is_not_closed(there: Helped) -> None:
    unit = there.city["north-u1"]
    with pytest.raises(Conflict, match=there.number), writing(NORTH) as session:
        close_place(session, "unit", unit, on=DAY, reason="merged", expected_version=1)
    with writing(NORTH) as session:
        end_need(session, there.need, on=DAY, retain_days=KEPT_DAYS, version=1)
        close_place(session, "unit", unit, on=DAY, reason="merged", expected_version=1)


def test_a_need_says_what_it_takes_and_nothing_that_cannot_be(there: Helped) -> None:
    with writing(NORTH) as session:
        detail_need(session, there.need, {"skills": ["repair", "company"], "hours_week": 2.5}, version=1)
    with reading(NORTH) as connection:
        found = need(connection, there.need)
    assert found is not None
    assert (found.skills, found.hours_week, found.cadence_days) == (("company", "repair"), 2.5, None)
    for wrong in ({"skills": ["flying"]}, {"hours_week": 0}, {"hours_week": 200}, {"cadence_days": 0}, {"tasks": []}):
        with pytest.raises(BadInput), writing(NORTH) as session:
            detail_need(session, there.need, wrong, version=2)
    with pytest.raises(Conflict), writing(NORTH) as session:
        detail_need(session, there.need, {"hours_week": 1}, version=1)
