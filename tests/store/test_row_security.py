"""Row security in the real database: every table that belongs to a community, every kind of actor."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from geo.access.actor import OPERATOR
from geo.store.metadata import all_tables
from geo.store.session import Actor, connect, engine, owner_engine, reading, writing
from tests.users import add_user

NORTH = Actor("organiser-north")
NOBODY = Actor("nobody")
OF_USERS = {"user_role"}
"""Roles name a community and are shown to who holds them and to who gives them, not to the community."""
BY_COMMUNITY = sorted(
    name
    for name, table in all_tables().tables.items()
    if "community_id" in table.columns and table.schema is None and name not in OF_USERS
)


@pytest.fixture
def two_communities(demo_store: object) -> tuple[int, int]:
    """The two largest communities of the demo city; NORTH belongs to the first one only."""
    with owner_engine().begin() as owner:
        mine, other = owner.scalars(
            text("SELECT community_id FROM building GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 2")
        ).all()
        add_user(NORTH.name, "organiser", owner=owner, community_id=mine)
    return mine, other


def _count(connection: Connection, table: str) -> int:
    return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def test_every_table_of_the_database_has_row_security_and_a_policy(clean_store: object) -> None:
    with owner_engine().connect() as owner:
        open_tables = owner.scalars(
            text(
                "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                "WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT IN ('spatial_ref_sys', "
                "'alembic_version') AND NOT (c.relrowsecurity AND EXISTS "
                "(SELECT FROM pg_policy p WHERE p.polrelid = c.oid))"
            )
        ).all()
    assert open_tables == []


def test_no_actor_and_an_unknown_actor_see_no_rows(demo_store: object) -> None:
    for table in (*BY_COMMUNITY, "city", "walk_edge", "ground", "job", "import_run"):
        with connect(engine()) as connection, connection.begin():
            assert _count(connection, table) == 0, table
        with reading(NOBODY) as connection:
            assert _count(connection, table) == 0, table


def test_an_actor_of_one_community_sees_its_rows_and_no_others(two_communities: tuple[int, int]) -> None:
    mine, _other = two_communities
    filled = 0
    for table in BY_COMMUNITY:
        belongs = "coalesce(community_id, id)" if table == "area" else "community_id"
        below = " AND level IN ('community', 'grid')" if table == "area" else ""
        with owner_engine().connect() as owner:
            expected = owner.scalar(text(f"SELECT count(*) FROM {table} WHERE {belongs} = {mine}{below}")) or 0
            total = _count(owner, table)
        with reading(NORTH) as connection:
            seen = connection.scalar(text(f"SELECT count(*) FROM {table} WHERE true{below}")) or 0
            foreign = connection.scalar(text(f"SELECT count(*) FROM {table} WHERE {belongs} <> {mine}{below}"))
        assert (seen, foreign) == (expected, 0), table
        filled += expected > 0 and total > expected
    assert filled >= 7


def test_an_actor_cannot_write_into_another_community(two_communities: tuple[int, int]) -> None:
    mine, other = two_communities
    insert = text("INSERT INTO person (name, community_id) VALUES ('甲', :community)")
    with writing(NORTH) as session:
        session.execute(insert, {"community": mine})
    with pytest.raises(DBAPIError, match="row-level security"), writing(NORTH) as session:
        session.execute(insert, {"community": other})
    with writing(NORTH) as session:
        renamed = text("UPDATE building SET name = 'x' WHERE community_id = :community RETURNING id")
        assert session.scalars(renamed, {"community": other}).all() == []


def test_an_actor_cannot_move_a_row_out_of_its_community(two_communities: tuple[int, int]) -> None:
    mine, other = two_communities
    with pytest.raises(DBAPIError, match="row-level security"), writing(NORTH) as session:
        session.execute(
            text("UPDATE person SET community_id = :other WHERE community_id = :mine"), {"mine": mine, "other": other}
        )


def test_the_app_role_cannot_name_itself_city_wide(clean_store: object) -> None:
    for statement in (
        "INSERT INTO membership VALUES ('operator', 'organiser', 1)",
        "DELETE FROM user_role",
        "ALTER TABLE building DISABLE ROW LEVEL SECURITY",
        "DROP POLICY reads ON building",
    ):
        with pytest.raises(DBAPIError), writing(OPERATOR) as session:
            session.execute(text(statement))


def test_an_actor_ends_with_its_transaction(demo_store: object) -> None:
    with reading(OPERATOR) as connection:
        assert _count(connection, "building") > 0
    with connect(engine()) as connection, connection.begin():
        assert _count(connection, "building") == 0
