"""Runs read persons under made-up names: who agreed, coarse, one log entry, and no way back but for their own."""

import pytest

from geo.access import reveals
from geo.errors import BadInput, NotAllowed, NotFound
from geo.store.session import Actor, writing
from tests.store.access import helped
from tests.store.access.helped import ADMINISTRATOR, AUDITOR, HEAD, LEADER, PLANNER, SOUTH, STAFF, Helped
from tests.store.access.test_reveals import entries
from tests.store.small_city import NORTH_ORGANISER as NORTH


@pytest.fixture
def there(clean_store: object) -> Helped:
    """The small city with its helped persons."""
    return helped.build()


@pytest.mark.parametrize("actor", [NORTH, PLANNER, ADMINISTRATOR], ids=lambda actor: actor.name)
def test_a_run_reads_who_agreed_and_the_log_has_one_entry_with_purpose_and_count(there: Helped, actor: Actor) -> None:
    run = reveals.run_rows(actor, "siting")
    (row,) = run.rows
    assert row[1:] == (there.city["north-b2"], there.city["north-u1"], "high", True, 1940, ("meal", "visit"))
    everybody = actor is not NORTH
    assert run.left_out == int(everybody)
    (entry,) = entries("run_with_persons")
    assert entry.after == {"purpose": "siting", "run": run.run_id, "persons": 1, "left_out": int(everybody)}
    assert (entry.actor, entry.entity_id) == (actor.name, None)


def test_every_run_has_names_of_its_own(there: Helped) -> None:
    names = [reveals.run_rows(PLANNER, "siting").rows[0].pseudonym for _run in range(3)]
    assert len(set(names)) == 3
    assert str(there.person) not in names


@pytest.mark.parametrize("actor", [STAFF, HEAD, LEADER, AUDITOR], ids=lambda actor: actor.name)
def test_other_roles_get_no_run(there: Helped, actor: Actor) -> None:
    with pytest.raises(NotAllowed):
        reveals.run_rows(actor, "pairing")


def test_an_organiser_runs_over_own_communities_only(there: Helped) -> None:
    with pytest.raises(NotFound):
        reveals.run_rows(NORTH, "pairing", community_id=there.city["south"])
    assert reveals.run_rows(SOUTH, "pairing").rows == []
    assert reveals.run_rows(PLANNER, "pairing", community_id=there.city["south"]).left_out == 1
    with pytest.raises(BadInput):
        reveals.run_rows(NORTH, "gossip")


def test_who_works_there_gets_from_a_made_up_name_back_to_the_need(there: Helped) -> None:
    run = reveals.run_rows(NORTH, "pairing")
    name = run.rows[0].pseudonym
    with writing(NORTH) as session:
        assert reveals.needs_of_run(session, run.run_id, [name, "0" * 16]) == {name: [there.need]}
    with writing(SOUTH) as session:
        assert reveals.needs_of_run(session, run.run_id, [name]) == {}
    other = reveals.run_rows(PLANNER, "pairing")
    with writing(PLANNER) as session:
        assert reveals.needs_of_run(session, other.run_id, [other.rows[0].pseudonym]) == {}
