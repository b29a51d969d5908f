"""Assigning, ending and undoing in the real database."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

from geo.access.actor import OPERATOR
from geo.errors import BadInput, Conflict, NotAllowed, NotFound
from geo.people import reads, writes
from geo.people.tables import Holding, Person
from geo.store import audit, versions
from geo.store.clock import today
from geo.store.session import Actor, reading, writing
from tests.contacts import phones
from tests.store.small_city import NORTH_ORGANISER, TODAY, SmallCity, build

YEAR = timedelta(days=365)


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


def _assign(city: SmallCity, code: str = "north-b1", actor: Actor = OPERATOR, **how: Any) -> int:
    given = {"building_id": city[code], "name": "王建国", "from_on": TODAY, "reason": "election", **how}
    with writing(actor) as session:
        return writes.assign_head(session, **given)


def _head(city: SmallCity, code: str = "north-b1", on: date = TODAY) -> reads.PostView:
    with reading(OPERATOR) as connection:
        return reads.building_posts(connection, city[code], on=on)[0]


def _last_entry(city: SmallCity, code: str = "north-b1", kind: str = "building") -> audit.Entry:
    with reading(OPERATOR) as connection:
        return audit.history(connection, kind, city[code])[0]


def _undo(city: SmallCity, code: str = "north-b1") -> None:
    entry = _last_entry(city, code)
    with writing(OPERATOR) as session:
        writes.undo_holding_change(session, entry.id)


def test_a_building_the_roster_did_not_know_gets_a_post_with_its_first_head(city: SmallCity) -> None:
    assert _head(city).id is None
    _assign(city, phone="13800001234", reason=None)
    head = _head(city)
    assert head.current is not None
    assert (head.current.person_name, head.current.from_on, head.current.to_on) == ("王建国", TODAY, None)
    assert head.load == 30


def test_a_new_head_ends_the_old_one_the_same_day_and_nothing_is_lost(city: SmallCity) -> None:
    _assign(city, from_on=TODAY - YEAR)
    _assign(city, name="李秀英")
    head = _head(city)
    assert head.current is not None
    assert head.current.person_name == "李秀英"
    assert [(past.person_name, past.to_on, past.end_reason) for past in head.past] == [("王建国", TODAY, "election")]


def test_a_head_assigned_today_can_be_replaced_today(city: SmallCity) -> None:
    _assign(city)
    _assign(city, name="李秀英")
    head = _head(city)
    assert head.current is not None
    assert head.current.person_name == "李秀英"
    assert [(past.person_name, past.from_on, past.to_on) for past in head.past] == [("王建国", TODAY, TODAY)]


def test_replacing_a_head_needs_a_reason(city: SmallCity) -> None:
    _assign(city, from_on=TODAY - YEAR)
    with pytest.raises(BadInput, match="why"):
        _assign(city, name="李秀英", reason="  ")
    assert _head(city).current is not None


def test_an_open_ended_term_gives_way_to_a_successor_already_arranged(city: SmallCity) -> None:
    _assign(city, from_on=TODAY + YEAR)
    _assign(city, name="李秀英")
    head = _head(city)
    assert head.current is not None
    assert head.coming is not None
    assert (head.current.to_on, head.coming.person_name) == (TODAY + YEAR, "王建国")
    with pytest.raises(BadInput, match="arranged"):
        _assign(city, name="张伟", to_on=TODAY + 2 * YEAR)


def test_the_same_person_is_not_assigned_twice(city: SmallCity) -> None:
    _assign(city, phone="13800001234")
    with pytest.raises(Conflict, match="already"):
        _assign(city, phone="13800001234")


def test_a_person_known_by_name_and_phone_is_used_again(city: SmallCity) -> None:
    _assign(city, phone="138 0000-1234")
    _assign(city, "north-b2", phone="13800001234")
    _assign(city, "north-b3", phone="13900001234")
    assert list(phones().values()) == ["13800001234", "13900001234"]


def test_a_unit_gets_a_head_of_its_own_who_takes_the_load(city: SmallCity) -> None:
    _assign(city, "north-b2")
    with writing(OPERATOR) as session:
        writes.assign_head(session, unit_id=city["north-u1"], name="陈洋", from_on=TODAY, how="appointed")
    with reading(OPERATOR) as connection:
        posts = reads.building_posts(connection, city["north-b2"], on=TODAY)
    assert [(post.kind, post.number, post.load) for post in posts] == [
        ("building_head", "2", 30),
        ("unit_head", "1", 20),
        ("unit_head", "2", None),
    ]


def test_ending_a_term_keeps_it_in_the_history_with_its_reason(city: SmallCity) -> None:
    holding = _assign(city, from_on=TODAY - YEAR)
    with writing(OPERATOR) as session:
        writes.end_holding(session, holding, on=TODAY, reason="moved away", version=1)
    head = _head(city)
    assert head.id is not None
    assert head.current is None
    assert [past.end_reason for past in head.past] == ["moved away"]


def test_ending_needs_a_reason_and_a_day_inside_the_term(city: SmallCity) -> None:
    holding = _assign(city, from_on=TODAY - YEAR, to_on=TODAY + YEAR)
    with writing(OPERATOR) as session:
        with pytest.raises(BadInput, match="why"):
            writes.end_holding(session, holding, on=TODAY, reason="")
        with pytest.raises(BadInput, match="already ends"):
            writes.end_holding(session, holding, on=TODAY + 2 * YEAR, reason="moved away")
        with pytest.raises(BadInput, match="cannot end before"):
            writes.end_holding(session, holding, on=TODAY - 2 * YEAR, reason="moved away")
        with pytest.raises(NotFound):
            writes.end_holding(session, 10**9, on=TODAY, reason="moved away")


def test_an_arranged_term_that_has_not_begun_is_called_off(city: SmallCity) -> None:
    day = today()
    holding = _assign(city, from_on=day + YEAR)
    with writing(OPERATOR) as session:
        writes.end_holding(session, holding, on=day, reason="fell ill")
    assert _head(city, on=day).coming is None
    assert _head(city, on=day + 2 * YEAR).current is None


def test_a_change_made_meanwhile_is_a_conflict_that_names_who_and_when(city: SmallCity) -> None:
    holding = _assign(city, from_on=TODAY - YEAR)
    _assign(city, name="李秀英", actor=NORTH_ORGANISER)
    with writing(OPERATOR) as session:
        with pytest.raises(Conflict, match="organiser-of-the-north changed this on 20"):
            writes.end_holding(session, holding, on=TODAY, reason="moved away", version=1)
    with pytest.raises(Conflict, match="organiser-of-the-north"):
        _assign(city, name="张伟", version=0)


def test_undo_of_an_assignment_restores_exactly_the_state_before(city: SmallCity) -> None:
    _assign(city, from_on=TODAY - YEAR)
    before = _head(city)
    _assign(city, name="李秀英", phone="13900001234")
    _undo(city)
    after = _head(city)
    assert before.current is not None
    assert after.current is not None
    assert (after.current.id, after.current.to_on, after.past) == (before.current.id, None, ())
    with reading(OPERATOR) as connection:
        assert connection.execute(select(Person.name)).scalars().all() == ["王建国"]
        assert connection.execute(select(Holding.id)).scalars().all() == [before.current.id]


def test_an_undo_can_be_undone(city: SmallCity) -> None:
    holding = _assign(city, reason=None)
    _undo(city)
    assert _head(city).id is None
    _undo(city)
    head = _head(city)
    assert head.current is not None
    assert (head.current.id, head.current.person_name) == (holding, "王建国")


def test_undo_is_refused_when_something_later_depends_on_it(city: SmallCity) -> None:
    _assign(city, from_on=TODAY - YEAR)
    first = _last_entry(city)
    _assign(city, name="李秀英")
    with writing(OPERATOR) as session:
        with pytest.raises(Conflict, match="later"):
            writes.undo_holding_change(session, first.id)
    _undo(city)
    with writing(OPERATOR) as session:
        writes.undo_holding_change(session, first.id)
    assert _head(city).id is None


def test_a_person_who_got_another_post_meanwhile_keeps_the_first_assignment(city: SmallCity) -> None:
    _assign(city, phone="13800001234")
    first = _last_entry(city)
    _assign(city, "north-b2", phone="13800001234")
    with writing(OPERATOR) as session:
        with pytest.raises(Conflict, match="depend"):
            writes.undo_holding_change(session, first.id)


def test_one_assignment_is_one_audit_entry_and_raises_the_version_of_posts(city: SmallCity) -> None:
    with reading(OPERATOR) as connection:
        before = versions.current(connection)["posts"]
    _assign(city)
    with reading(OPERATOR) as connection:
        entries = audit.history(connection, "building", city["north-b1"])
        assert versions.current(connection)["posts"] == before + 1
    assert [(entry.action, entry.actor, entry.note) for entry in entries] == [
        ("assign_head", OPERATOR.name, "election")
    ]


def test_nobody_assigns_heads_outside_their_communities(city: SmallCity) -> None:
    with pytest.raises(NotFound):
        _assign(city, "south-b1", actor=NORTH_ORGANISER)
    with pytest.raises(NotAllowed, match="assign and end heads"):
        _assign(city, "north-b1", actor=Actor("nobody"))


def test_a_closed_building_gets_no_head(city: SmallCity) -> None:
    with writing(OPERATOR) as session:
        session.execute(text("UPDATE building SET closed_on = '2026-01-01' WHERE id = :id"), {"id": city["north-b1"]})
    with pytest.raises(Conflict, match="closed"):
        _assign(city)


def test_a_choice_that_names_no_place_or_nobody_is_refused(city: SmallCity) -> None:
    with pytest.raises(BadInput, match="either"):
        _assign(city, unit_id=city["north-u1"])
    with pytest.raises(BadInput, match="person"):
        _assign(city, name=" ")
    with pytest.raises(BadInput, match="elected"):
        _assign(city, how="volunteered")
    with pytest.raises(BadInput, match="not after"):
        _assign(city, to_on=TODAY)
    with pytest.raises(NotFound, match="person"):
        _assign(city, name=None, person_id=10**9)


def test_two_who_assign_at_the_same_moment_do_not_overwrite_each_other(city: SmallCity) -> None:
    with writing(OPERATOR) as session:
        session.execute(
            text("INSERT INTO post (kind, community_id, building_id) VALUES ('building_head', :north, :place)"),
            {"north": city["north"], "place": city["north-b2"]},
        )
    for code in ("north-b1", "north-b2"):
        with ThreadPoolExecutor(1) as other:
            with writing(OPERATOR) as session:
                writes.assign_head(session, building_id=city[code], name="王建国", from_on=TODAY)
                slower = other.submit(_assign, city, code, name="李秀英", version=0)
                time.sleep(0.3)
                assert not slower.done()
            with pytest.raises(Conflict):
                slower.result(timeout=20)
        head = _head(city, code)
        assert head.current is not None
        assert head.current.person_name == "王建国"


@pytest.mark.parametrize(
    ("who", "said"),
    [
        ({"name": "王" * 201}, "Name of the person is longer than 200 characters"),
        ({"name": "王\u202e建国"}, "Name of the person holds control signs nobody sees: 王<202E>建国"),
        ({"name": "王建国", "phone": "1" * 51}, "Phone is longer than 50 characters"),
        ({"name": "\u200b\u3000"}, "Choose a person, or write the name"),
    ],
)
def test_a_person_whose_name_or_phone_cannot_be_kept_is_refused_in_words(
    city: SmallCity, who: dict[str, str], said: str
) -> None:
    with pytest.raises(BadInput, match=said):
        _assign(city, **who)
