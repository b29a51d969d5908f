"""The helped persons of a demo city: believable, the same for a seed, sealed, and only where people live."""

from typing import Any

import numpy as np
import pytest
from sqlalchemy import text

from data import needs
from data.load import load_demo
from geo.access import keys
from geo.access.actor import OPERATOR
from geo.access.keyring import keyring
from geo.access.sealing import Spot, opened
from geo.store.session import connect, name_actor, owner_engine

PLAIN = (
    "SELECT id, building_id, unit_id, household_id, risk_class, living_alone, birth_year FROM personal.helped_person"
)
NEEDS = "SELECT number, helped_person_id, tasks, status, opened_on FROM care_need"
DAY = np.datetime64("2026-11-22")


def rows(query: str) -> list[Any]:
    """The rows of a query, as the owner sees them, in the order of their first column."""
    with owner_engine().connect() as owner:
        return list(owner.execute(text(f"{query} ORDER BY 1")))


def names() -> list[str | None]:
    """The names of all helped persons, opened."""
    with connect(owner_engine()) as owner:
        ring = keyring(owner)
        return [
            opened(ring, Spot("personal.helped_person", "name", row.id), row.name_sealed)
            for row in rows("SELECT id, name_sealed FROM personal.helped_person")
        ]


@pytest.mark.usefixtures("demo_store")
def test_needs_are_of_homes_people_live_in_and_of_every_kind() -> None:
    persons = rows("SELECT p.id, h.tenure, u.building_id = p.building_id AS fits FROM personal.helped_person p "
                   "JOIN household h ON h.id = p.household_id JOIN unit u ON u.id = p.unit_id")  # fmt: skip
    homes = rows("SELECT count(*) FROM household WHERE tenure IS DISTINCT FROM 'vacant'")[0][0]
    assert 0.003 * homes < len(persons) < 0.02 * homes
    assert all(person.fits and person.tenure != "vacant" for person in persons)
    assert {row.risk_class for row in rows(PLAIN)} == {"high", "key", "general"}
    assert {row.status for row in rows(NEEDS)} == {"open", "paused", "ended"}
    assert {task for row in rows(NEEDS) for task in row.tasks} == {"visit", "shopping", "medicine", "meal"}
    assert {row.helped_person_id for row in rows(NEEDS)} == {person.id for person in persons}
    assert len({row.number for row in rows(NEEDS)}) == len(rows(NEEDS))
    assert {row.purpose for row in rows("SELECT DISTINCT purpose FROM personal.consent")} == {
        "care", "volunteers", "planning",
    }  # fmt: skip


@pytest.mark.usefixtures("clean_store")
def test_the_same_seed_makes_the_same_needs_and_never_the_same_sealing() -> None:
    found = []
    for seed, replace in ((1, False), (1, True), (2, True)):
        load_demo(OPERATOR, "small", seed, 120, replace=replace, today=DAY)
        sealed = {bytes(row.name_sealed) for row in rows("SELECT name_sealed FROM personal.helped_person")}
        found.append((rows(PLAIN), rows(NEEDS), names(), sealed))
    assert found[0][:3] == found[1][:3] != found[2][:3]
    assert not found[0][3] & found[1][3]
    assert len(keys.read()) >= 1


@pytest.mark.usefixtures("demo_store")
def test_new_persons_and_needs_get_keys_after_the_demo_ones() -> None:
    with owner_engine().begin() as owner:
        name_actor(owner, OPERATOR)
        last = owner.scalar(text("SELECT max(id) FROM personal.helped_person"))
        assert owner.scalar(text("SELECT personal.new_person_ids(1)")) == last + 1


@pytest.mark.usefixtures("demo_store")
def test_no_note_of_the_demo_stands_in_the_database_in_plain() -> None:
    content = rows("SELECT query_to_xml('TABLE personal.helped_person', true, true, '')::text")[0][0]
    content += rows("SELECT query_to_xml('TABLE audit_entry', true, true, '')::text")[0][0]
    assert "risk_class" in content
    assert not [note for note in needs.NOTES if note and note in content]
    assert not [name for name in names() if name and name in content]
