"""The log in words: who reads what of it, filtered, a page at a time, as a file."""

import io
import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.access.log_filter import LogFilter
from geo.access.log_reads import LogEntry, log_communities, log_entries, log_people
from geo.access.sessions import open_session
from geo.briefing.log_words import ACTION_LABELS, ENTITY_LABELS, LogLine, told
from geo.cli import run
from geo.errors import NotAllowed
from geo.exchange import writers
from geo.exchange.log_files import log_file
from geo.people.writes import assign_head, undo_holding_change
from geo.places.writes import correct_place
from geo.planning.writes import set_parameter
from geo.settings import ROOT
from geo.store import audit
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading, writing
from tests.contacts import phones
from tests.store.small_city import NORTH_ORGANISER, SmallCity, build
from tests.users import add_user

ANY = LogFilter()
Shown = pytest.CaptureFixture[str]


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


def _reveal(actor: Actor, community_id: int, why: str = "asked for help") -> None:
    with writing(actor) as session:
        change = audit.Change(
            after={"fields": ["name", "phone"], "purpose": "rota"}, community_id=community_id, note=why
        )
        audit.record(session, "reveal", "helped_person", 5, change)


def _correct(city: SmallCity, code: str, floors: int, *, actor: Actor = OPERATOR) -> None:
    with writing(actor) as session:
        version = session.execute(text("SELECT version FROM building WHERE id = :id"), {"id": city[code]}).scalar_one()
        correct_place(session, "building", city[code], {"floors": floors}, expected_version=version, note="counted")


def _entries(actor: Actor = OPERATOR, wanted: LogFilter = ANY) -> list[LogEntry]:
    with reading(actor) as connection:
        return log_entries(connection, wanted)


def _lines(actor: Actor = OPERATOR, wanted: LogFilter = ANY) -> list[LogLine]:
    with reading(actor) as connection:
        return told(connection, log_entries(connection, wanted))


def test_a_change_reads_as_what_changed(city: SmallCity) -> None:
    _correct(city, "north-b1", 11)
    (line,) = _lines()
    assert (line.who, line.action, line.what) == ("Operator (command line)", "Corrected", "Building 1")
    assert (line.changed, line.note, line.community) == ("Floors: 6 → 11", "counted", "金桂社区")
    assert line.place == ("building", city["north-b1"])


def test_a_number_of_the_city_reads_by_its_name(city: SmallCity) -> None:
    with writing(OPERATOR) as session:
        set_parameter(session, "head_alarm_households", 55, expected_version=0)
    (line,) = _lines()
    assert line.what == "A head is overloaded above"
    assert line.changed == "A head is overloaded above: the default → 55"


def test_a_look_at_a_person_says_which_fields_why_and_what_for(city: SmallCity) -> None:
    _reveal(NORTH_ORGANISER, city["north"])
    (line,) = _lines()
    assert (line.action, line.what, line.note) == ("Person looked at", "Helped person no. 5", "asked for help")
    assert line.changed == "What was looked at: name, telephone; Purpose: a volunteers' rota"


def test_an_organiser_reads_their_own_community_and_their_own_acts_only(city: SmallCity) -> None:
    south = add_user("organiser-of-the-south", "organiser", community_id=city["south"])
    _correct(city, "north-b1", 11)
    _correct(city, "south-b1", 12)
    _reveal(OPERATOR, city["south"])
    with writing(NORTH_ORGANISER) as session:
        audit.record(session, "export", "layers", None, audit.Change(after={"layers": {"areas": 1}, "format": "gpkg"}))
    assert [entry.entity_id for entry in _entries(NORTH_ORGANISER)] == [None, city["north-b1"]]
    assert [entry.entity_id for entry in _entries(south)] == [5, city["south-b1"]]
    assert [entry.action for entry in _entries(south, LogFilter(view="saw"))] == ["reveal"]
    with reading(south) as connection:
        assert log_communities(connection) == {city["south"]: "银杏社区"}
        assert log_people(connection) == {"operator": "Operator (command line)", south.name: south.name}


@pytest.mark.parametrize("role", ["leader", "planner"])
def test_roles_without_the_log_read_only_what_they_did(city: SmallCity, role: str) -> None:
    somebody = add_user("somebody", role)
    _correct(city, "north-b1", 11)
    assert _entries(somebody) == []
    with reading(somebody) as connection:
        assert log_communities(connection) == {}
    with pytest.raises(NotAllowed):
        log_file(somebody, ANY, "csv")


def test_an_auditor_reads_everything_with_names_of_communities_and_without_names_of_holders(city: SmallCity) -> None:
    auditor = add_user("auditor", "auditor")
    with writing(OPERATOR) as session:
        assign_head(session, building_id=city["north-b1"], name="王建国", phone="13900000001", from_on=date(2026, 1, 1))
    (line,) = _lines(auditor)
    assert line.community == "金桂社区"
    assert "somebody from 2026-01-01" in line.changed
    assert "王建国" not in str(line)
    assert "王建国 from 2026-01-01" in _lines()[0].changed


def test_a_telephone_number_never_stands_in_the_log(city: SmallCity) -> None:
    with writing(OPERATOR) as session:
        assign_head(session, building_id=city["north-b1"], name="王建国", phone="13900000001", from_on=date(2026, 1, 1))
    for _time in range(2):
        with writing(OPERATOR) as session:
            undo_holding_change(session, _entries()[0].id)
    with owner_engine().connect() as owner:
        written = owner.execute(text("SELECT string_agg(e::text, ' ') FROM audit_entry e")).scalar_one()
        assert owner.execute(text("SELECT name, phone_end FROM person")).one() == ("王建国", None)
    assert phones() == {}
    assert "王建国" in written
    assert "13900000001" not in written


def test_filters_narrow_the_log_each_in_its_own_way(city: SmallCity) -> None:
    _correct(city, "north-b1", 11)
    _correct(city, "south-b1", 12, actor=OPERATOR)
    _reveal(NORTH_ORGANISER, city["north"], "100% urgent_call")
    day = today()
    expected = {
        LogFilter(who=NORTH_ORGANISER.name): 1,
        LogFilter(action="correct"): 2,
        LogFilter(entity="building"): 2,
        LogFilter(entity="building", entity_id=city["south-b1"]): 1,
        LogFilter(community_id=city["north"]): 2,
        LogFilter(words="100% URGENT_"): 1,
        LogFilter(words="%"): 1,
        LogFilter(words="' OR true --"): 0,
        LogFilter(who="'; DROP TABLE audit_entry; --"): 0,
        LogFilter(view="saw"): 1,
        LogFilter(from_on=day, until_on=day): 3,
        LogFilter(from_on=day + timedelta(days=1)): 0,
        LogFilter(until_on=day - timedelta(days=1)): 0,
    }
    assert {wanted: len(_entries(wanted=wanted)) for wanted in expected} == expected


def test_pages_of_the_log_follow_each_other_without_gap_or_double(clean_store: object) -> None:
    with owner_engine().begin() as owner:
        owner.execute(
            text(
                "INSERT INTO audit_entry (at, actor, action, entity) SELECT date_trunc('hour', now()) "
                "- (g / 7) * interval '1 s', 'operator', 'correct', 'area' FROM generate_series(1, 100) g"
            )
        )
    seen: list[int] = []
    with reading(OPERATOR) as connection:
        page = log_entries(connection, ANY, limit=9)
        while page:
            seen += [entry.id for entry in page]
            page = log_entries(connection, ANY, after=page[-1].position, limit=9)
    assert len(seen) == len(set(seen)) == 100


def test_taking_the_log_away_is_an_entry_and_no_cell_of_the_file_can_act(city: SmallCity) -> None:
    _reveal(NORTH_ORGANISER, city["north"], '=HYPERLINK("http://example.invalid")\x07')
    told_to = log_file(OPERATOR, LogFilter(words="HYPER"), "xlsx")
    sheet = load_workbook(io.BytesIO(told_to)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert rows[0][:3] == ("No.", "When", "Who")
    assert rows[1][7] == '\'=HYPERLINK("http://example.invalid")'
    assert log_file(OPERATOR, ANY, "csv").startswith(b"\xef\xbb\xbfNo.,When")
    latest, earlier = _entries()[:2]
    assert (latest.action, latest.actor, latest.after) == (
        "export_log", "operator", {"format": "csv", "entries": 2, "filter": {"from": "all"}},
    )  # fmt: skip
    assert "HYPER" not in str(earlier.after)


def test_exports_and_sign_ins_are_entries(city: SmallCity, tmp_path: Path) -> None:
    writers.export(OPERATOR, ["areas", "compounds"], "geojson", tmp_path / "out", city["north"])
    open_session(NORTH_ORGANISER.name, device="Firefox")
    signed, exported = _lines()
    assert (signed.action, signed.who, signed.note) == ("Signed in", NORTH_ORGANISER.name, "Firefox")
    assert (exported.action, exported.community) == ("Layers exported", "金桂社区")
    assert "Compounds: 1" in exported.changed


def test_every_action_and_record_written_in_the_program_has_words(clean_store: object) -> None:
    sources = [path.read_text(encoding="utf-8") for path in (*ROOT.glob("geo/**/*.py"), *ROOT.glob("data/*.py"))]
    calls = [
        call for source in sources for call in re.findall(r"audit\.record\(\s*\w+,\s*\"([\w ]+)\",\s*\"(\w+)\"", source)
    ]
    assert len(calls) > 8
    assert {action for action, _entity in calls} <= ACTION_LABELS.keys()
    assert {entity for _action, entity in calls} <= ENTITY_LABELS.keys()


def test_the_command_proves_the_log_and_writes_it_down(city: SmallCity, tmp_path: Path, capsys: Shown) -> None:
    _correct(city, "north-b1", 11)
    assert run(["audit", "verify"]) == 0
    shown = capsys.readouterr().out
    assert "All 1 entries are as they were written." in shown
    head = shown.split()[-1]
    _correct(city, "north-b1", 12)
    assert run(["audit", "verify", "--since", head]) == 0
    assert "1 entries came after it" in capsys.readouterr().out
    assert run(["audit", "verify", "--since", "0" * 64, "--json"]) == 1
    assert '"cut": true' in capsys.readouterr().out
    assert run(["audit", "export", "--out", str(tmp_path / "log.csv")]) == 0
    assert "Floors: 11 → 12" in (tmp_path / "log.csv").read_text(encoding="utf-8-sig")
    assert run(["audit", "export", "--out", str(tmp_path / "log.pdf")]) == 1
    with owner_engine().begin() as owner:
        owner.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        owner.execute(text("UPDATE audit_entry SET note = 'x' WHERE id = 1"))
    assert run(["audit", "verify"]) == 1
    assert "the entry is not what was sealed" in capsys.readouterr().out
