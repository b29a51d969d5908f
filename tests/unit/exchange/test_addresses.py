import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.exchange.addresses import PlaceIndex, building_number, chinese_number, parsed_address, unit_number

NUMERALS = "零一二三四五六七八九"


@pytest.mark.parametrize(
    "written",
    [
        "花园小区3号楼2单元", "花园小区３号楼２单元", "花园小区三号楼二单元", "花园小区3栋2单元", "花园小区3幢二单元",
        "花园小区 3# 2单元", "花园小区3#楼2单元", "花园小区第3号楼第2单元", "花园小区03号楼02单元",
        "花园小区3-2", "花园小区3-2-501",
        "花园小区，3号楼（2单元）501室",
    ],
)  # fmt: skip
def test_one_place_in_many_writings_is_one_address(written: str) -> None:
    assert parsed_address(written).key == "花园小区3号楼2单元"


@pytest.mark.parametrize(
    ("written", "short"),
    [
        ("山东省聊城市东昌府区柳园街道花园小区3号楼", "花园小区3号楼"),
        ("聊城市东昌府区花园小区3号楼", "花园小区3号楼"),
        ("柳园街道办事处古城社区花园小区3号楼", "花园小区3号楼"),
        ("花园小区3号楼", "花园小区3号楼"),
        ("阳光社区3号楼", "阳光社区3号楼"),
    ],
)
def test_what_stands_above_the_compound_can_be_left_out(written: str, short: str) -> None:
    assert parsed_address(written).short.key == short


def test_a_street_number_is_no_building() -> None:
    assert parsed_address("柳园路12号").building is None
    assert parsed_address("柳园南路12号3号楼").building == "3"


def test_letters_are_building_numbers_too() -> None:
    assert parsed_address("阳光家园A座").building == "a"
    assert building_number("B栋") == "b"


@pytest.mark.parametrize(
    ("cell", "number"), [("3", "3"), ("3号", "3"), ("3号楼", "3"), ("十二栋", "12"), ("3#", "3"), ("", None)]
)
def test_a_cell_with_a_building_gives_its_number(cell: str, number: str | None) -> None:
    assert building_number(cell) == number


@pytest.mark.parametrize(("cell", "number"), [("2", "2"), ("2单元", "2"), ("二单元", "2"), ("02", "2")])
def test_a_cell_with_a_unit_gives_its_number(cell: str, number: str) -> None:
    assert unit_number(cell) == number


@given(st.integers(1, 99))
def test_numerals_up_to_ninety_nine_are_read(number: int) -> None:
    tens, ones = divmod(number, 10)
    written = ("" if tens <= 1 else NUMERALS[tens]) + ("十" if tens else "") + (NUMERALS[ones] if ones else "")
    assert chinese_number(written) == number


@given(st.text(max_size=40))
def test_no_text_breaks_the_reading_of_addresses(text: str) -> None:
    assert isinstance(parsed_address(text).short.key, str)


def index(*places: tuple[object, ...]) -> PlaceIndex:
    columns = ["kind", "id", "code", "name", "address", "compound", "number", "lon", "lat"]
    return PlaceIndex(pd.DataFrame([(*place, 115.98, 36.45) for place in places], columns=columns))


def test_a_building_is_found_by_address_by_compound_and_by_code() -> None:
    places = index(("building", 1, "B1", "3", "柳园路12号花园小区3号楼", "花园小区", "3号楼"))
    assert places.by_code("building", "B1").found == 0
    assert places.by_address("building", parsed_address("花园小区3栋")).found == 0
    assert places.by_address("building", parsed_address("聊城市柳园路12号花园小区3#楼")).found == 0
    assert places.by_address("unit", parsed_address("花园小区3栋")).found is None


def test_two_buildings_at_one_address_are_not_told_apart() -> None:
    places = index(("building", 1, "B1", "3", None, "花园小区", "3"), ("building", 2, "B2", "3", None, "花园小区", "3"))
    match = places.by_address("building", parsed_address("花园小区3号楼"))
    assert match.found is None
    assert match.positions == (0, 1)


def test_the_nearest_writing_comes_first_and_nonsense_proposes_nothing() -> None:
    places = index(
        ("building", 1, "B1", "3", None, "花园小区", "3"),
        ("building", 2, "B2", "4", None, "花园小区", "4"),
        ("building", 3, "B3", "3", None, "化园小区", "3"),
        ("unit", 4, "U1", "3", None, "花园小区", "1"),
    )
    assert places.label(places.nearest("building", "花圆小区3号楼")[0]) in {
        "花园小区3号楼",
        "化园小区3号楼",
    }
    assert places.nearest("building", "qwerty") == []
    assert places.label(3) == "花园小区3号楼1单元"
