"""Care needs: counted for filters, a reason kept when one ends, a person joined to one that had nobody."""

import pytest
from sqlalchemy import text

from geo.errors import Conflict, NotFound
from geo.people.need_figures import compounds_with_needs, need_figures
from geo.people.need_reads import NeedChoice, chosen_needs, need
from geo.people.need_writes import change_need, end_need, join_person, open_need
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access import helped
from tests.store.access.helped import ADMINISTRATOR, DAY, HEAD, LEADER, PLANNER, STAFF, Helped, Whereabouts
from tests.store.small_city import NORTH_ORGANISER as NORTH


@pytest.fixture
def there(clean_store: object) -> Helped:
    return helped.build()


def _opened(there: Helped) -> int:
    with writing(NORTH) as session:
        return open_need(session, Whereabouts(there.city["north-b1"]), ["meal"], opened_on=DAY).id


def test_needs_are_counted_by_status_task_and_compound(there: Helped) -> None:
    _opened(there)
    with writing(NORTH) as session:
        change_need(session, there.need, status="paused", version=1)
    with reading(NORTH) as connection:
        figures, compounds = need_figures(connection), compounds_with_needs(connection)
    assert figures.by_status == {"open": 1, "paused": 1, "ended": 0}
    assert figures.open_by_task == {"visit": 0, "shopping": 0, "medicine": 0, "meal": 1}
    assert (figures.records, figures.open_without_person) == (2, 1)
    assert [(row.compound, row.open) for row in compounds] == [("金桂花园", 1)]


@pytest.mark.parametrize(
    ("actor", "records"), [(ADMINISTRATOR, 2), (NORTH, 1), (STAFF, 1), (HEAD, 1), (PLANNER, 0), (LEADER, 0)],
    ids=lambda value: getattr(value, "name", value),
)  # fmt: skip
def test_counts_hold_only_what_the_role_may_see(there: Helped, actor: Actor, records: int) -> None:
    with reading(actor) as connection:
        assert need_figures(connection).records == records
        assert len(compounds_with_needs(connection)) == records


def test_a_choice_is_by_place_status_and_task(there: Helped) -> None:
    other = _opened(there)
    with reading(ADMINISTRATOR) as connection:
        meals = chosen_needs(connection, NeedChoice(there.city["north"], task="meal"))
        visits = chosen_needs(connection, NeedChoice(compound_id=there.city["north-c"], task="visit"))
        ended = chosen_needs(connection, NeedChoice(status="ended"))
    assert {one.id for one in meals} == {other, there.need}
    assert [one.id for one in visits] == [there.need]
    assert ended == []


def test_a_person_is_joined_once_and_only_in_their_community(there: Helped) -> None:
    alone = _opened(there)
    with writing(NORTH) as session, pytest.raises(NotFound):
        join_person(session, alone, there.stranger, version=1)
    with writing(NORTH) as session:
        join_person(session, alone, there.person, version=1)
    with reading(NORTH) as connection:
        joined = need(connection, alone)
    assert joined is not None
    assert (joined.helped_person_id, joined.version) == (there.person, 2)
    with writing(NORTH) as session, pytest.raises(Conflict):
        join_person(session, alone, there.person, version=2)
    with owner_engine().connect() as owner:
        logged = owner.execute(text("SELECT after FROM audit_entry WHERE action = 'join_person'")).scalar_one()
    assert "helped_person_id" not in logged


def test_why_a_need_ended_is_in_the_log(there: Helped) -> None:
    with writing(NORTH) as session:
        end_need(session, there.need, on=DAY, retain_days=365, version=1, reason="moved away")
    with owner_engine().connect() as owner:
        assert owner.scalar(text("SELECT note FROM audit_entry WHERE action = 'end_need'")) == "moved away"
