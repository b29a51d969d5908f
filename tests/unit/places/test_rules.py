"""Names of places and what they can be searched by."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from geo.places.rules import (
    DRAWN_KINDS,
    KIND_LABELS,
    PLACE_KINDS,
    BuildingNames,
    building_name,
    joined,
    name_and_number,
    pinyin_of,
)
from geo.places.search_text import cleaned, escaped, folded


@pytest.mark.parametrize(
    ("name", "pinyin"),
    [
        ("金桂花园", "jinguihuayuan jghy"),
        ("重庆路", "chongqinglu cql"),
        ("第3社区", "di3shequ d3sq"),
        ("Old Mill Court", "oldmillcourt omc"),
        ("A座", "azuo az"),
        ("", ""),
        ("——", ""),
        ("🏠", ""),
    ],
)
def test_a_name_can_be_searched_by_full_pinyin_and_initials(name: str, pinyin: str) -> None:
    assert pinyin_of(name) == pinyin


@given(some.text(max_size=40))
def test_pinyin_is_always_lower_case_letters_and_digits(name: str) -> None:
    words = pinyin_of(name).split(" ")
    assert len(words) in (1, 2)
    assert all(word == "" or (word.isascii() and word.isalnum() and word == word.lower()) for word in words)


@pytest.mark.parametrize(
    ("text", "name", "number"),
    [
        ("金桂花园 3", "金桂花园", "3"),
        ("金桂花园3号楼", "金桂花园", "3"),
        ("金桂花园 12 栋", "金桂花园", "12"),
        ("jgh3", "jgh", "3"),
        ("Mill Court 4A", "Mill Court", "4a"),
    ],
)
def test_a_text_is_read_as_compound_and_number(text: str, name: str, number: str) -> None:
    found = name_and_number(text)
    assert found is not None
    assert (found.name, found.number) == (name, number)


@pytest.mark.parametrize("text", ["", "3", "12号楼", "金桂花园", "371502"])
def test_a_text_without_name_or_without_number_is_not_split(text: str) -> None:
    assert name_and_number(text) is None


def test_a_building_is_called_by_what_people_know_first() -> None:
    everything = BuildingNames("金桂花园", "3", "钟楼", "湖滨路 8 号", "b1")
    assert building_name(everything) == "钟楼"
    assert building_name(everything._replace(name=None)) == "金桂花园3号楼"
    assert building_name(everything._replace(name=None, compound=None)) == "湖滨路 8 号"
    assert building_name(everything._replace(name=None, compound=None, address=None)) == "3"
    assert building_name(BuildingNames(None, None, None, None, "b1")) == "b1"


def test_chinese_counters_stand_behind_chinese_names_only() -> None:
    assert joined("金桂花园", "3", "号楼") == "金桂花园3号楼"
    assert joined("Mill Court", "3", "号楼") == "Mill Court 3"
    assert joined("金桂花园", "3号楼", "号楼") == "金桂花园3号楼"


def test_every_kind_has_a_label() -> None:
    assert set(KIND_LABELS) == set(PLACE_KINDS) >= set(DRAWN_KINDS)


@given(some.text(max_size=60))
def test_whatever_is_typed_is_searched_for_as_it_is(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)
    assert folded(text) == "" or folded(text).isalnum()
    assert escaped(text).replace("\\\\", "").count("\\") >= sum(text.count(sign) for sign in "%_") - text.count("\\")
