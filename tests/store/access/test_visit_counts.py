"""Counts of visits by class of risk: merged until none tells of few, and no difference of two does either."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy import text

from geo.access.helped_persons import PersonDetails, Whereabouts, record_person
from geo.people.need_writes import open_need
from geo.people.visit_reads import cadence_counts
from geo.people.visit_rules import VisitDraft
from geo.people.visit_writes import record_visit
from geo.store.session import Actor, owner_engine, reading, writing
from tests.store.access import helped
from tests.store.access.helped import HEAD, SOUTH, Helped
from tests.store.small_city import NORTH_ORGANISER as NORTH


@pytest.fixture
def there(clean_store: object) -> Helped:
    return helped.build()


def many(there: Helped, counts: dict[tuple[str, str], int]) -> None:
    """Add so many needs of persons of a class in the north, each kept (met today) or never visited."""
    with writing(NORTH) as session:
        made = []
        for (risk, state), count in counts.items():
            for _one in range(count):
                where = Whereabouts(there.city["north-b3"])
                person = record_person(session, where, PersonDetails("某人", risk_class=risk))
                made.append(
                    (open_need(session, where, ["visit"], opened_on=helped.DAY, helped_person_id=person), state)
                )
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE care_need SET cadence_days = 60"))
    for need, state in made:
        if state == "kept":
            visit = VisitDraft(uuid4(), need.id, datetime.now(UTC), result="met", findings=("all_well",), minutes=20)
            with writing(NORTH) as session:
                record_visit(session, visit)


def counted(actor: Actor = NORTH) -> dict[tuple[tuple[str, ...], tuple[str, ...]], int]:
    with reading(actor) as connection:
        rows = cadence_counts(connection)
    assert {row.least for row in rows} <= {5}
    return {(row.risks, row.states): row.needs for row in rows}


EVERY_RISK = ("high", "key", "general")
IN_TIME, LATE = ("kept", "due"), ("overdue", "never")


def test_counts_by_class_are_merged_until_each_holds_five(there: Helped) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE care_need SET status = 'paused' WHERE id = :id"), {"id": there.need})
    many(there, {("high", "kept"): 3, ("high", "never"): 2, ("key", "kept"): 5, ("key", "never"): 4})
    by_state = {(EVERY_RISK, ("kept",)): 8, (EVERY_RISK, ("never",)): 6, (EVERY_RISK, ("due",)): 0,
                (EVERY_RISK, ("overdue",)): 0}  # fmt: skip
    assert counted() == by_state
    many(there, {("general", "kept"): 5, ("general", "never"): 5})
    merged = {key: count for key, count in counted().items() if key[0] != EVERY_RISK}
    assert merged == {
        (("high", "key"), IN_TIME): 8,
        (("high", "key"), LATE): 6,
        (("general",), IN_TIME): 5,
        (("general",), LATE): 5,
    }
    many(there, {("high", "kept"): 2, ("high", "never"): 3, ("key", "never"): 1})
    fine = {key: count for key, count in counted().items() if key[0] != EVERY_RISK}
    assert fine[("high",), IN_TIME] == 5
    assert fine[("key",), LATE] == 5
    assert min(fine.values()) >= 5
    assert counted(HEAD) == {}
    assert all(key[0] == EVERY_RISK for key in counted(SOUTH))
