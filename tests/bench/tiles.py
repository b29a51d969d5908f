"""Tiles: how long one takes that nobody has asked for, and how many a second come from memory."""

import asyncio
import math
import random
import subprocess
import sys
import time
from collections.abc import Iterator

from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.store.session import reading
from geo.web.layers import LAYERS, Address
from geo.web.pool import Pool
from geo.web.tiles import Tiles
from tests.bench.case import Case, middle
from tests.bench.city import session_cookie

PLACES = tuple(name for name, layer in LAYERS.items() if layer.topic == "places")
BASE = tuple(name for name, layer in LAYERS.items() if layer.topic == "base")
PER_ZOOM = 15
CONNECTIONS = 8
HAMMER_S = 4


def tile_at(lon: float, lat: float, z: int) -> Address:
    x = (lon + 180) / 360 * 2**z
    y = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * 2**z
    return Address(z, int(x), int(y))


def spots(many: int) -> list[tuple[float, float]]:
    """Return places where buildings are, the same in every run."""
    with reading(OPERATOR) as connection:
        point = "ST_PointOnSurface(geom)"
        query = f"SELECT ST_X({point}), ST_Y({point}) FROM building WHERE id = ANY (:ids)"
        last = connection.scalar(text("SELECT max(id) FROM building")) or 0
        chosen = random.Random(1).sample(range(1, last + 1), many)
        return [(lon, lat) for lon, lat in connection.execute(text(query), {"ids": chosen})]


def uncached(buildings: int) -> Iterator[Case]:
    """Measure tiles nobody has asked for: near ones with buildings, middle ones with compounds, far ones."""
    for name, names, zooms, limit in (
        ("places, z14 to z17", PLACES, (14, 15, 16, 17), 100),
        ("places, z14 alone, the slowest", PLACES, (14,), 100),
        ("roads and ground, z14 to z17", BASE, (14, 15, 16, 17), 100),
        ("compounds, z11 to z13", PLACES, (11, 12, 13), 250),
        ("communities, z6 to z10", PLACES, (6, 8, 10), 500),
    ):
        taken = asyncio.run(_measure(names, zooms))
        value = max(taken) if "slowest" in name else middle(taken)
        yield Case(f"uncached tile: {name}, {buildings:,} buildings", "ms", 1000 * value, f"< {limit}")


async def _measure(names: tuple[str, ...], zooms: tuple[int, ...]) -> list[float]:
    tiles = Tiles(Pool())
    await tiles.pool.open()
    taken = []
    try:
        for lon, lat in spots(PER_ZOOM):
            for zoom in zooms:
                tiles.kept = type(tiles.kept)()
                began = time.perf_counter()
                await tiles.tile(OPERATOR, names, tile_at(lon, lat, zoom))
                taken.append(time.perf_counter() - began)
    finally:
        await tiles.pool.close()
    return taken[len(zooms) :]


def cached(address: str, buildings: int) -> Case:
    """Ask for the same tiles over and over from a process of its own."""
    paths = []
    for lon, lat in spots(40):
        at = tile_at(lon, lat, 15)
        paths.append(f"/tiles/building/{at.z}/{at.x}/{at.y}.mvt")
    command = [
        sys.executable,
        "-m",
        "tests.bench.hammer",
        address,
        str(CONNECTIONS),
        str(HAMMER_S),
        session_cookie(),
        *paths,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return Case(f"cached tiles, {buildings:,} buildings", "1/s", float(done.stdout), "> 1000")
