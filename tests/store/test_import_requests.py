"""Requests from files: orders of the hotline by their columns, other systems by theirs; nothing twice, all told."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.errors import Conflict
from geo.exchange import writers
from geo.exchange.prepare import inspect
from geo.requests.step_writes import move_request
from geo.settings import settings
from geo.store.session import owner_engine, writing
from tests.store.exchanging import asked, bring, changed, csv_file, take_back
from tests.store.small_city import SmallCity, build

ORDERS = "工单编号,来电时间,诉求类别,诉求内容,来电人,联系电话,地址,办理状态,办结时间,回访结果,是否解决,满意度"
SYSTEM = "id,request_type,created_date,closed_date,status,community,longitude,latitude,address"
STORED = (
    "SELECT r.external_id, r.external_system, r.channel, g.code, r.status, r.placed_by, r.building_id, r.unit_id, "
    "a.code FROM request r JOIN request_category g ON g.id = r.category_id JOIN area a ON a.id = r.community_id "
    "ORDER BY r.id"
)
IN_NORTH, IN_SOUTH, NOWHERE = (115.93, 36.43), (115.95, 36.43), (115.99, 36.49)


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


def orders(folder: Path, *more: tuple[object, ...]) -> Path:
    rows = [
        ("gd-1", "2026年1月2日 13:05", "供水", "三楼停水", "王秀兰", "19900004321", "金桂花园2号楼1单元", "已归档",
         "2026-01-03 09:00", "成功", "是", "非常满意"),
        ("gd-2", "2026/1/4 8:00:00", "城市管理/环境卫生", "垃圾没人收", "李强", "19900004322", "银杏小区1栋", "已办结",
         "2026/1/5 8:00", "成功", "否", "不满意"),
        ("gd-3", "46030.25", "停车秩序", "车位被占", None, None, "金桂花园3号楼", "办理中", None,
         "无人接听", None, None),
        *more,
    ]  # fmt: skip
    return csv_file(folder / "工单202601.csv", ORDERS, rows)


def export(folder: Path, *rows: tuple[object, ...], name: str = "other city.csv", header: str = SYSTEM) -> Path:
    return csv_file(folder / name, header, rows)


def codes(done: Any) -> dict[str, int]:
    query = 'SELECT code, count(*)::int FROM import_finding WHERE import_run_id = :run AND "row" > 0 GROUP BY 1'
    return dict(asked(query, run=done.run_id))


def test_orders_of_the_hotline_are_recognised_by_their_columns(tmp_path: Path) -> None:
    layer = inspect(orders(tmp_path)).layers[0]
    assert layer.kind == "requests"
    assert set(layer.mapping) >= {"external_id", "received_at", "category", "summary", "status", "resolved_at"}
    assert not {"来电人", "联系电话"} & set(layer.mapping.values())


def test_orders_come_in_at_their_doors_with_their_call_backs_and_history(city: SmallCity, tmp_path: Path) -> None:
    done = bring(orders(tmp_path), "requests")
    assert (changed(done), done.counts["refused"]) == ((3, 0, 0), 0)
    assert asked(STORED) == [
        ("gd-1", "12345", "hotline_12345", "water", "closed", "unit", city["north-b2"], city["north-u1"], "north"),
        ("gd-2", "12345", "hotline_12345", "rubbish", "resolved", "building", city["south-b1"], None, "south"),
        ("gd-3", "12345", "hotline_12345", "parking", "in_progress", "building", city["north-b3"], None, "north"),
    ]
    assert asked("SELECT received_at FROM request ORDER BY id") == [
        datetime(2026, 1, 2, 5, 5, tzinfo=UTC), datetime(2026, 1, 4, tzinfo=UTC), datetime(2026, 1, 7, 22, tzinfo=UTC),
    ]  # fmt: skip
    assert asked("SELECT reached, responded, solved, satisfied FROM call_back ORDER BY id") == [
        (True, True, True, "yes"), (True, True, False, "no"), (False, None, None, None),
    ]  # fmt: skip
    events = "SELECT kind, from_status, to_status FROM request_event WHERE request_id = (SELECT min(id) FROM request)"
    assert asked(events + " ORDER BY happened_at, id") == [
        ("imported", None, "received"), ("status", "received", "resolved"), ("status", "resolved", "called_back"),
        ("status", "called_back", "closed"),
    ]  # fmt: skip
    first = asked("SELECT details FROM request_event WHERE kind = 'imported' ORDER BY id LIMIT 1")[0]
    assert first == {"category": "供水", "status": "已归档", "system": "12345", "number": "gd-1"}
    [number] = asked("SELECT number FROM request WHERE external_id = 'gd-1'")
    assert number.startswith("260102-")


def test_who_called_is_kept_nowhere(city: SmallCity, tmp_path: Path) -> None:
    bring(orders(tmp_path), "requests")
    tables = ("request", "request_event", "call_back", "import_run", "import_finding", "audit_entry")
    dumped = "".join(
        str(row) for table in tables for row in asked(f"SELECT query_to_xml('TABLE {table}', true, true, '')::text")
    )
    assert not [word for word in ("王秀兰", "李强", "19900004321", "19900004322") if word in dumped]
    assert "gd-1" in dumped
    assert city


def test_the_same_file_again_adds_nothing_and_another_system_has_numbers_of_its_own(
    city: SmallCity, tmp_path: Path
) -> None:
    bring(orders(tmp_path), "requests")
    later = orders(
        tmp_path, ("gd-4", "2026-01-06", "电梯故障", None, None, None, "金桂花园1号楼", "待签收", *[None] * 4)
    )
    assert changed(bring(later, "requests")) == (1, 0, 3)
    assert changed(bring(orders(tmp_path), "requests", mapping={"system": "=district desk"})) == (3, 0, 0)
    assert city


def test_a_later_export_brings_known_requests_up_to_date_and_an_older_one_changes_nothing(
    city: SmallCity, tmp_path: Path
) -> None:
    header = "工单编号,来电时间,诉求类别,地址,派单时间,办理状态,办结时间,归档时间,回访时间,回访结果,是否解决,满意度"
    came = ("2026-01-02 13:05", "供水", "金桂花园2号楼1单元")

    def day(*rows: tuple[object, ...]) -> tuple[int, int, int]:
        listed = [(row[0], *came, *row[1:], *[None] * (9 - len(row))) for row in rows]
        return changed(bring(csv_file(tmp_path / "工单.csv", header, listed), "requests"))

    sent, solved = "2026-01-02 14:00", "2026-01-03 09:00"
    first = (("a", sent, "已派单"), ("b", None, "待受理"), ("c", sent, "已办结", solved), ("d", None, "待受理"))
    assert day(*first) == (4, 0, 0)
    [moved] = asked("SELECT id FROM request WHERE external_id = 'd'")
    with writing(OPERATOR) as session:
        move_request(session, moved, "accept", version=1)
    answered = ("2026-01-04 10:00", "成功", "否", "不满意")
    later = (
        ("a", sent, "已归档", solved, "2026-01-05 09:00", "2026-01-04 10:00", "成功", "是", "满意"),
        ("b", sent, "办理中"), ("c", sent, "重办", None, None, *answered), ("d", sent, "已办结", solved),
    )  # fmt: skip
    assert day(*later) == (0, 3, 1)
    assert asked("SELECT status FROM request ORDER BY external_id") == ["closed", "in_progress", "reopened", "accepted"]
    assert asked("SELECT detail ->> 'value' FROM import_finding WHERE code = 'request_worked_on'") == asked(
        "SELECT number FROM request WHERE external_id = 'd'"
    )
    steps = (
        "SELECT e.from_status, e.to_status FROM request_event e JOIN request r ON r.id = e.request_id "
        "WHERE e.kind = 'imported' AND e.from_status IS NOT NULL AND r.external_id = :one ORDER BY e.id"
    )
    assert asked(steps, one="a") == [("dispatched", "resolved"), ("resolved", "called_back"), ("called_back", "closed")]
    assert asked(steps, one="b") == [("received", "dispatched"), ("dispatched", "in_progress")]
    assert asked(steps, one="c") == [("resolved", "called_back"), ("called_back", "reopened")]
    assert asked("SELECT solved FROM call_back ORDER BY request_id") == [True, False]
    assert (day(*later), day(*first), day(*later)) == ((0, 0, 4), (0, 0, 4), (0, 0, 4))
    with pytest.raises(Conflict, match="brought requests up to date"):
        take_back(asked("SELECT id FROM import_run ORDER BY id")[1])
    again = ("c", "2026-01-06 09:00", "已办结", "2026-01-07 09:00")
    assert (day(again), day(*later)) == ((0, 1, 0), (0, 0, 4))
    assert asked("SELECT status, resolved_at::date::text, reopened_times FROM request WHERE external_id = 'c'") == [
        ("resolved", "2026-01-07", 1)
    ]


def test_an_import_goes_as_a_whole_until_somebody_has_worked_on_it(city: SmallCity, tmp_path: Path) -> None:
    done = bring(orders(tmp_path), "requests")
    assert take_back(done.run_id).removed == 3
    left = [asked(f"SELECT count(*) FROM {table}")[0] for table in ("request", "request_event", "call_back")]
    assert left == [0, 0, 0]
    done = bring(orders(tmp_path), "requests")
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE request SET version = 2, status = 'accepted' WHERE external_id = 'gd-3'"))
    with pytest.raises(Conflict, match="were changed since"):
        take_back(done.run_id)
    assert city


def test_a_point_decides_the_community_and_every_doubt_has_its_cause(city: SmallCity, tmp_path: Path) -> None:
    with owner_engine().begin() as owner:
        outline = "SELECT ST_Multi(ST_MakeEnvelope(115.945, 36.42, 115.947, 36.44, 4326))"
        owner.execute(
            text(
                "INSERT INTO area (level, code, name, pinyin, geom, parent_id) "
                f"SELECT 'community', 'small', '小社区', 'x', ({outline}), parent_id FROM area WHERE code = 'north'"
            )
        )
    in_two = (115.946, 36.43)
    rows = [
        ("a", "Rubbish and cleaning", "1/15/26 0:05", None, "Open", None, *IN_NORTH, "x 1"),
        ("b", "noise", "01/15/2026 11:59:58 PM", None, "Open", "south", *IN_NORTH, "x 2"),
        ("c", "noise", "1/15/2026", None, "Open", "south", *in_two, None),
        ("d", "noise", "1/15/2026", None, "Open", None, *in_two, None),
        ("e", "noise", "1/15/2026", None, "Open", "north", None, None, None),
        ("f", "noise", "1/15/2026", None, "Open", "north", 0, 0, None),
        ("g", "noise", "1/15/2026", None, "Open", "north", *NOWHERE, None),
        ("h", "noise", "1/15/2026", None, "Open", None, *NOWHERE, None),
        ("i", "noise", "1/15/2026", None, "Open", None, None, None, None),
        ("j", "noise", "1/15/2026", None, "Open", "elsewhere", *IN_SOUTH, None),
    ]
    done = bring(export(tmp_path, *rows), "requests")
    found = {row[0]: (row[5], row[8]) for row in asked(STORED)}
    assert found == {
        "a": ("point", "north"), "b": ("point", "north"), "c": ("point", "south"), "d": ("point", "small"),
        "e": ("community", "north"), "f": ("community", "north"), "g": ("point", "north"), "j": ("point", "south"),
    }  # fmt: skip
    assert codes(done) == {
        "request_other_community": 1, "request_in_two": 2, "request_no_point": 2, "request_outside": 1,
        "request_outside_all": 1, "request_no_place": 1, "community_not_here": 1,
    }  # fmt: skip
    assert asked("SELECT external_system FROM request LIMIT 1") == ["other city"]
    assert city


def test_impossible_times_are_told_by_row(city: SmallCity, tmp_path: Path) -> None:
    rows = [
        ("a", "noise", "2026-01-05 10:00", "2026-01-05 09:00", "Closed", None, *IN_NORTH, None),
        ("b", "noise", "2999-01-05", None, "Open", None, *IN_NORTH, None),
        ("c", "noise", "2026-01-05", "2999-01-05", "Closed", None, *IN_NORTH, None),
        ("d", "noise", "soon", None, "Open", None, *IN_NORTH, None),
        ("e", "noise", None, None, "Open", None, *IN_NORTH, None),
        ("f", "noise", "2026-01-05", "later", None, None, *IN_NORTH, None),
        ("g", "noise", "2026-01-05", "2026-01-06", "Open", None, *IN_NORTH, None),
        ("h", "noise", "2026-01-05", "2026-01-06", None, None, *IN_NORTH, None),
        ("h", "noise", "2026-01-05", "2026-01-06", None, None, *IN_NORTH, None),
    ]
    done = bring(export(tmp_path, *rows), "requests")
    assert codes(done) == {
        "moment_before_received": 1, "closing_time_unknown": 2, "received_in_future": 1, "moment_in_future": 1,
        "moment_unreadable": 1, "required_missing": 1, "moment_unknown": 1, "closed_but_open": 1, "request_twice": 1,
    }  # fmt: skip
    stored = asked("SELECT external_id, status, closed_at IS NULL, resolved_at IS NULL FROM request ORDER BY id")
    assert stored == [
        ("a", "closed", False, True), ("c", "closed", False, True), ("f", "received", True, True),
        ("g", "received", True, True), ("h", "closed", False, False),
    ]  # fmt: skip
    assert (done.counts["read"], done.counts["refused"], done.counts["new"]) == (9, 4, 5)
    assert city


def test_words_of_another_system_are_told_and_can_be_given_a_meaning(city: SmallCity, tmp_path: Path) -> None:
    path = export(
        tmp_path,
        ("a", "Bulky Items", "2026-01-05", None, "Sleeping", None, *IN_NORTH, None),
        ("b", "Graffiti", "2026-01-05", None, "Open", None, *IN_NORTH, None),
    )
    done = bring(path, "requests", mapping={"category:bulky items": "rubbish", "status:Sleeping": "in_progress"})
    assert [(row[3], row[4]) for row in asked(STORED)] == [("rubbish", "in_progress"), ("other", "received")]
    assert codes(done) == {"category_unknown": 1}
    told = asked("SELECT detail ->> 'listed' FROM import_finding WHERE code = 'categories_unknown'")
    assert told == ["Graffiti (1)"]
    assert city


def test_what_leaves_holds_no_words_of_persons_and_changes_nothing_when_it_comes_back(
    city: SmallCity, tmp_path: Path
) -> None:
    bring(orders(tmp_path), "requests")
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE request SET external_system = NULL, external_id = NULL WHERE external_id = 'gd-3'"))
    for fmt in writers.FORMATS:
        report = writers.export(OPERATOR, ["requests"], fmt, tmp_path / "out")
        content = Path(report.path)
        assert "停水".encode() not in content.read_bytes()
        assert changed(bring(content, "requests")) == (0, 0, 3), fmt
    assert city
    assert settings().time_zone == "Asia/Shanghai"
