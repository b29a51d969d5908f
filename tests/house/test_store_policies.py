"""Row security from the first table on: the migrations switch it on for every table and name its policy."""

import re
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import pytest

from geo.store.metadata import all_tables
from tests.house.sources import MIGRATIONS, ROOT


class Nothing:
    """Stands for the database: a migration that looks at its rows before it changes anything finds none."""

    def execute(self, _statement: object) -> "Nothing":
        return self

    def scalars(self) -> "Nothing":
        return self

    def all(self) -> list[object]:
        return []


class Recorder:
    """Stands for alembic's op: keeps the statements that a migration would run."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def execute(self, statement: object) -> None:
        self.statements.append(str(statement))

    def f(self, name: str) -> str:
        return name

    def get_bind(self) -> Nothing:
        return Nothing()

    def __getattr__(self, _name: str) -> Any:
        return lambda *_arguments, **_named: None


def _statements(path: Path) -> list[str]:
    spec = spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    migration = module_from_spec(spec)
    spec.loader.exec_module(migration)
    recorder = Recorder()
    migration.op = recorder  # type: ignore[attr-defined]
    migration.upgrade()
    return recorder.statements


@pytest.fixture(scope="module")
def statements() -> list[str]:
    return [line for path in sorted((ROOT / MIGRATIONS / "versions").glob("*.py")) for line in _statements(path)]


def _policies(statements: list[str], table: str) -> list[str]:
    return [line for line in statements if re.match(rf"CREATE POLICY \w+ ON {table} ", line)]


def _open() -> list[str]:
    """The tables the app may touch; those of the schema personal are reached by functions only."""
    return [name for name, table in all_tables().tables.items() if table.schema is None]


def test_every_table_has_row_security(statements: list[str]) -> None:
    closed = {line.split()[2] for line in statements if line.endswith("ENABLE ROW LEVEL SECURITY")}
    assert set(all_tables().tables) <= closed


def test_every_table_of_a_community_asks_who_may_see_that_community(statements: list[str]) -> None:
    belonging = [name for name in _open() if "community_id" in all_tables().tables[name].columns]
    lacking = [
        name
        for name in belonging
        if not any("FROM membership" in line or "user_name =" in line for line in _policies(statements, name))
    ]
    assert len(belonging) > 10
    assert not lacking


def test_every_table_the_app_may_touch_has_a_policy(statements: list[str]) -> None:
    lacking = [name for name in _open() if not _policies(statements, name)]
    assert not lacking


def test_no_table_with_personal_data_is_open_to_the_app(statements: list[str]) -> None:
    closed = set(all_tables().tables) - set(_open())
    assert "personal.helped_person" in closed
    given = [line for line in statements if line.startswith("GRANT") and " FUNCTION " not in line]
    assert not [line for line in given for table in closed if table in line]
    assert not [table for table in closed if _policies(statements, table)]
