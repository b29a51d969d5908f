"""Organisations and gates from files: where they belong, what is refused, undo, the list."""

from pathlib import Path

import pytest

from geo.governance.reads import organisations
from geo.store.session import reading
from tests.store.exchanging import ADMINISTRATOR, asked, bring, changed, csv_file, take_back
from tests.store.small_city import NORTH_ORGANISER, build

pytestmark = pytest.mark.usefixtures("clean_store")


def listed(actor: object = ADMINISTRATOR) -> list[tuple[str, str, str | None]]:
    with reading(actor) as connection:  # type: ignore[arg-type]
        return [(one.name, one.community, one.compound) for one in organisations(connection)]


def organised(path: Path) -> Path:
    rows = [
        ("o1", "金桂党支部", "党支部", "north", None, None),
        ("o2", "金桂业委会", "业主委员会", None, "north-c", None),
        (None, "水城物业", "物业公司", None, "south-c", None),
        ("o4", "银杏志愿队", "志愿服务队", None, None, "银杏小区"),
        ("o5", "无处物业", "物业公司", None, None, None),
        ("o6", "某会", "俱乐部", "north", None, None),
    ]
    return csv_file(path / "o.csv", "code,name,kind,community_code,compound_code,compound_name", rows)


def test_organisations_belong_to_a_community_or_a_compound(tmp_path: Path) -> None:
    build()
    done = bring(organised(tmp_path), "organisations")
    assert (changed(done), done.counts["refused"]) == ((4, 0, 0), 2)
    assert sorted(listed()) == sorted(
        [
            ("金桂党支部", "金桂社区", None),
            ("金桂业委会", "金桂社区", "金桂花园"),
            ("水城物业", "银杏社区", "银杏小区"),
            ("银杏志愿队", "银杏社区", "银杏小区"),
        ]
    )
    assert {name for name, _community, _compound in listed(NORTH_ORGANISER)} == {"金桂党支部", "金桂业委会"}
    assert asked("SELECT code FROM organisation WHERE name = '水城物业'") == ["south-c-水城物业"]
    assert changed(bring(organised(tmp_path), "organisations")) == (0, 0, 4)


def test_gates_belong_to_the_compound_named_or_nearest(tmp_path: Path) -> None:
    city = build()
    rows = [
        ("g1", "正门", "north-c", "POINT (115.922 36.427)"),
        ("g2", "侧门", None, "POINT (115.93205 36.427)"),
        ("g3", None, None, "POINT (115.99 36.49)"),
    ]
    done = bring(csv_file(tmp_path / "g.csv", "code,kind,compound_code,wkt", rows), "gates")
    assert (changed(done), done.counts["refused"]) == ((2, 0, 0), 1)
    assert asked("SELECT compound_id FROM gate ORDER BY code") == [city["north-c"]] * 2
    assert asked("SELECT kind FROM gate ORDER BY code") == ["main", "side"]
    take_back(done.run_id)
    assert asked("SELECT count(*) FROM gate") == [0]
