"""Vector tiles: what is in them, who sees what, with and without a leak-proof overlap operator."""

import asyncio
import gzip
from collections.abc import Callable
from typing import Any

import pytest

from geo.access.actor import OPERATOR
from geo.store.cluster import Cluster
from geo.store.session import Actor
from geo.web.layers import LAYERS, Address
from geo.web.pool import Pool
from geo.web.tiles import Tiles
from tests.store.mvt import read_tile
from tests.store.small_city import NORTH_ORGANISER, SmallCity, add, build
from tests.users import add_user

STRANGER = Actor("nobody-we-know")
EVERYTHING = tuple(LAYERS)


@pytest.fixture
def small_city(clean_store: Cluster) -> SmallCity:
    return build()


@pytest.fixture
def tile(small_city: SmallCity) -> Callable[..., dict[str, list[dict[str, Any]]]]:
    """Ask for a tile as an actor and read it."""

    async def make(actor: Actor, names: tuple[str, ...], address: Address) -> bytes:
        tiles = Tiles(Pool())
        await tiles.pool.open()
        try:
            return gzip.decompress((await tiles.tile(actor, names, address))[0].packed)
        finally:
            await tiles.pool.close()

    def ask(actor: Actor, names: tuple[str, ...] = EVERYTHING, address: Address | None = None) -> Any:
        content = asyncio.run(make(actor, names, address or tile_of(115.926, 36.4245, 14)))
        return {layer: sorted(found, key=lambda one: one["id"]) for layer, found in read_tile(content).items()}

    return ask


def tile_of(lon: float, lat: float, z: int) -> Address:
    """Return the tile a point lies in."""
    from math import asinh, pi, radians, tan

    return Address(z, int((lon + 180) / 360 * 2**z), int((1 - asinh(tan(radians(lat))) / pi) / 2 * 2**z))


def ids(tile: dict[str, list[dict[str, Any]]], layer: str) -> set[int]:
    return {feature["id"] for feature in tile.get(layer, [])}


def test_a_building_carries_its_id_as_feature_id_and_as_property(small_city: SmallCity, tile: Any) -> None:
    found = tile(OPERATOR)["building"]
    assert {feature["id"] for feature in found} == {feature["properties"]["id"] for feature in found}
    assert small_city["north-b2"] in {feature["id"] for feature in found}


def test_a_city_wide_actor_sees_both_communities_and_an_organiser_only_their_own(
    small_city: SmallCity, tile: Any
) -> None:
    address = tile_of(115.93, 36.43, 12)
    assert ids(tile(OPERATOR, address=address), "compound") == {small_city["north-c"], small_city["south-c"]}
    assert ids(tile(NORTH_ORGANISER, address=address), "compound") == {small_city["north-c"]}


def test_somebody_unknown_sees_nothing(tile: Any) -> None:
    assert tile(STRANGER) == {}


def test_what_is_kept_for_somebody_without_communities_is_not_given_to_somebody_unknown(small_city: SmallCity) -> None:
    from geo.store.session import owner_engine

    newcomer = Actor("newcomer")
    with owner_engine().begin() as owner:
        add_user(newcomer.name, "auditor", owner=owner)
        line = "LINESTRING(115.925 36.421, 115.927 36.421)"
        add(owner, "walk_edge", code="e", from_node=1, to_node=2, kind="road", length_m=180.0, geom=line)

    async def run() -> list[bytes]:
        tiles = Tiles(Pool())
        await tiles.pool.open()
        try:
            address = tile_of(115.926, 36.4211, 14)
            found = [await tiles.tile(actor, ("walk_edge",), address) for actor in (newcomer, STRANGER)]
        finally:
            await tiles.pool.close()
        return [gzip.decompress(body.packed) for body, _scope in found]

    seen, unknown = asyncio.run(run())
    assert seen
    assert not unknown


def test_a_town_of_few_buildings_shows_them_from_afar_while_no_compound_has_an_outline(
    small_city: SmallCity, tile: Any
) -> None:
    from geo.store.session import owner_engine

    address = tile_of(115.926, 36.4245, 12)
    assert "building" not in tile(OPERATOR, address=address)
    with owner_engine().begin() as owner:
        owner.exec_driver_sql("UPDATE compound SET geom = NULL")
    north = {small_city[f"north-b{number}"] for number in (1, 2, 3)}
    assert ids(tile(OPERATOR, address=address), "building") == north


def test_a_closed_building_is_not_drawn(small_city: SmallCity, tile: Any) -> None:
    from geo.store.session import owner_engine

    with owner_engine().begin() as owner:
        owner.exec_driver_sql("UPDATE building SET closed_on = '2026-01-01' WHERE id = %s", (small_city["north-b1"],))
    assert small_city["north-b1"] not in ids(tile(OPERATOR), "building")


def test_a_unit_without_a_known_entrance_is_not_drawn(tile: Any) -> None:
    assert "unit" not in tile(OPERATOR, address=tile_of(115.926, 36.4245, 17))


def test_stairs_are_drawn_near_and_roads_from_afar(small_city: SmallCity, tile: Any) -> None:
    from geo.store.session import owner_engine

    with owner_engine().begin() as owner:
        for at, kind in enumerate(("road", "street", "stairs")):
            line = f"LINESTRING(115.925 36.421{at}, 115.927 36.421{at})"
            add(owner, "walk_edge", code=kind, from_node=at, to_node=at + 10, kind=kind, length_m=180.0, geom=line)
    tiles = {z: tile(OPERATOR, address=tile_of(115.926, 36.4211, z)) for z in (12, 13, 14)}
    kinds = {z: {feature["properties"]["kind"] for feature in found["walk_edge"]} for z, found in tiles.items()}
    assert kinds == {12: {"road"}, 13: {"road", "street"}, 14: {"road", "street", "stairs"}}


@pytest.mark.parametrize("actor", [OPERATOR, NORTH_ORGANISER, STRANGER], ids=lambda actor: actor.name)
@pytest.mark.parametrize("zoom", [9, 12, 14, 17])
def test_without_a_leak_proof_operator_the_same_tile_comes_through_the_function(
    clean_store: Cluster, tile: Any, actor: Actor, zoom: int
) -> None:
    address = tile_of(115.926, 36.4245, zoom)
    by_index = tile(actor, address=address)
    with clean_store.superuser("yizhan") as connection:
        connection.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF")
    assert tile(actor, address=address) == by_index


def test_a_change_makes_a_new_tile_and_until_then_the_old_one_is_kept(small_city: SmallCity) -> None:
    from geo.store import versions
    from geo.store.session import owner_engine, writing

    async def run() -> list[int]:
        tiles = Tiles(Pool())
        await tiles.pool.open()
        counts = []
        try:
            for step in ("first", "unannounced", "announced"):
                wanted = "places1" if step == "announced" else ""
                body, _scope = await tiles.tile(OPERATOR, ("building",), tile_of(115.926, 36.4245, 14), wanted=wanted)
                counts.append(len(read_tile(gzip.decompress(body.packed)).get("building", [])))
                with owner_engine().begin() as owner:
                    owner.exec_driver_sql("DELETE FROM building WHERE id = %s", (small_city[f"north-b{len(counts)}"],))
                    owner.exec_driver_sql("DELETE FROM unit")
                if step == "unannounced":
                    with writing(OPERATOR) as session:
                        versions.bump(session, "places")
        finally:
            await tiles.pool.close()
        return counts

    first, unannounced, announced = asyncio.run(run())
    assert first == unannounced
    assert announced < first
