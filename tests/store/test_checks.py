import pytest
from sqlalchemy import text

from geo.i18n import use_language
from geo.store import checks, session
from geo.store.cluster import Cluster


def codes(*, as_owner: bool = False) -> list[str]:
    engine = session.owner_engine() if as_owner else session.engine()
    with engine.connect() as connection:
        return [problem.code for problem in checks.store_problems(connection)]


def test_the_private_database_has_no_problems(clean_store: Cluster) -> None:
    assert codes() == []


def test_a_lost_leak_proof_mark_is_reported_with_the_statement_that_helps(clean_store: Cluster) -> None:
    with clean_store.superuser("yizhan") as connection:
        connection.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF")
    use_language("en")
    with session.engine().connect() as connection:
        (problem,) = checks.store_problems(connection)
    assert problem.code == "not_leakproof"
    assert "ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF" in problem.text()


def test_connecting_as_the_owner_of_the_tables_is_reported(clean_store: Cluster) -> None:
    assert codes(as_owner=True) == ["owns_tables"]


@pytest.mark.parametrize("name", ["postgis", "btree_gist", "pg_trgm"])
def test_a_missing_extension_is_reported(clean_store: Cluster, name: str) -> None:
    with clean_store.superuser("yizhan") as connection:
        connection.execute(f"DROP EXTENSION {name} CASCADE")
    assert codes() == ["missing_extension"]


def test_tables_behind_the_program_are_reported(clean_store: Cluster) -> None:
    with session.owner_engine().begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    assert codes() == ["not_migrated"]
