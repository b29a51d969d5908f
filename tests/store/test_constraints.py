"""What the database itself refuses, whoever writes: shapes, bounds, counts, blank names, seats held twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from geo.store.base import MAX_VERTICES
from geo.store.metadata import all_tables
from geo.store.session import owner_engine
from geo.store.texts import LONGEST, has_hidden, is_blank
from tests.store.small_city import SmallCity, add, build, square

BOWTIE = "MULTIPOLYGON(((115.924 36.424,115.925 36.425,115.925 36.424,115.924 36.425,115.924 36.424)))"
OFF_THE_GLOBE = "MULTIPOLYGON(((190 36.424,191 36.424,191 36.425,190 36.424)))"
SAW = [f"{115.92 + at * 1e-9:.9f} {36.424 + (at % 2) * 1e-9:.9f}" for at in range(MAX_VERTICES)]
TOO_MANY = f"MULTIPOLYGON((({','.join([*SAW, '115.93 36.43', '115.92 36.43', SAW[0]])})))"


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


@pytest.fixture
def owner(city: SmallCity) -> Iterator[Connection]:
    with owner_engine().connect() as connection:
        yield connection
        connection.rollback()


def a_building(city: SmallCity, **other: Any) -> dict[str, Any]:
    fitting = {"code": "new", "geom": square(115.924, 36.424, 0.001)}
    return {"compound_id": city["north-c"], "community_id": city["north"], **fitting, **other}


def test_a_sound_building_is_taken_and_its_unknown_counts_stay_unknown(city: SmallCity, owner: Connection) -> None:
    made = add(owner, "building", **a_building(city))
    row = owner.exec_driver_sql("SELECT households, floors, elevator FROM building WHERE id = %s", (made,)).one()
    assert tuple(row) == (None, None, None)


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"geom": BOWTIE}, "geom_valid"),
        ({"geom": OFF_THE_GLOBE}, "geom_on_globe"),
        ({"geom": TOO_MANY}, "geom_vertices"),
        ({"households": -1}, "households_not_negative"),
        ({"floors": 0}, "floors_plausible"),
        ({"code": "  "}, "code_not_blank"),
        ({"code": "north-b1"}, "code"),
        ({"compound_id": -1}, "compound"),
    ],
    ids=lambda case: case if isinstance(case, str) else "",
)
def test_a_building_that_cannot_be_is_refused_by_its_rule(
    city: SmallCity, owner: Connection, wrong: dict[str, Any], rule: str
) -> None:
    with pytest.raises(IntegrityError) as refused:
        add(owner, "building", **a_building(city, **wrong))
    assert rule in (refused.value.orig.diag.constraint_name or "")  # type: ignore[union-attr]


def test_a_building_is_in_the_community_of_its_compound(city: SmallCity, owner: Connection) -> None:
    with pytest.raises(IntegrityError):
        add(owner, "building", **a_building(city, community_id=city["south"]))


def test_a_blank_name_and_an_area_below_nothing_are_refused(city: SmallCity, owner: Connection) -> None:
    for wrong in ({"name": " ", "parent_id": city["371500"]}, {"name": "无上级社区", "parent_id": None}):
        with pytest.raises(IntegrityError), owner.begin_nested():
            add(owner, "area", level="community", code="east", **wrong)


def test_a_seat_is_held_once_at_a_time_and_handed_over_on_a_day(city: SmallCity, owner: Connection) -> None:
    post = add(owner, "post", kind="building_head", community_id=city["north"], building_id=city["north-b1"])
    person = add(owner, "person", name="王建国", community_id=city["north"])
    held = {"post_id": post, "person_id": person, "community_id": city["north"], "how": "elected"}
    add(owner, "holding", from_on="2024-01-01", to_on="2025-01-01", **held)
    add(owner, "holding", from_on="2025-01-01", **held)
    with pytest.raises(IntegrityError) as refused:
        add(owner, "holding", from_on="2026-01-01", **held)
    assert refused.value.orig.diag.constraint_name == "ex_holding_one_current"  # type: ignore[union-attr]


def test_a_shape_of_another_kind_is_refused(city: SmallCity, owner: Connection) -> None:
    with pytest.raises(DataError, match="does not match column type"):
        add(owner, "building", **a_building(city, geom="POINT(115.924 36.424)"))


def bounded_columns() -> list[tuple[str, str]]:
    rules = [rule for table in all_tables().tables.values() for rule in table.constraints]
    named = [(rule.table.name, str(rule.name).removeprefix(f"ck_{rule.table.name}_")) for rule in rules if rule.name]
    return sorted((table, name.removesuffix("_not_blank")) for table, name in named if name.endswith("_not_blank"))


NAMED = ("code", "name", "number", "room", "address", "phone", "owner", "opening_hours", "barrier")
OF_PLACES = ("city", "area", "compound", "gate", "building", "unit", "household", "walk_edge", "ground", "station",
             "candidate_site", "organisation", "person")  # fmt: skip


def test_every_name_and_code_of_places_and_people_is_bounded() -> None:
    tables = all_tables().tables
    written = {(table, column) for table in OF_PLACES for column in NAMED if column in tables[table].columns}
    assert written <= set(bounded_columns())


def test_the_database_and_the_code_have_the_same_rule_for_every_name(owner: Connection) -> None:
    stored = dict(
        owner.exec_driver_sql(
            "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE '%%\\_not\\_blank'"
        ).all()  # type: ignore[arg-type]
    )
    for table, column in bounded_columns():
        rule = stored[f"ck_{table}_{column}_not_blank"]
        assert "btrim" not in rule
        assert (f"<= {LONGEST.get(column)})" in rule) == (column in LONGEST), (table, column)


SIGNS = ["", " ", "\u3000", "\u200b", "\ufeff", "\u00ad", "\U000e0041", "\t", "\n", "\x1f", "\x7f", "\x9f", "\u2028",
         "\u202a", "\u202e", "\u2066", "\u2069", "\u200e", "\u061c", "\u2800", "\u3164", "\ufffb"]  # fmt: skip


@pytest.mark.parametrize("sign", SIGNS, ids=ascii)
@pytest.mark.parametrize("around", ["", "金桂"])
def test_the_database_judges_a_text_as_the_code_does(
    city: SmallCity, owner: Connection, sign: str, around: str
) -> None:
    text = f"{around}{sign}{around}"
    if is_blank(text) or has_hidden(text):
        with pytest.raises(IntegrityError, match="ck_building_address_not_blank"):
            add(owner, "building", **a_building(city, address=text))
    else:
        add(owner, "building", **a_building(city, address=text))


@pytest.mark.parametrize(("column", "most"), [("code", 100), ("name", 200), ("address", 300)])
def test_a_text_is_as_long_as_its_column_allows(city: SmallCity, owner: Connection, column: str, most: int) -> None:
    add(owner, "building", **a_building(city, **{column: "楼" * most}))
    with pytest.raises(IntegrityError, match=f"ck_building_{column}_not_blank"):
        add(owner, "building", **a_building(city, **{column: "栋" * (most + 1)}))
