"""Fields of places: cleaned, checked, never guessed."""

import pytest

from geo.errors import BadInput
from geo.places.fields import FIELDS, checked_fields, missing_fields
from geo.places.rules import CODE_LABELS, FIELD_LABELS


def test_blanks_become_unknown_and_texts_are_cleaned() -> None:
    given = {"number": "　３ ", "name": " ", "address": None, "floors": "6", "elevator": None, "households": 0}
    assert checked_fields("building", given) == {
        "number": "3",
        "name": None,
        "address": None,
        "floors": 6,
        "elevator": None,
        "households": 0,
    }


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("building", {"floors": 201}),
        ("building", {"floors": float("inf")}),
        ("building", {"height_m": "high"}),
        ("building", {"id": 1}),
        ("compound", {"kind": "castle"}),
        ("compound", {"built_year": 999}),
        ("compound", {"name": ""}),
        ("gate", {"kind": "1; DROP TABLE gate"}),
        ("nothing", {"name": "x"}),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(kind: str, given: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        checked_fields(kind, given)


def test_not_a_number_reads_unknown() -> None:
    assert checked_fields("building", {"height_m": float("nan")}) == {"height_m": None}


def test_required_fields_are_named() -> None:
    assert missing_fields("unit", {}) == ["Number"]
    assert missing_fields("building", {}) == []


def test_every_field_and_every_choice_has_words() -> None:
    fields = [field for listed in FIELDS.values() for field in listed]
    assert all(field.name in FIELD_LABELS for field in fields)
    assert all(choice in CODE_LABELS for field in fields for choice in field.choices)


def test_a_name_nobody_sees_is_no_name() -> None:
    with pytest.raises(BadInput, match="Name is missing"):
        checked_fields("compound", {"name": "\u3000\u200b\u3164"})


@pytest.mark.parametrize(("field", "most"), [("name", 200), ("code", 100), ("address", 300)])
def test_a_text_longer_than_its_column_is_refused_with_the_length(field: str, most: int) -> None:
    assert checked_fields("compound", {field: "园" * most}) == {field: "园" * most}
    with pytest.raises(BadInput, match=f"longer than {most} characters"):
        checked_fields("compound", {field: "园" * (most + 1)})


@pytest.mark.parametrize("sign", ["\x00", "\x1b", "\u202e", "\u2067"], ids=ascii)
def test_hidden_signs_are_refused_and_named(sign: str) -> None:
    with pytest.raises(BadInput, match=f"Address holds control signs nobody sees: 湖<{ord(sign):04X}>滨路"):
        checked_fields("building", {"address": f"湖{sign}滨路"})


def test_line_ends_pasted_from_a_spreadsheet_become_blanks() -> None:
    assert checked_fields("building", {"address": "湖滨路\r\n8 号\t"}) == {"address": "湖滨路 8 号"}
