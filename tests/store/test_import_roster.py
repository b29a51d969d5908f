"""Rosters: posts, persons and holdings from a spreadsheet."""

from pathlib import Path

import pytest
from sqlalchemy import text

from geo.access import keys, rotation
from geo.access.actor import OPERATOR
from geo.access.contacts import sealed_contact
from geo.errors import BadInput
from geo.store.session import owner_engine
from tests.contacts import phones
from tests.store.exchanging import asked, bring, changed, csv_file, snapshot, square, take_back

pytestmark = pytest.mark.usefixtures("clean_store")

HEADER = "小区,楼号,岗位,姓名,电话,任职时间,到期时间"
NOW = """SELECT n.name, n.id, h.from_on::text, h.to_on::text, b.code FROM holding h
JOIN person n ON n.id = h.person_id JOIN post p ON p.id = h.post_id JOIN building b ON b.id = p.building_id
ORDER BY b.code, h.from_on"""


def now() -> list[tuple[object, ...]]:
    """Who holds which building from when to when, with the numbers opened."""
    numbers = phones()
    return [(name, numbers.get(person), *term) for name, person, *term in asked(NOW)]


@pytest.fixture(autouse=True)
def houses(tmp_path: Path, clean_store: object) -> None:
    compounds = [("c1", "金桂花园", square(0, 0, 0.002)), ("c2", "湖畔小区", square(0.004, 0, 0.002))]
    bring(csv_file(tmp_path / "c.csv", "code,name,wkt", compounds), "compounds")
    rows = [(f"b{n}", n, f"金桂花园{n}号楼", square(0.0001 + 0.0003 * n, 0.0002)) for n in range(1, 5)]
    rows += [("l1", 1, "湖畔小区1号楼", square(0.0042, 0.0002))]
    bring(csv_file(tmp_path / "b.csv", "code,number,address,wkt", rows), "buildings")


def roster(path: Path, *rows: tuple[object, ...]) -> Path:
    return csv_file(path / "名册.csv", HEADER, rows)


def test_a_roster_seats_its_heads_and_shows_the_other_buildings_as_vacant(tmp_path: Path) -> None:
    path = roster(tmp_path, ("金桂花园", "1号楼", "楼栋长", "林秀英", "13800000001", "2024-03-01", "2027-03-01"),
                  ("金桂花园", "2", "楼长", "周建国", None, "2025-01-01", None))  # fmt: skip
    done = bring(path, "posts")
    assert changed(done) == (2, 0, 0)
    assert now() == [
        ("林秀英", "13800000001", "2024-03-01", "2027-03-01", "b1"),
        ("周建国", None, "2025-01-01", None, "b2"),
    ]
    vacant = asked(
        "SELECT b.code FROM post p JOIN building b ON b.id = p.building_id "
        "WHERE NOT EXISTS (SELECT FROM holding h WHERE h.post_id = p.id) ORDER BY 1"
    )
    assert vacant == ["b3", "b4"]
    assert asked("SELECT count(*) FROM post p JOIN building b ON b.id = p.building_id WHERE b.code = 'l1'") == [0]
    assert changed(bring(path, "posts")) == (0, 0, 2)
    assert asked("SELECT count(*) FROM person") == [2]


def test_a_new_holder_ends_the_old_term_and_nothing_is_overwritten(tmp_path: Path) -> None:
    bring(roster(tmp_path, ("金桂花园", "1", "楼长", "林秀英", "13800000001", "2024-03-01", None)), "posts")
    done = bring(roster(tmp_path, ("金桂花园", "1", "楼长", "周建国", "13800000002", "2026-01-01", None)), "posts")
    assert changed(done) == (1, 1, 0)
    assert now() == [
        ("林秀英", "13800000001", "2024-03-01", "2026-01-01", "b1"),
        ("周建国", "13800000002", "2026-01-01", None, "b1"),
    ]
    assert asked("SELECT end_reason FROM holding WHERE to_on IS NOT NULL") == ["名册.csv"]
    take_back(done.run_id)
    assert now() == [("林秀英", "13800000001", "2024-03-01", None, "b1")]
    assert asked("SELECT name FROM person") == ["林秀英"]


def test_two_persons_on_one_seat_are_refused_with_the_reason(tmp_path: Path) -> None:
    path = roster(
        tmp_path,
        ("金桂花园", "1", "楼长", "林秀英", None, "2024-03-01", None),
        ("金桂花园", "1", "楼长", "周建国", None, "2025-03-01", None),
    )
    done = bring(path, "posts")
    assert (changed(done), done.counts["refused"], done.findings) == ((1, 0, 0), 1, {"seat_twice": 1})
    late = bring(roster(tmp_path, ("金桂花园", "1", "楼长", "吴桂芳", None, "2023-01-01", None)), "posts")
    assert (changed(late), late.findings) == ((0, 0, 0), {"seat_taken": 1})
    assert asked("SELECT detail FROM import_finding WHERE code = 'seat_taken'") == [
        {"holder": "林秀英", "since": "2024-03-01"}
    ]


def test_terms_that_follow_each_other_are_all_kept(tmp_path: Path) -> None:
    path = roster(tmp_path, ("金桂花园", "1", "楼长", "周建国", None, "2025-03-01", None),
                  ("金桂花园", "1", "楼长", "林秀英", None, "2022-03-01", "2025-03-01"))  # fmt: skip
    assert changed(bring(path, "posts")) == (2, 0, 0)
    assert changed(bring(path, "posts")) == (0, 0, 2)


def test_one_person_with_two_buildings_is_one_person(tmp_path: Path) -> None:
    path = roster(tmp_path, *(("金桂花园", n, "楼长", "林秀英", "13800000001", "2024-03-01", None) for n in (1, 2, 3)))
    assert changed(bring(path, "posts")) == (3, 0, 0)
    assert asked("SELECT name, pinyin FROM person") == [("林秀英", "linxiuying lxy")]


def test_one_phone_in_many_spellings_is_one_person(tmp_path: Path) -> None:
    bring(roster(tmp_path, ("金桂花园", 1, "楼长", "林秀英", "13800000001", "2024-03-01", None)), "posts")
    spelled = ((1, "138 0000 0001"), (2, "１３８０００００００１"), (3, "138-0000-0001"))
    path = roster(tmp_path, *(("金桂花园", n, "楼长", "林秀英", phone, "2024-03-01", None) for n, phone in spelled))
    assert changed(bring(path, "posts")) == (2, 0, 1)
    assert asked("SELECT count(*) FROM person") == [1]


def test_rows_that_match_no_place_come_with_the_nearest_ones(tmp_path: Path) -> None:
    done = bring(roster(tmp_path, ("金桂花圆", "1", "楼长", "林秀英", None, "2024-03-01", None)), "posts")
    assert (changed(done), done.counts["refused"]) == ((0, 0, 0), 1)
    [detail] = asked("SELECT detail FROM import_finding WHERE code = 'place_unmatched'")
    assert len(detail["proposals"]) == 3
    assert "金桂花园" in "".join(detail["proposals"])


def test_a_row_without_a_first_day_keeps_the_running_term(tmp_path: Path) -> None:
    bring(roster(tmp_path, ("金桂花园", "1", "楼长", "林秀英", None, "2024-03-01", None)), "posts")
    done = bring(roster(tmp_path, ("金桂花园", "1", "楼长", "林秀英", None, None, "2030-01-01")), "posts")
    assert changed(done) == (0, 1, 0)
    assert asked("SELECT from_on::text, to_on::text FROM holding") == [("2024-03-01", "2030-01-01")]


def test_undoing_a_roster_leaves_no_post_and_no_person(tmp_path: Path) -> None:
    before = snapshot()
    done = bring(roster(tmp_path, ("金桂花园", "1", "楼长", "林秀英", None, "2024-03-01", None)), "posts")
    assert snapshot() != before
    take_back(done.run_id)
    assert snapshot() == before


def test_a_roster_before_any_building_says_what_to_do_first(tmp_path: Path) -> None:
    for run_id in (2, 1):
        take_back(run_id)
    with pytest.raises(BadInput, match="Import the buildings first"):
        bring(roster(tmp_path, ("金桂花园", "1", "楼长", "林秀英", None, None, None)), "posts")


def test_a_row_without_a_number_is_the_one_person_of_that_name(tmp_path: Path) -> None:
    bring(roster(tmp_path, ("金桂花园", 1, "楼长", "林秀英", "13800000001", "2024-03-01", None)), "posts")
    again = [("金桂花园", n, "楼长", "林秀英", None, "2024-03-01", None) for n in (1, 2)]
    assert changed(bring(roster(tmp_path, *again), "posts")) == (1, 0, 1)
    assert asked("SELECT count(*) FROM person") == [1]
    namesake = ("金桂花园", 3, "楼长", "林秀英", "13800000009", "2024-03-01", None)
    assert changed(bring(roster(tmp_path, namesake), "posts")) == (1, 0, 0)
    assert asked("SELECT count(*) FROM person") == [2]


def test_numbers_of_a_roster_are_sealed_and_found_again_while_keys_change(tmp_path: Path) -> None:
    path = roster(tmp_path, ("金桂花园", 1, "楼长", "林秀英", "13800000001", "2024-03-01", None))
    bring(path, "posts")
    rotation.rotate(OPERATOR)
    with owner_engine().begin() as owner:
        old = keys.read()[-2]
        [person] = phones()
        sealed, mark = sealed_contact(old, person, "13800000001")
        again = {"sealed": sealed, "mark": mark}
        owner.execute(text("UPDATE personal.contact SET phone_sealed = :sealed, phone_mark = :mark"), again)
    assert changed(bring(path, "posts")) == (0, 0, 1)
    rotation.rotate(OPERATOR)
    assert changed(bring(path, "posts")) == (0, 0, 1)
    assert list(phones().values()) == ["13800000001"]
    with owner_engine().connect() as owner:
        rows = owner.execute(
            text("SELECT n::text || coalesce(f::text, '') FROM person n LEFT JOIN import_finding f ON true")
        )
        assert not [row for row in rows.scalars() if "13800000001" in row]
