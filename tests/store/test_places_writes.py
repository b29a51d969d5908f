"""Drawing, moving, correcting, closing and undoing places in the real database."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.errors import BadInput, Conflict, NotAllowed, NotFound
from geo.people.writes import assign_head, end_holding
from geo.places import reads, writes
from geo.store import versions
from geo.store.session import Actor, reading, writing
from tests.store.small_city import NORTH_ORGANISER, TODAY, SmallCity, build


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


def _box(lon: float, lat: float, size: float = 0.001) -> dict[str, Any]:
    east, north = lon + size, lat + size
    return {"type": "Polygon", "coordinates": [[[lon, lat], [east, lat], [east, north], [lon, north], [lon, lat]]]}


def _point(lon: float, lat: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [lon, lat]}


IN_NORTH_COMPOUND = _box(115.930, 36.428)


def _do(command: Callable[[Any], Any], actor: Actor = OPERATOR) -> Any:
    with writing(actor) as session:
        return command(session)


def _draw(kind: str, geometry: dict[str, Any], actor: Actor = OPERATOR, **fields: Any) -> int:
    return _do(lambda session: writes.draw_place(session, kind, geometry, fields), actor)


def _card(kind: str, place_id: int) -> reads.PlaceCard:
    with reading(OPERATOR) as connection:
        return reads.place_card(connection, kind, place_id)


def _stored(table: str, place_id: int) -> dict[str, Any]:
    with reading(OPERATOR) as connection:
        row = connection.execute(
            text(f"SELECT *, ST_AsText(geom) AS wkt FROM {table} WHERE id = :id"), {"id": place_id}
        )
        found = dict(row.mappings().one())
    return {name: value for name, value in found.items() if name not in ("version", "changed_at", "geom")}


def _undo_last(kind: str, place_id: int) -> None:
    entry = _card(kind, place_id).history[0]
    _do(lambda session: writes.undo_change(session, entry.id))


DRAWINGS: list[tuple[str, dict[str, Any], dict[str, Any], tuple[str, str]]] = [
    ("building", IN_NORTH_COMPOUND, {"number": "9"}, ("compound", "north-c")),
    ("compound", _box(115.942, 36.436, 0.002), {"name": "新苑"}, ("community", "south")),
    ("grid", _box(115.922, 36.422, 0.005), {"name": "一网格"}, ("community", "north")),
    ("community", _box(115.97, 36.46, 0.01), {"name": "湖东社区"}, ("city", "371500")),
    ("unit", _point(115.9265, 36.4241), {"number": "7"}, ("building", "north-b2")),
    ("gate", _point(115.922, 36.4219), {"kind": "main"}, ("compound", "north-c")),
    ("station", _point(115.930, 36.430), {"name": "红旗驿站"}, ("compound", "north-c")),
    ("candidate_site", _point(115.939, 36.439), {"name": "空房"}, ("community", "north")),
]


def test_each_kind_can_be_drawn_and_finds_its_parent_by_where_it_lies(city: SmallCity) -> None:
    for kind, geometry, fields, (parent_kind, parent_code) in DRAWINGS:
        place_id = _do(lambda session, drawn=(kind, geometry, fields): writes.draw_place(session, *drawn))
        card = _card(kind, place_id)
        assert card.code.startswith("g-"), kind
        assert card.parent is not None, kind
        assert card.parent[:2] == (parent_kind, city[parent_code]), kind
        assert [row.action for row in card.history] == ["Drawn"]


def test_a_building_outside_every_compound_waits_for_one_and_is_taken_in_when_moved(city: SmallCity) -> None:
    building = _draw("building", _box(115.937, 36.437), number="77")
    assert _card("building", building).parent == (
        "compound",
        _stored("building", building)["compound_id"],
        "Not assigned yet",
    )
    moved = lambda session: writes.move_place(session, "building", building, IN_NORTH_COMPOUND, expected_version=1)  # noqa: E731
    _do(moved)
    card = _card("building", building)
    assert card.parent == ("compound", city["north-c"], "金桂花园")
    assert card.bounds == pytest.approx((115.930, 36.428, 115.931, 36.429))
    _undo_last("building", building)
    assert _card("building", building).bounds == pytest.approx((115.937, 36.437, 115.938, 36.438))


CROSSED = [[115.93, 36.43], [115.94, 36.44], [115.94, 36.43], [115.93, 36.44], [115.93, 36.43]]
IMPOSSIBLE: list[tuple[str, dict[str, Any], str]] = [
    ("building", _point(115.93, 36.43), "outline"),
    ("gate", IN_NORTH_COMPOUND, "point"),
    ("building", _box(10, 50), "outside the city"),
    ("building", _box(float("nan"), 36.4), "cannot be read"),
    ("gate", _point(float("inf"), 36.4), "not a number"),
    ("building", {"type": "Polygon"}, "cannot be read"),
    ("building", {"type": "Polygon", "coordinates": [[[115.9, 36.4], ["x", "y"]]]}, "cannot be read"),
    ("building", {"type": "Polygon", "coordinates": [CROSSED]}, "not valid"),
    ("unit", _point(115.99, 36.49), "no building within 30 m"),
    ("gate", _point(115.99, 36.49), "no compound within 50 m"),
    ("household", _point(115.93, 36.43), "cannot be drawn"),
]


def test_a_drawing_that_cannot_be_right_is_refused_with_what_to_do(city: SmallCity) -> None:
    for kind, geometry, said in IMPOSSIBLE:
        fields = {"number": "1"} if kind in ("building", "unit") else {}
        with pytest.raises(BadInput, match=said):
            _do(lambda session, drawn=(kind, geometry, fields): writes.draw_place(session, *drawn))


def test_a_name_is_required_where_people_call_a_place_by_it(city: SmallCity) -> None:
    with pytest.raises(BadInput, match="Name is missing"):
        _draw("compound", IN_NORTH_COMPOUND, name="  ")


def test_a_code_or_a_unit_number_is_not_given_twice(city: SmallCity) -> None:
    with pytest.raises(Conflict, match="code north-b1 is taken"):
        _draw("building", IN_NORTH_COMPOUND, code="north-b1")
    _draw("building", IN_NORTH_COMPOUND)
    with pytest.raises(Conflict, match="exactly this shape"):
        _draw("building", IN_NORTH_COMPOUND)
    with pytest.raises(Conflict, match="number"):
        _draw("unit", _point(115.9265, 36.4241), number="1")


def test_correcting_writes_only_what_differs_and_can_be_undone(city: SmallCity) -> None:
    before = _stored("building", city["north-b1"])
    _do(
        lambda session: writes.correct_place(
            session, "building", city["north-b1"], {"floors": "11", "number": "1", "elevator": True}, expected_version=1
        )
    )
    change = _card("building", city["north-b1"]).history[0]
    assert {(row.field, row.before, row.after) for row in change.changes} == {
        ("Floors", "6", "11"),
        ("Elevator", "unknown", "yes"),
    }
    _undo_last("building", city["north-b1"])
    assert _stored("building", city["north-b1"]) == before


def test_an_older_change_of_other_fields_can_be_undone_by_itself(city: SmallCity) -> None:
    place = city["north-b1"]
    _do(lambda session: writes.correct_place(session, "building", place, {"floors": 11}, expected_version=1))
    _do(lambda session: writes.correct_place(session, "building", place, {"households": 44}, expected_version=2))
    first = _card("building", place).history[1]
    _do(lambda session: writes.undo_change(session, first.id))
    assert (_stored("building", place)["floors"], _stored("building", place)["households"]) == (6, 44)
    with pytest.raises(Conflict, match="later"):
        _do(lambda session: writes.undo_change(session, first.id))


MISTAKES: list[tuple[dict[str, Any], str]] = [
    ({"floors": 0}, "from 1 to 200"),
    ({"floors": "six"}, "not a number"),
    ({"households": 2.5}, "number"),
    ({"colour": "red"}, "no field"),
    ({"code": " "}, "missing"),
    ({"floors": 6}, "Nothing"),
    ({"name": "x" * 201}, "longer"),
]


def test_a_correction_that_cannot_be_right_is_refused(city: SmallCity) -> None:
    place = city["north-b1"]
    for fields, said in MISTAKES:
        with pytest.raises(BadInput, match=said):
            _do(lambda session, f=fields: writes.correct_place(session, "building", place, f, expected_version=1))


def test_a_renamed_compound_is_found_by_its_new_pinyin(city: SmallCity) -> None:
    _do(
        lambda session: writes.correct_place(
            session, "compound", city["north-c"], {"name": "凤凰城"}, expected_version=1
        )
    )
    with reading(OPERATOR) as connection:
        assert [hit.name for hit in reads.search_places(connection, "fhc")] == ["凤凰城"]


def test_a_change_made_meanwhile_is_a_conflict_naming_who_and_when(city: SmallCity) -> None:
    place = city["north-b1"]
    _do(
        lambda session: writes.correct_place(session, "building", place, {"floors": 7}, expected_version=1),
        NORTH_ORGANISER,
    )
    for command in (
        lambda session: writes.correct_place(session, "building", place, {"floors": 8}, expected_version=1),
        lambda session: writes.move_place(session, "building", place, IN_NORTH_COMPOUND, expected_version=1),
        lambda session: writes.close_place(
            session, "building", place, on=TODAY, reason="demolished", expected_version=1
        ),
    ):
        with pytest.raises(Conflict, match="organiser-of-the-north changed this on 20"):
            _do(command)


def test_a_building_that_changes_compound_takes_posts_and_holdings_along(city: SmallCity) -> None:
    place = city["north-b2"]
    _do(lambda session: assign_head(session, building_id=place, name="王建国", from_on=TODAY))
    _do(lambda session: assign_head(session, unit_id=city["north-u1"], name="李秀英", from_on=TODAY))
    _do(
        lambda session: writes.correct_place(
            session, "building", place, {}, expected_version=1, parent_id=city["south-c"]
        )
    )
    owners = text(
        "SELECT DISTINCT community_id FROM (SELECT community_id FROM post UNION ALL SELECT community_id FROM holding "
        "UNION ALL SELECT community_id FROM unit) x"
    )
    with reading(OPERATOR) as connection:
        assert connection.scalars(owners).all() == [city["south"]]
    _undo_last("building", place)
    with reading(OPERATOR) as connection:
        assert connection.scalars(owners).all() == [city["north"]]


def test_closing_is_refused_while_something_inside_is_open_and_says_what(city: SmallCity) -> None:
    def close(kind: str, code: str) -> None:
        _do(
            lambda session: writes.close_place(
                session, kind, city[code], on=TODAY, reason="demolished", expected_version=1
            )
        )

    with pytest.raises(Conflict, match=r"2 open places \(Unit 1, Unit 2\)"):
        close("building", "north-b2")
    with pytest.raises(Conflict, match=r"3 open places \(Building 1"):
        close("compound", "north-c")
    with pytest.raises(Conflict, match="1 open places"):
        close("community", "north")
    _do(lambda session: assign_head(session, building_id=city["north-b1"], name="王建国", from_on=TODAY))
    with pytest.raises(Conflict, match="王建国 still hold"):
        close("building", "north-b1")


def test_closing_a_building_closes_its_vacant_post_and_undo_opens_both(city: SmallCity) -> None:
    place = city["north-b1"]
    holding = _do(lambda session: assign_head(session, building_id=place, name="王建国", from_on=TODAY))
    _do(lambda session: end_holding(session, holding, on=TODAY, reason="moved away"))
    _do(
        lambda session: writes.close_place(
            session, "building", place, on=TODAY, reason="demolished", expected_version=1
        )
    )
    assert _card("building", place).closed_on == TODAY
    with reading(OPERATOR) as connection:
        assert reads.counts(connection)["post"] == 0
        assert reads.search_places(connection, "金桂花园 1") == []
    with pytest.raises(Conflict, match="closed"):
        _do(lambda session: writes.correct_place(session, "building", place, {"floors": 8}, expected_version=2))
    _undo_last("building", place)
    assert _card("building", place).closed_on is None
    with reading(OPERATOR) as connection:
        assert reads.counts(connection)["post"] == 1


def test_a_building_does_not_open_again_in_a_closed_compound(city: SmallCity) -> None:
    for code in ("north-u1", "north-u2"):
        _do(lambda session, code=code: writes.close_place(
            session, "unit", city[code], on=TODAY, reason="demolished", expected_version=1))  # fmt: skip
    for number in (1, 2, 3):
        place = city[f"north-b{number}"]
        _do(lambda session, place=place: writes.close_place(
            session, "building", place, on=TODAY, reason="demolished", expected_version=1))  # fmt: skip
    _do(
        lambda session: writes.close_place(
            session, "compound", city["north-c"], on=TODAY, reason="gone", expected_version=1
        )
    )
    with pytest.raises(Conflict, match="belongs to is closed"):
        _undo_last("building", city["north-b1"])


def test_undo_of_a_drawing_removes_the_place_and_undo_of_that_brings_it_back(city: SmallCity) -> None:
    building = _draw("building", IN_NORTH_COMPOUND, number="9")
    before = _stored("building", building)
    entry = _card("building", building).history[0]
    undone = _do(lambda session: writes.undo_change(session, entry.id))
    with pytest.raises(NotFound):
        _card("building", building)
    _do(lambda session: writes.undo_change(session, undone))
    assert _stored("building", building) == before


def test_undo_of_a_drawing_is_refused_once_something_stands_on_it(city: SmallCity) -> None:
    building = _draw("building", IN_NORTH_COMPOUND, number="9")
    drawn = _card("building", building).history[0]
    _draw("unit", _point(115.9305, 36.4285), number="1")
    with pytest.raises(Conflict, match="depend"):
        _do(lambda session: writes.undo_change(session, drawn.id))


def test_each_change_is_one_audit_entry_and_raises_the_version_of_places(city: SmallCity) -> None:
    def state() -> tuple[int, int]:
        with reading(OPERATOR) as connection:
            entries = connection.scalar(text("SELECT count(*) FROM audit_entry"))
            return entries or 0, versions.current(connection)["places"]

    before = state()
    building = _draw("building", IN_NORTH_COMPOUND, number="9")
    _do(lambda session: writes.correct_place(session, "building", building, {"floors": 8}, expected_version=1))
    _undo_last("building", building)
    assert state() == (before[0] + 3, before[1] + 3)


def test_nobody_changes_places_outside_their_communities(city: SmallCity) -> None:
    in_south = _box(115.950, 36.428)
    with pytest.raises(NotAllowed, match="outside the communities"):
        _draw("building", in_south, NORTH_ORGANISER, number="9")
    with pytest.raises(NotFound):
        _do(
            lambda session: writes.correct_place(
                session, "building", city["south-b1"], {"floors": 8}, expected_version=1
            ),
            NORTH_ORGANISER,
        )
    south = _draw("building", in_south, number="9")
    entry = _card("building", south).history[0]
    with pytest.raises(NotFound):
        _do(lambda session: writes.undo_change(session, entry.id), NORTH_ORGANISER)
    assert _draw("building", IN_NORTH_COMPOUND, NORTH_ORGANISER, number="9") > south


def test_drawing_needs_a_city(clean_store: object) -> None:
    with pytest.raises(BadInput, match="no city yet"):
        _draw("building", IN_NORTH_COMPOUND, number="1")
