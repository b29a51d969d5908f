"""The house as it stands: every room keeps the rules of tests/house/rules.py."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import rules
from tests.house.sources import Source, files, product, sources

ENVIRONMENT_READERS = {
    "geo/settings.py": "the one reader",
    "geo/exchange/__init__.py": "GDAL reads OGR_SKIP from the environment, before pyogrio is imported",
}
"""Who touches the environment, and why."""

EVERYWHERE = (
    rules.imports_go_up_the_stairs,
    rules.rooms_keep_foreign_things_out,
    rules.rules_have_no_clock,
    rules.sizes_are_kept,
    rules.comments_are_rare,
    rules.names_say_something,
    rules.public_things_are_described,
    rules.errors_are_not_swallowed,
    rules.prints_and_promises,
)


@pytest.mark.parametrize("rule", EVERYWHERE, ids=lambda rule: rule.__name__)
def test_the_product_keeps_the_rule(rule: Callable[[Source], Iterator[str]]) -> None:
    found = [line for source in product() for line in rule(source)]
    assert not found, "\n".join(["", *found])


@pytest.mark.parametrize(
    "rule", [rules.sizes_are_kept, rules.names_say_something, rules.errors_are_not_swallowed], ids=lambda r: r.__name__
)
def test_the_tests_keep_the_rule(rule: Callable[[Source], Iterator[str]]) -> None:
    found = [line for source in sources("tests") for line in rule(source)]
    assert not found, "\n".join(["", *found])


def test_only_settings_read_the_environment() -> None:
    readers = {source.name: list(rules.only_settings_read_the_environment(source)) for source in product()}
    found = [line for name, lines in readers.items() if name not in ENVIRONMENT_READERS for line in lines]
    assert not found, "\n".join(["", *found])


def test_tests_are_sentences_and_never_skipped() -> None:
    found = []
    for source in sources("tests"):
        found += [
            f"{source.name}:{function.lineno} {function.name} is no sentence"
            for function in source.functions()
            if function.name.startswith("test_") and function.name.count("_") < 3
        ]
        found += [
            f"{source.name} leaves a test out with {word}"
            for word in ("pytest" + ".skip", "mark" + ".skip", "mark" + ".xfail", "pytest" + ".xfail")
            if word in source.text
        ]
    assert not found, "\n".join(["", *found])


def test_pages_have_the_names_of_addresses() -> None:
    names = [name for name in files() if name.startswith("pages/") and name.endswith(".py")]
    odd = [name for name in names if not re.fullmatch(r"pages/(parts/)?[a-z_]+\.py", name)]
    assert names
    assert not odd


def test_no_test_pretends_to_have_a_database() -> None:
    found = [
        f"{source.name}:{line} imports {name}"
        for source in sources("tests")
        for line, name in source.imports()
        if name.startswith(("unittest.mock", "mock", "pytest_mock"))
    ]
    assert not found


def test_every_query_file_is_read_by_its_room() -> None:
    queries = [name for name in files() if name.startswith("geo/") and name.endswith(".sql")]
    programs = {name: "".join(source.text for source in sources(name)) for name in {_room_of(name) for name in queries}}
    unread = [name for name in queries if not _is_called(Path(name).stem, programs[_room_of(name)])]
    assert queries
    assert not unread


def _room_of(name: str) -> str:
    return name.partition("/sql/")[0]


def _is_called(stem: str, program: str) -> bool:
    """Tell whether a program names a query file: in full, or as one of a family (place_{kind}, {kind}_near)."""
    first = any(stem.startswith(family) for family in re.findall(r"(\w+_)\{", program))
    return first or stem in program or any(stem.endswith(family) for family in re.findall(r"\}(_\w+)", program))
