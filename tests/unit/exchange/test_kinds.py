import pytest
from sqlalchemy import CheckConstraint

from geo.access.tables import RISK_CLASSES
from geo.errors import BadInput
from geo.exchange.fields import GEOMETRIES, TYPES
from geo.exchange.kinds import KINDS, kind_named
from geo.exchange.spellings import plain
from geo.store.metadata import all_tables

TABLES = all_tables().tables
REFERENCES = {
    "parent_code",
    "compound_code",
    "compound_name",
    "community_code",
    "building_code",
    "unit_code",
    "unit_number",
    "address",
}
OF_PEOPLE = {"posts", "volunteers", "care_needs", "requests"}
"""Kinds whose rows become several records: persons, posts, offers, needs, requests with their history."""


def test_all_kinds_of_the_command_line_are_there() -> None:
    assert list(KINDS) == [
        "areas",
        "compounds",
        "gates",
        "buildings",
        "units",
        "households",
        "roads",
        "stations",
        "candidates",
        "organisations",
        "posts",
        "volunteers",
        "care_needs",
        "requests",
    ]


def test_an_unknown_kind_lists_the_kinds() -> None:
    with pytest.raises(BadInput, match="areas, compounds"):
        kind_named("castles")


@pytest.mark.parametrize(
    "kind", [kind for kind in KINDS.values() if kind.name not in OF_PEOPLE], ids=lambda kind: kind.name
)
def test_fields_are_columns_of_the_table_or_references(kind) -> None:
    columns = set(TABLES[kind.table].columns.keys())
    assert set(kind.field_names) - REFERENCES <= columns


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_types_geometries_and_synonyms_are_sound(kind) -> None:
    assert kind.geometry in GEOMETRIES
    assert {item.type for item in kind.fields} <= set(TYPES)
    assert kind.parent is None or kind.parent in kind.field_names
    for item in kind.fields:
        assert plain(item.name) in {plain(word) for word in item.synonyms} | {plain(item.name)}
        assert (item.type == "choice") == bool(item.choices)
        assert all(plain(word) == word for word in item.factors)


def test_choices_of_a_roster_of_needs_are_the_risk_classes() -> None:
    assert set(KINDS["care_needs"].field("risk_class").choices.values()) == set(RISK_CLASSES)


def test_choices_are_those_the_tables_allow() -> None:
    for kind in KINDS.values():
        for item in kind.fields:
            if item.type != "choice" or kind.name in OF_PEOPLE:
                continue
            rule = next(
                constraint
                for constraint in TABLES[kind.table].constraints
                if isinstance(constraint, CheckConstraint) and str(constraint.sqltext).startswith(f"{item.name} IN")
            )
            assert all(f"'{code}'" in str(rule.sqltext) for code in item.choices.values())
