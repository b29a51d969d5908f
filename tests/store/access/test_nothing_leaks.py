"""After a round of everything, neither the database nor a log nor an error holds a sealed value in plain."""

import subprocess
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from geo.access import consents, retention, reveals, rotation
from geo.access.actor import OPERATOR
from geo.access.helped_persons import PersonDetails, Whereabouts, change_person, record_person
from geo.errors import YizhanError
from geo.people.copies import personal_copy, readable_copy
from geo.people.need_writes import change_need, end_need, open_need
from geo.store import cluster as clusters
from geo.store import dumps
from geo.store.cluster import Cluster
from geo.store.session import writing
from tests.store.access import helped
from tests.store.access.helped import DAY, DETAILS, SOUTH, STAFF, WORDS, Helped
from tests.store.small_city import NORTH_ORGANISER as NORTH

LATER = PersonDetails("冯玉珍", "19900004321", "高血压", "key", living_alone=False, birth_year=1950)
ALL_WORDS = (*WORDS, LATER.name, "19900004321", "高血压", "赵桂英", "胡凤英")


def dumped() -> str:
    """The whole database as SQL, with every row as text."""
    address = clusters.addresses().owner_url.replace("postgresql+psycopg", "postgresql")
    command = [dumps.programs() / "pg_dump", "--no-password", f"--dbname={address}"]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout


def round_of_commands(there: Helped) -> list[str]:
    """Do everything there is with a helped person, the refused things too; return what was said about it."""
    said: list[str] = []
    reveals.reveal(NORTH, there.person, ["name", "phone", "notes"], reason="called back")
    reveals.reveal_list(STAFF, [there.person], ["name"], purpose="visits", reason="round of Thursday")
    assert DETAILS.name in readable_copy(personal_copy(NORTH, there.person, reason="asked"))
    with writing(STAFF) as session:
        change_person(session, there.person, {"name": LATER.name, "phone": LATER.phone, "notes": LATER.notes})
        consents.record_consent(session, there.person, "care", given_on=DAY, how="spoken")
        gone = record_person(session, Whereabouts(there.city["north-b1"]), PersonDetails("胡凤英"))
        open_need(session, Whereabouts(there.city["north-b1"]), ["meal"], opened_on=DAY, helped_person_id=gone)
        change_need(session, there.need, status="paused", version=1)
        end_need(session, there.need, on=DAY, retain_days=1, version=2)
    reveals.run_rows(NORTH, "pairing")
    rotation.rotate(OPERATOR)
    with writing(NORTH) as session:
        retention.erase(session, gone, reason="asked in writing")
    for refused in (
        lambda: reveals.reveal(SOUTH, there.person, ["name"], reason="curious"),
        lambda: _recorded(there, PersonDetails(DETAILS.name, DETAILS.phone, DETAILS.notes, "dire")),
        lambda: _recorded(there, PersonDetails(DETAILS.name, DETAILS.phone, DETAILS.notes, birth_year=9999)),
        lambda: _recorded(there, PersonDetails(DETAILS.name * 50, DETAILS.phone)),
    ):
        with pytest.raises(YizhanError) as error:
            refused()
        said += [str(error.value), error.value.text(), repr(error.value)]
    return said


def _recorded(there: Helped, details: PersonDetails) -> int:
    with writing(NORTH) as session:
        return record_person(session, Whereabouts(there.city["north-b2"]), details)


def test_no_table_log_or_message_holds_a_sealed_value(clean_store: Cluster) -> None:
    there = helped.build()
    said = "\n".join(round_of_commands(there))
    content = dumped()
    server_log = Path(clean_store.log).read_text(encoding="utf-8", errors="replace")
    for word in ALL_WORDS:
        for where, text_of in (("database", content), ("messages", said), ("server log", server_log)):
            assert word not in text_of, where
            assert word.encode().hex() not in text_of, where
    assert "called back" in content
    assert "周文华" in content


def test_an_error_of_the_database_does_not_repeat_the_values_of_its_statement(clean_store: object) -> None:
    with pytest.raises(DBAPIError) as error, writing(OPERATOR) as session:
        session.execute(text("SELECT 1 / 0, :phone"), {"phone": DETAILS.phone})
    assert DETAILS.phone is not None
    assert DETAILS.phone not in str(error.value)
