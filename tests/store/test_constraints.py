"""What the database itself refuses, whoever writes: shapes, bounds, counts, blank names, seats held twice."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import DataError, IntegrityError

from geo.store.base import MAX_VERTICES
from geo.store.session import owner_engine
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
