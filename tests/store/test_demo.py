"""The demo city in the real database: whole or not at all, never over a real city, keys intact afterwards."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
import shapely
from sqlalchemy import text

from data import city, load
from data.load import TABLES, load_demo
from geo.access.actor import OPERATOR
from geo.errors import BadInput, Conflict, NotAllowed
from geo.store import versions
from geo.store.session import Actor, owner_engine, reading

KEYS = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace UNION ALL
SELECT indrelid::regclass::text, indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index
WHERE indrelid::regclass::text = ANY (:tables) ORDER BY 1, 2, 3
"""


def counts() -> dict[str, int]:
    """The number of rows of each of the demo's tables, as the demo administrator sees them."""
    with reading(OPERATOR) as connection:
        return {table: connection.scalar(text(f"SELECT count(*) FROM {table}")) for table in TABLES}


def plain(column: np.ndarray) -> list[Any]:
    """The values of a column as the database gives them."""
    if column.dtype.kind == "S":
        return [value.decode() or None for value in column.tolist()]
    return [
        None if value is None else pytest.approx(value) if isinstance(value, float) else value
        for value in column.tolist()
    ]


@pytest.fixture
def foreign_city(clean_store: object) -> None:
    """A database with a city that somebody imported."""
    with owner_engine().begin() as owner:
        owner.execute(
            text(
                "INSERT INTO city (id, name, metric_srid, extent) "
                "VALUES (1, '真市', 4548, ST_MakeEnvelope(115, 36, 116, 37, 4326))"
            )
        )


def test_what_is_reported_is_what_is_stored(clean_store: object) -> None:
    reported = load_demo(OPERATOR, "small", 2)
    assert reported == counts()
    assert all(reported.values())


@pytest.mark.parametrize("table", ["building", "household", "holding", "compound", "person", "walk_edge", "station"])
def test_what_is_read_back_is_what_was_made(demo_store: object, table: str) -> None:
    frames = [frame for frame in city.make("small", 1) if frame.table == table]
    columns = [name for name in frames[0].columns if name not in {"geom", "phone"}]
    with reading(OPERATOR) as connection:
        stored = connection.execute(text(f"SELECT {', '.join(columns)} FROM {table} ORDER BY id")).all()
    made = [row for frame in frames for row in zip(*[plain(frame.columns[name]) for name in columns], strict=True)]
    assert len(stored) == len(made) or table == "person", "only persons come later, with the volunteers"
    assert [tuple(float(v) if isinstance(v, Decimal) else v for v in row) for row in stored[: len(made)]] == made


def test_shapes_are_read_back_to_the_last_digit(demo_store: object) -> None:
    frame = next(frame for frame in city.make("small", 1) if frame.table == "building")
    with reading(OPERATOR) as connection:
        stored = connection.scalars(text("SELECT ST_AsBinary(geom) FROM building ORDER BY id")).all()
    assert shapely.equals_exact(shapely.from_wkb(stored), frame.columns["geom"].shapes(0, len(frame)), 0).all()


def test_the_city_knows_its_seed_its_zone_and_its_extent(demo_store: object) -> None:
    with reading(OPERATOR) as connection:
        seed, srid, inside = connection.execute(
            text(
                "SELECT demo_seed, metric_srid, "
                "(SELECT bool_and(ST_Within(b.geom, city.extent)) FROM building b) FROM city"
            )
        ).one()
    assert (seed, srid, inside) == (1, 4548, True)


def test_buildings_lie_in_compounds_and_compounds_in_communities(demo_store: object) -> None:
    with reading(OPERATOR) as connection:
        buildings = connection.scalar(
            text("SELECT avg(ST_Covers(c.geom, b.geom)::int) FROM building b JOIN compound c ON c.id = b.compound_id")
        )
        compounds = connection.scalar(
            text("SELECT bool_and(ST_Covers(a.geom, c.geom)) FROM compound c JOIN area a ON a.id = c.community_id")
        )
        strangers = connection.scalar(
            text(
                "SELECT count(*) FROM unit u JOIN building b ON b.id = u.building_id "
                "WHERE u.community_id <> b.community_id"
            )
        )
    assert buildings >= 0.99
    assert compounds
    assert strangers == 0


def test_new_rows_get_keys_after_the_demo_ones(demo_store: object) -> None:
    with owner_engine().begin() as owner:
        highest = owner.scalar(text("SELECT max(id) FROM organisation"))
        added = owner.scalar(
            text(
                "INSERT INTO organisation (code, kind, name, community_id) "
                "SELECT 'new', 'department', '民政局', min(id) FROM area WHERE level = 'community' RETURNING id"
            )
        )
    assert added == highest + 1


def test_data_versions_rise_and_the_log_tells_of_the_load_and_of_the_counts(clean_store: object) -> None:
    with reading(OPERATOR) as connection:
        before = versions.current(connection)
    load_demo(OPERATOR, "small", 3)
    with reading(OPERATOR) as connection:
        after = versions.current(connection)
        query = (
            "SELECT actor, action, after->>'seed' FROM audit_entry "
            "WHERE entity NOT IN ('study', 'scenario') ORDER BY id"
        )
        entries = connection.execute(text(query)).all()
    assert all(after[topic] == before[topic] + 1 for topic in before)
    assert entries == [(OPERATOR.name, "load demo", "3"), (OPERATOR.name, "publish_counts", None)]


def test_a_second_demo_needs_to_be_asked_to_replace(demo_store: object) -> None:
    with pytest.raises(Conflict, match="replace"):
        load_demo(OPERATOR, "small", 5)
    reported = load_demo(OPERATOR, "small", 5, replace=True)
    assert reported == counts()


def test_a_real_city_is_never_replaced(foreign_city: None) -> None:
    with pytest.raises(Conflict, match="真市"):
        load_demo(OPERATOR, "small", 1, replace=True)
    assert counts()["city"] == 1


def test_places_of_a_city_not_named_yet_are_never_mixed_with_the_demo(clean_store: object) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text("INSERT INTO area (level, code, name) VALUES ('city', '371500', '真市')"))
    with pytest.raises(Conflict, match="already"):
        load_demo(OPERATOR, "small", 1, replace=True)
    assert counts()["area"] == 1


def test_an_actor_without_the_whole_city_may_not_load(clean_store: object) -> None:
    with pytest.raises(NotAllowed, match="stranger"):
        load_demo(Actor("stranger"), "small", 1)
    assert not any(counts().values())


@pytest.mark.parametrize(("size", "seed", "buildings"), [("huge", 1, None), ("small", -1, None), ("small", 1, 5)])
def test_wrong_wishes_are_refused_before_anything_is_touched(size: str, seed: int, buildings: int | None) -> None:
    with pytest.raises(BadInput):
        load_demo(OPERATOR, size, seed, buildings)


def test_a_load_that_is_stopped_leaves_nothing(clean_store: object) -> None:
    def stop_at_units(_share: float, _message: str, **values: object) -> None:
        if values.get("table") == "unit":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load_demo(OPERATOR, "small", 1, progress=stop_at_units)
    assert not any(counts().values())


def test_progress_only_rises_and_ends_at_one(clean_store: object) -> None:
    shares: list[float] = []
    load_demo(OPERATOR, "small", 1, progress=lambda share, _message, **_values: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


def test_a_bulk_load_puts_every_key_and_index_up_again(
    clean_store: object, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr(load, "MANY_BUILDINGS", 0)
    with owner_engine().begin() as owner:
        before = owner.execute(text(KEYS), {"tables": list(TABLES)}).all()
    reported = load_demo(OPERATOR, "small", 1)
    with owner_engine().begin() as owner:
        after = owner.execute(text(KEYS), {"tables": list(TABLES)}).all()
    assert reported == counts()
    assert before == after
