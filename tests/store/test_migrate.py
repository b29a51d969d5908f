import pytest
from sqlalchemy import text

from geo.store import migrate
from geo.store.cluster import Cluster
from geo.store.session import owner_engine

OURS = text(
    "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace"
    " AND c.relkind IN ('r', 'v', 'm', 'S')"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')"
    " AND c.relname <> 'alembic_version'"
    " UNION ALL SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace"
    " AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')"
)


def ours() -> set[str]:
    with owner_engine().connect() as connection:
        return set(connection.execute(OURS).scalars())


def revision() -> str | None:
    with owner_engine().connect() as connection:
        return migrate.revision(connection)


def test_down_leaves_nothing_and_up_brings_everything_back(clean_store: Cluster) -> None:
    before = ours()
    assert {"area", "compound", "building", "holding", "audit_entry"} <= before
    migrate.downgrade("base")
    assert ours() == set()
    assert revision() is None
    migrate.upgrade()
    assert ours() == before
    assert revision() == migrate.head()


def test_the_tables_of_the_code_and_of_the_migrations_agree(clean_store: Cluster) -> None:
    assert migrate.differences() == []


def test_a_difference_is_noticed(clean_store: Cluster) -> None:
    with owner_engine().begin() as connection:
        connection.execute(text("ALTER TABLE area DROP COLUMN pinyin"))
    assert [difference[0] for difference in migrate.differences()] == ["add_column"]


def test_migrating_twice_changes_nothing(clean_store: Cluster, capsys: pytest.CaptureFixture[str]) -> None:
    before = ours()
    migrate.upgrade()
    assert ours() == before
    assert capsys.readouterr().out == ""
