"""10,000 random looks of users of every role, through tables, tiles and classes: never a row that is not theirs."""

import asyncio
import gzip
import random
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, text

from geo.access.sessions import open_session
from geo.briefing.class_arrays import ARRAYS
from geo.briefing.class_arrays import KINDS as CLASS_KINDS
from geo.maps.legend import NO_PLACE
from geo.store.clock import today
from geo.store.metadata import all_tables
from geo.store.session import Actor, owner_engine, reading
from geo.web.layers import LAYERS
from geo.web.pool import Pool
from geo.web.tiles import Tiles
from tests.bench.tiles import tile_at
from tests.store.access.truth import RULES, TABLES, Truth
from tests.store.mvt import read_tile
from tests.users import add_user

SEED = 20261122
TABLE_LOOKS, TILE_LOOKS, CLASS_LOOKS = 6_600, 3_300, 100
A_TRANSACTION = 30
PLACED = ("area", "compound", "gate", "building", "unit", "station", "candidate_site")
WITH_COMMUNITY = [name for name, columns in TABLES.items() if "community_id" in columns]
BOX = "ST_MakeEnvelope(:west, :south, :east, :north, 4326)"


@pytest.fixture(scope="module")
def names(demo_store_for_module: object) -> list[str]:
    """Users of every role at places of their own, and some whose role has ended, not begun, or sleeps."""
    with owner_engine().begin() as owner:
        ids = _Ids(owner)
        for many in (1, 2, 3):
            for one in ids.communities[:many]:
                add_user(f"organiser-of-{many}", "organiser", owner=owner, community_id=one)
        for at, station in enumerate(ids.stations[:3]):
            add_user(f"staff-{at}", "station_staff", owner=owner, station_id=station)
        for at, person in enumerate(ids.heads[:4]):
            add_user(f"head-{at}", "building_head", owner=owner, person_id=person)
        for role in ("administrator", "leader", "planner", "auditor"):
            add_user(f"one-{role}", role, owner=owner)
        add_user("both", "building_head", owner=owner, person_id=ids.heads[-1])
        add_user("both", "station_staff", owner=owner, station_id=ids.stations[-1])
        add_user("former", "organiser", owner=owner, community_id=ids.communities[0], to_on=today())
        coming = today() + timedelta(days=1)
        add_user("coming", "organiser", owner=owner, community_id=ids.communities[0], from_on=coming)
        add_user("asleep", "administrator", owner=owner)
        owner.execute(text("UPDATE app_user SET status = 'suspended' WHERE name = 'asleep'"))
        listed = owner.scalars(text("SELECT name FROM app_user WHERE name NOT LIKE 'demo-%' ORDER BY name")).all()
    for name in ("one-administrator", "organiser-of-1", "head-0"):
        open_session(name)
    return [*listed, "nobody"]


class _Ids:
    def __init__(self, owner: Connection) -> None:
        self.communities = owner.scalars(
            text("SELECT id FROM area WHERE level = 'community' AND NOT placeholder ORDER BY id")
        ).all()
        self.stations = owner.scalars(text("SELECT id FROM station ORDER BY id")).all()
        self.heads = owner.scalars(
            text("SELECT DISTINCT h.person_id FROM holding h JOIN post p ON p.id = h.post_id "
                 "WHERE p.kind IN ('building_head', 'unit_head') AND h.to_on IS NULL ORDER BY 1")
        ).all()  # fmt: skip


@pytest.fixture(scope="module")
def truth(names: list[str]) -> Truth:
    with owner_engine().connect() as owner:
        return Truth(owner, today())


@pytest.fixture(scope="module")
def spots(names: list[str]) -> list[tuple[float, float]]:
    with owner_engine().connect() as owner:
        return [
            (row.lon, row.lat)
            for row in owner.execute(text("SELECT ST_XMin(geom) AS lon, ST_YMin(geom) AS lat FROM building"))
        ]


def test_every_table_of_a_community_is_looked_at() -> None:
    belonging = {
        name for name, table in all_tables().tables.items() if "community_id" in table.columns and table.schema is None
    }
    assert belonging <= set(TABLES)
    assert set(TABLES) == set(RULES)


def test_thousands_of_questions_to_tables_show_no_foreign_row(
    names: list[str], truth: Truth, spots: list[tuple[float, float]]
) -> None:
    chance = random.Random(SEED)
    allowed = {name: {table: truth.visible(table, truth.who(name)) for table in TABLES} for name in names}
    foreign, missing, seen = Counter[str](), Counter[str](), Counter[str]()
    for _turn in range(TABLE_LOOKS // A_TRANSACTION):
        name = chance.choice(names)
        with reading(Actor(name)) as connection:
            for _look in range(A_TRANSACTION):
                table = chance.choice(list(TABLES))
                condition, values, expected = _question(chance, truth, table, spots)
                key = "building_id" if table == "residents" else "id"
                found = set(connection.scalars(text(f"SELECT {key} FROM {table} WHERE {condition}"), values))
                mine = allowed[name][table]
                foreign[f"{name} {table}"] += len(found - mine)
                if expected is not None:
                    missing[f"{name} {table}"] += len((mine & expected) - found)
                seen[table] += len(found)
    assert +foreign == Counter()
    assert +missing == Counter()
    assert {table for table in TABLES if seen[table]} >= {table for table in TABLES if truth.rows[table]}


def _question(
    chance: random.Random, truth: Truth, table: str, spots: list[tuple[float, float]]
) -> tuple[str, dict[str, Any], set[int] | None]:
    """Return a condition with its values, and the ids of all rows it holds for (None: only the database knows)."""
    rows, key = truth.rows[table], "building_id" if table == "residents" else "id"
    kinds = ["all", "some", "rest"]
    kinds += ["community"] if table in WITH_COMMUNITY else []
    kinds += ["box", "within"] if table in PLACED else []
    kind = chance.choice(kinds)
    if kind == "all":
        return "true", {}, set(rows)
    if kind == "some":
        ids = chance.sample(sorted(rows), min(20, len(rows)))
        return f"{key} = ANY (:ids)", {"ids": ids}, set(ids)
    if kind == "rest":
        modulus = chance.randrange(2, 30)
        return f"{key} % :modulus = 0", {"modulus": modulus}, {one for one in rows if one % modulus == 0}
    if kind == "community":
        community = chance.choice([one for one, row in truth.rows["area"].items() if row["level"] == "community"])
        inside = {one for one, row in rows.items() if row["community_id"] == community}
        return "community_id = :community", {"community": community}, inside
    (west, south), side = chance.choice(spots), chance.uniform(0.0005, 0.02)
    box = {"west": west - side, "south": south - side, "east": west + side, "north": south + side}
    return (f"geom && {BOX}" if kind == "box" else f"id IN (SELECT app_within('{table}', {BOX}))"), box, None


def test_thousands_of_tiles_show_no_foreign_place(
    names: list[str], truth: Truth, spots: list[tuple[float, float]]
) -> None:
    allowed = {
        name: {table: truth.visible(table, truth.who(name)) for table in PLACED} for name in names
    }  # fmt: skip
    layers = sorted(name for name, layer in LAYERS.items() if layer.table in PLACED)
    foreign, seen = asyncio.run(_look_at_tiles(names, allowed, layers, spots))
    assert +foreign == Counter()
    assert sum(seen.values()) > TILE_LOOKS
    assert set(seen) >= set(layers) - {"district", "district_name"}


async def _look_at_tiles(
    names: list[str], allowed: dict[str, dict[str, set[int]]], layers: list[str], spots: list[tuple[float, float]]
) -> tuple[Counter[str], Counter[str]]:
    chance, foreign, seen = random.Random(SEED), Counter[str](), Counter[str]()
    tiles = Tiles(Pool())
    await tiles.pool.open()
    try:
        for _look in range(TILE_LOOKS):
            name, wanted = chance.choice(names), tuple(chance.sample(layers, chance.randrange(1, 3)))
            (lon, lat), zoom = chance.choice(spots), chance.randrange(9, 18)
            body, _scope = await tiles.tile(Actor(name), wanted, tile_at(lon, lat, zoom))
            for layer, features in read_tile(gzip.decompress(body.packed)).items():
                found = {feature["id"] for feature in features}
                foreign[f"{name} {layer}"] += len(found - allowed[name][LAYERS[layer].table])
                seen[layer] += len(found)
    finally:
        await tiles.pool.close()
    return foreign, seen


def test_classes_name_no_foreign_place(names: list[str], truth: Truth) -> None:
    chance, foreign = random.Random(SEED), Counter[str]()
    for _look in range(CLASS_LOOKS):
        name, kind = chance.choice(names), chance.choice(CLASS_KINDS)
        table = "area" if kind == "community" else kind
        array = ARRAYS.current(Actor(name), kind, today())
        found = {array.first + at for at, code in enumerate(array.values.tolist()) if code != NO_PLACE}
        foreign[f"{name} {kind}"] += len(found - truth.visible(table, truth.who(name)))
    assert +foreign == Counter()
