"""A city of two communities small enough to check by hand, written by the owner."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from geo.places.rules import pinyin_of
from geo.store.session import Actor, owner_engine
from tests.users import add_user

NORTH_ORGANISER = Actor("organiser-of-the-north")
TODAY = date(2026, 11, 22)


@dataclass(frozen=True)
class SmallCity:
    """The ids of the city's places by their codes."""

    ids: dict[str, int]

    def __getitem__(self, code: str) -> int:
        return self.ids[code]


def square(lon: float, lat: float, size: float) -> str:
    """Return a square as WKT: its south-west corner and its side in degrees."""
    east, north = lon + size, lat + size
    ring = f"{lon} {lat},{east} {lat},{east} {north},{lon} {north},{lon} {lat}"
    return f"MULTIPOLYGON((({ring})))"


def add(owner: Connection, table: str, **values: Any) -> int:
    """Insert one row and return its id; a geom is WKT in EPSG:4326."""
    marks = [f"ST_GeomFromText(:{name}, 4326)" if name in ("geom", "extent") else f":{name}" for name in values]
    return owner.execute(
        text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({', '.join(marks)}) RETURNING id"), values
    ).scalar_one()


def build() -> SmallCity:
    """Write a city: two communities side by side, a compound with three buildings in each, units in the first."""
    ids: dict[str, int] = {}
    with owner_engine().begin() as owner:
        extent = square(115.9, 36.4, 0.1).removeprefix("MULTI").replace("(((", "((").replace(")))", "))")
        add(owner, "city", id=1, name="Lake City", metric_srid=4549, extent=extent)
        city = add(
            owner,
            "area",
            level="city",
            code="371500",
            name="Lake City",
            pinyin=pinyin_of("Lake City"),
            geom=square(115.9, 36.4, 0.1),
        )
        ids["371500"] = city
        for at, (code, name) in enumerate([("north", "金桂社区"), ("south", "银杏社区")]):
            lon = 115.92 + at * 0.02
            ids[code] = community = add(
                owner, "area", level="community", code=code, name=name, pinyin=pinyin_of(name), parent_id=city,
                geom=square(lon, 36.42, 0.02),
            )  # fmt: skip
            place = ("金桂花园", "银杏小区")[at]
            ids[f"{code}-c"] = compound = add(
                owner, "compound", code=f"{code}-c", name=place, pinyin=pinyin_of(place), community_id=community,
                households=None, address=f"{place}路 1 号", geom=square(lon + 0.002, 36.422, 0.01),
            )  # fmt: skip
            for number in (1, 2, 3):
                ids[f"{code}-b{number}"] = add(
                    owner, "building", code=f"{code}-b{number}", number=str(number), compound_id=compound,
                    community_id=community, floors=6, households=(30, 50, None)[number - 1],
                    address=f"湖滨路 {at + 8} 号 {number} 号楼",
                    geom=square(lon + 0.002 + number * 0.002, 36.424, 0.001),
                )  # fmt: skip
        for number in (1, 2):
            ids[f"north-u{number}"] = add(
                owner, "unit", code=f"north-u{number}", number=str(number), building_id=ids["north-b2"],
                community_id=ids["north"], households=(20, 30)[number - 1],
            )  # fmt: skip
        add_user(NORTH_ORGANISER.name, "organiser", owner=owner, community_id=ids["north"])
    return SmallCity(ids)
