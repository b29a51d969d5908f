"""Rosters of care needs from files: who they name is sealed everywhere, doors and help are told by row."""

from pathlib import Path
from typing import Any

import openpyxl
import pytest

from geo.access.actor import OPERATOR
from geo.access.reveals import reveal_list
from geo.errors import Conflict
from geo.exchange import writers
from geo.exchange.uploads import keep_upload
from geo.jobs import runner
from geo.jobs.folders import job_folder
from geo.people.need_writes import change_need
from geo.settings import settings
from geo.store.session import owner_engine, writing
from tests.store.exchanging import asked, bring, changed, csv_file, take_back
from tests.store.small_city import NORTH_ORGANISER, SmallCity, add, build

HEADER = "姓名,电话,出生年份,风险等级,独居,帮扶需求,技能,每周小时,走访周期,小区,楼栋,单元,房号,备注"
PERSONAL = ("王秀兰", "19900004321", "糖尿病")
NEEDS = """SELECT building_id, unit_id, household_id, tasks, skills, hours_week::float, cadence_days FROM care_need
ORDER BY id"""


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    made = build()
    with owner_engine().begin() as owner:
        made.ids["101"] = add(owner, "household", code="h-101", unit_id=made["north-u1"], room="101",
                              community_id=made["north"])  # fmt: skip
    return made


def roster(path: Path, *rows: tuple[object, ...]) -> Path:
    return csv_file(path / "帮扶.csv", HEADER, rows)


def good(path: Path) -> Path:
    return roster(
        path,
        ("王秀兰", "19900004321", 1943, "高风险", "是", "看望、送餐", "陪伴", 3, 7, "金桂花园", "2", "1单元", "101",
         "糖尿病"),
        ("赵桂英", None, 1950, "一般", "否", "代购", None, None, None, "金桂花园", "1", None, None, None),
        (None, None, None, None, None, "取药", None, 1, 14, "金桂花园", "3", None, None, None),
    )  # fmt: skip


def everything() -> str:
    """All that the database and the state folder hold, as text, but what is sealed."""
    tables = ("care_need", "import_run", "import_finding", "import_change", "audit_entry", "job", "person")
    dumped = "".join(
        str(row) for table in tables for row in asked(f"SELECT query_to_xml('TABLE {table}', true, true, '')::text")
    )
    files = [path for path in settings().state_dir.rglob("*") if path.is_file() and "cluster" not in str(path)]
    return dumped + "".join(path.read_bytes().decode("utf-8", "ignore") for path in files if path.stat().st_size < 1e6)


def codes(done: Any) -> dict[str, int]:
    query = "SELECT code, count(*)::int FROM import_finding WHERE import_run_id = :run GROUP BY 1"
    return dict(asked(query, run=done.run_id))


def test_a_roster_opens_needs_at_doors_with_the_persons_it_names(city: SmallCity, tmp_path: Path) -> None:
    done = bring(good(tmp_path), "care_needs")
    assert (changed(done), done.counts["persons"], done.counts["refused"]) == ((3, 0, 0), 2, 0)
    assert asked(NEEDS) == [
        (city["north-b2"], city["north-u1"], city["101"], ["visit", "meal"], ["company"], 3.0, 7),
        (city["north-b1"], None, None, ["shopping"], [], None, None),
        (city["north-b3"], None, None, ["medicine"], [], 1.0, 14),
    ]
    person = asked("SELECT helped_person_id FROM care_need ORDER BY id LIMIT 1")[0]
    fields = ["name", "phone", "notes", "risk_class", "living_alone", "birth_year"]
    shown = reveal_list(NORTH_ORGANISER, [person], fields, purpose="calls", reason="a look")[0]
    assert tuple(shown.values[name] for name in ("name", "phone", "notes")) == PERSONAL
    assert (shown.values["risk_class"], shown.values["living_alone"], shown.values["birth_year"]) == (
        "high",
        True,
        1943,
    )
    assert not [word for word in PERSONAL if word in everything().replace(str(shown), "")]


def test_the_same_roster_again_adds_nothing_and_one_more_at_the_door_is_added(city: SmallCity, tmp_path: Path) -> None:
    bring(good(tmp_path), "care_needs")
    done = bring(good(tmp_path), "care_needs")
    assert (changed(done), codes(done)) == ((0, 0, 3), {"need_known": 3})
    twice = [("赵桂英", None, 1950, "一般", "否", "代购", None, None, None, "金桂花园", "1", None, None, None)] * 2
    assert changed(bring(roster(tmp_path, *twice), "care_needs")) == (1, 0, 1)
    assert city


def test_refused_rows_are_told_by_row_without_repeating_what_is_sealed(city: SmallCity, tmp_path: Path) -> None:
    hidden = "王秀\u202e兰"
    rows = [
        ("甲", None, None, None, None, "代购", None, None, None, "金桂花园", None, None, None, None),
        ("乙", None, None, None, None, "代购", None, None, None, "金桂花园", "88", None, None, None),
        ("丙", None, None, None, None, "唱戏", None, None, None, "金桂花园", "1", None, None, None),
        (None, "19900004321", None, None, None, "代购", None, None, None, "金桂花园", "1", None, None, None),
        ("丁", None, 1700, "紧急", "也许", "代购", "飞", 900, 9999, "金桂花园", "2", "1", "909", None),
        (hidden, None, None, None, None, "代购", None, None, None, "金桂花园", "3", None, None, None),
    ]
    done = bring(roster(tmp_path, *rows), "care_needs")
    assert codes(done) == {
        "need_no_place": 1, "place_unmatched": 1, "tasks_missing": 1, "words_unknown": 2, "person_unnamed": 1,
        "implausible": 3, "not_a_choice": 1, "not_yes_no": 1, "room_unmatched": 1, "text_hidden_unknown": 1,
    }  # fmt: skip
    told = asked("SELECT \"row\" FROM import_finding WHERE outcome = 'refused' ORDER BY 1")
    assert told == [2, 3, 4]
    assert asked("SELECT detail->>'value' FROM import_finding WHERE code = 'text_hidden_unknown'") == ["***"]
    assert changed(done)[0] == 3
    assert "19900004321" not in everything()
    assert city


def test_by_a_page_the_upload_is_thrown_away_and_the_state_folder_holds_names_sealed_only(
    city: SmallCity, tmp_path: Path
) -> None:
    source = good(tmp_path)
    with source.open("rb") as content:
        upload = keep_upload(content, source.name, source.stat().st_size)
    params = {"path": str(upload), "kind": "care_needs", "datum": "wgs84", "file_name": source.name}
    read = runner.run_now(OPERATOR, "import_prepare", params)
    result = runner.must_have_worked(read)
    assert not upload.exists()
    assert (job_folder(read.id) / "rows.parquet").is_file()
    assert not [word for word in PERSONAL if word in everything()]
    accepted = runner.run_now(OPERATOR, "import_accept", {"run_id": result["run_id"], "prepared_by": read.id})
    assert runner.must_have_worked(accepted)["counts"]["new"] == 3
    person = asked("SELECT helped_person_id FROM care_need ORDER BY id LIMIT 1")[0]
    shown = reveal_list(NORTH_ORGANISER, [person], ["name"], purpose="calls", reason="a look")[0]
    assert shown.values["name"] == PERSONAL[0]
    again = runner.run_now(OPERATOR, "import_prepare", params)
    assert "thrown away once read" in (again.error_text() or "")
    assert city


def test_an_import_is_taken_back_with_its_persons_unless_somebody_changed_a_need(
    city: SmallCity, tmp_path: Path
) -> None:
    done = bring(good(tmp_path), "care_needs")
    assert take_back(done.run_id).removed == 3
    assert asked("SELECT count(*) FROM care_need") == [0]
    with owner_engine().connect() as owner:
        assert owner.exec_driver_sql("SELECT count(*) FROM personal.helped_person").scalar() == 0
    done = bring(good(tmp_path), "care_needs")
    changed_need = asked("SELECT min(id) FROM care_need")[0]
    with writing(NORTH_ORGANISER) as session:
        change_need(session, changed_need, status="paused", version=1)
    with pytest.raises(Conflict, match="worked with by now"):
        take_back(done.run_id)
    assert asked("SELECT count(*) FROM care_need") == [3]
    assert city


def test_what_leaves_names_nobody_and_comes_back_unchanged(city: SmallCity, tmp_path: Path) -> None:
    bring(good(tmp_path), "care_needs")
    report = writers.export(OPERATOR, ["care_needs"], "xlsx", tmp_path / "n.xlsx")
    book = openpyxl.load_workbook(report.path)
    cells = str([[cell.value for cell in row] for row in book["care_needs"].iter_rows()])
    assert not [word for word in (*PERSONAL, "1943") if word in cells]
    assert changed(bring(Path(report.path), "care_needs")) == (0, 0, 3)
    assert city
