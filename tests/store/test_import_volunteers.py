"""Rosters of volunteers from files: who is made, what is found, coming again, taking back, leaving."""

from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.errors import Conflict
from geo.exchange import writers
from geo.people.volunteer_hours import record_hours
from geo.people.writes import assign_head
from geo.store.clock import today
from geo.store.session import owner_engine, writing
from tests.contacts import phones
from tests.store.exchanging import asked, bring, changed, csv_file, take_back
from tests.store.small_city import NORTH_ORGANISER, SmallCity, add, build

HEADER = "姓名,电话,小区,楼栋,单元,技能,每周小时,党员,空闲时间"
ALL = """SELECT n.name, v.building_id, v.unit_id, v.skills, v.hours_week::float FROM volunteer v
JOIN person n ON n.id = v.person_id ORDER BY n.name"""


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


def roster(path: Path, *rows: tuple[object, ...], header: str = HEADER) -> Path:
    return csv_file(path / "志愿者.csv", header, rows)


def good(path: Path) -> Path:
    return roster(
        path,
        (
            "田秀芝",
            "19900001111",
            "金桂花园",
            "2号楼",
            "1单元",
            "陪伴、代购",
            3,
            "是",
            "周一 09:00-11:30; 周三 14:00-16:00",
        ),
        ("毛建国", None, "金桂花园", "1", None, "维修", 1.5, "否", "周末上午"),
    )


def codes(done: object) -> dict[str, int]:
    return dict(asked("SELECT code, count(*)::int FROM import_finding WHERE import_run_id = :run GROUP BY 1",
                      run=done.run_id))  # type: ignore[attr-defined]  # fmt: skip


def test_a_roster_with_chinese_headers_makes_volunteers_with_places_skills_and_times(
    city: SmallCity, tmp_path: Path
) -> None:
    done = bring(good(tmp_path), "volunteers")
    assert (changed(done), done.counts["refused"], done.counts["persons"]) == ((2, 0, 0), 0, 2)
    assert asked(ALL) == [
        ("毛建国", city["north-b1"], None, ["repair"], 1.5),
        ("田秀芝", city["north-b2"], city["north-u1"], ["company", "shopping"], 3.0),
    ]
    assert asked("SELECT weekday, from_minute, to_minute FROM availability ORDER BY 1, 2") == [
        (0, 540, 690), (2, 840, 960), (5, 480, 690), (6, 480, 690),
    ]  # fmt: skip
    assert list(phones().values()) == ["19900001111"]
    assert asked("SELECT party_member FROM volunteer ORDER BY id") == [True, False]
    assert changed(bring(good(tmp_path), "volunteers")) == (0, 0, 2)
    assert asked("SELECT count(*) FROM person") == [2]


def test_a_workbook_is_read_the_same_way(city: SmallCity, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(HEADER.split(","))
    sheet.append(["田秀芝", 19900001111, "金桂花园", 2, 1, "做饭", 2, "是", "每天 19:00-20:00"])
    book.save(tmp_path / "r.xlsx")
    assert changed(bring(tmp_path / "r.xlsx", "volunteers")) == (1, 0, 0)
    assert asked(ALL) == [("田秀芝", city["north-b2"], city["north-u1"], ["cooking"], 2.0)]
    assert asked("SELECT count(*) FROM availability") == [7]


def test_everything_odd_is_told_by_row_and_nothing_becomes_a_silent_zero(city: SmallCity, tmp_path: Path) -> None:
    rows = [
        ("甲一", None, "金桂花园", None, None, "维修", 2, None, None, None),
        ("甲二", None, "金桂花园", "77号楼", None, "维修", 2, None, None, None),
        ("甲三", None, "金桂花园", "2", "9单元", "飞行、维修", 900, None, "周一 9:00-11:00; 周一 10:00-12:00", None),
        ("甲四", None, "金桂花园", "1", None, None, None, None, "有空就来", None),
        ("甲五", None, None, None, None, "维修", 2, None, None, None),
        ("甲六", "19900006666", "金桂花园", "1", None, "维修", 2, None, None, "没有的队"),
        ("甲六", "19900006666", "金桂花园", "3", None, "维修", 2, None, None, None),
        (None, None, "金桂花园", "1", None, "维修", 2, None, None, None),
    ]
    done = bring(roster(tmp_path, *rows, header=f"{HEADER},队伍"), "volunteers")
    assert codes(done) == {
        "volunteer_no_place": 2, "place_unmatched": 1, "unit_unmatched": 1, "words_unknown": 1, "implausible": 1,
        "hours_missing": 2, "times_overlap": 1, "times_unreadable": 1, "community_unknown": 1, "team_unknown": 1,
        "volunteer_twice": 1, "required_missing": 1,
    }  # fmt: skip
    assert (changed(done)[0], done.counts["refused"], done.counts["read"]) == (4, 4, 8)
    assert asked("SELECT n.name FROM volunteer v JOIN person n ON n.id = v.person_id ORDER BY 1") == [
        "甲一", "甲三", "甲六", "甲四",
    ]  # fmt: skip
    assert asked("SELECT from_minute, to_minute FROM availability") == [(540, 720)]
    said = asked("SELECT (detail->>'day') || (detail->>'first') FROM import_finding WHERE code = 'times_overlap'")
    assert said == ["Monday09:00–11:00"]


def test_a_head_who_volunteers_is_one_person(city: SmallCity, tmp_path: Path) -> None:
    with writing(NORTH_ORGANISER) as session:
        assign_head(session, building_id=city["north-b1"], name="毛建国", phone="19900002222", from_on=today())
    done = bring(good(tmp_path), "volunteers")
    assert done.counts["persons"] == 1
    assert asked("SELECT count(*) FROM person") == [2]


def test_another_offer_of_somebody_known_is_told_and_not_taken_over(city: SmallCity, tmp_path: Path) -> None:
    bring(good(tmp_path), "volunteers")
    done = bring(roster(tmp_path, ("毛建国", None, "金桂花园", "1", None, "维修", 6, None, None)), "volunteers")
    assert (changed(done), done.counts["refused"]) == ((0, 0, 0), 1)
    assert asked("SELECT hours_week::float FROM volunteer ORDER BY id") == [3.0, 1.5]
    assert city


def test_an_import_is_taken_back_unless_somebody_has_given_hours(city: SmallCity, tmp_path: Path) -> None:
    done = bring(good(tmp_path), "volunteers")
    assert take_back(done.run_id).removed == 4
    for table in ("volunteer", "availability", "person"):
        assert asked(f"SELECT count(*) FROM {table}") == [0], table
    done = bring(good(tmp_path), "volunteers")
    worked = asked("SELECT min(id) FROM volunteer")[0]
    with writing(NORTH_ORGANISER) as session:
        record_hours(session, worked, on=today(), minutes=30)
    with pytest.raises(Conflict, match="worked with by now"):
        take_back(done.run_id)
    assert asked("SELECT count(*) FROM volunteer") == [2]
    assert city


def test_what_leaves_comes_back_unchanged_and_leaves_only_with_who_may_see_it(city: SmallCity, tmp_path: Path) -> None:
    with owner_engine().begin() as owner:
        add(owner, "organisation", code="t-1", kind="volunteer_team", team_kind="repair", name="修理队",
            community_id=city["north"])  # fmt: skip
    rows = [("田秀芝", "19900001111", "金桂花园", "2号楼", "1单元", "陪伴", 3, "是", "周一 09:00-11:30", "修理队"),
            ("毛建国", None, "金桂花园", None, None, "维修", 1.5, "否", None, None)]  # fmt: skip
    bring(roster(tmp_path, *rows, header=f"{HEADER},队伍"), "volunteers")
    report = writers.export(OPERATOR, ["volunteers"], "xlsx", tmp_path / "v.xlsx")
    assert report.rows == {"volunteers": 2}
    done = bring(Path(report.path), "volunteers")
    assert (changed(done), done.counts["refused"]) == ((0, 0, 2), 0)
    book = openpyxl.load_workbook(report.path)
    assert "19900001111" not in str([[cell.value for cell in row] for row in book["volunteers"].iter_rows()])


def test_teams_come_with_their_kind_and_what_is_no_team_has_none(city: SmallCity, tmp_path: Path) -> None:
    rows = [("o1", "修理队", "志愿服务队", "维修", "north"), ("o2", "金桂业委会", "业主委员会", "维修", "north")]
    done = bring(csv_file(tmp_path / "o.csv", "code,name,kind,队伍类型,community_code", rows), "organisations")
    assert asked("SELECT code, team_kind FROM organisation ORDER BY 1") == [("o1", "repair"), ("o2", None)]
    assert codes(done)["team_kind_of_no_team"] == 1
    with owner_engine().connect() as owner:
        assert owner.scalar(text("SELECT count(*) FROM organisation")) == 2
    assert city
