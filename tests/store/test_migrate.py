import pytest
from sqlalchemy import text

from geo.errors import Conflict
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


BEFORE_BOUNDS = "0007"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("\u3000\u200b", "name holds nothing that can be seen"),
        ("城" * 201, "more than 200 characters"),
        ("城\u202e市", "hidden control signs"),
    ],
)
def test_names_that_say_nothing_stop_the_update_by_table_and_id_with_nothing_half_done(
    clean_store: Cluster, bad: str, said: str
) -> None:
    migrate.downgrade(BEFORE_BOUNDS)
    with owner_engine().begin() as connection:
        connection.execute(
            text("INSERT INTO area (id, level, code, name) OVERRIDING SYSTEM VALUE VALUES (77, 'city', 'c', :name)"),
            {"name": bad},
        )
    with pytest.raises(Conflict, match="Table area, id 77: name holds") as refused:
        migrate.upgrade()
    assert said in str(refused.value)
    assert revision() == BEFORE_BOUNDS
    with owner_engine().begin() as connection:
        found = text("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname LIKE '%not_blank'")
        rules = connection.execute(found).scalars()
        assert not any("char_length" in rule for rule in rules)
        connection.execute(text("UPDATE area SET name = '水城市' WHERE id = 77"))
    migrate.upgrade()
    assert revision() == migrate.head()
