"""Requests of the demo's last 24 months: seasons, places that ask more, one planted hotspot, silent buildings."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, text

from data import request_courses, request_incidents
from data.frames import room_rng
from data.request_words import SEASONS, USUAL
from geo.planning.rules import parameter_named
from geo.settings import settings
from geo.store.arrays import read_arrays
from geo.store.clock import today as city_today
from geo.store.copy import copy_columns

DAYS = 730
A_YEAR_AND_HOUSEHOLD = 0.055
MOST = 200_000
BUILDINGS_THAT_ASK = 100_000
"""Beyond so many buildings nobody asks yet: a city of a million is loaded as fast as one of these."""
SILENT, BUSY_SHAPE = 0.03, 3.0
IN_A_UNIT, ON_A_POINT, NEAR_M = 0.55, 0.12, 25.0
CHANNELS = ("station_desk", "building_head", "visit", "hotline_12345", "web", "open311")
CHANNEL_ENDS = (0.42, 0.58, 0.64, 0.86, 0.97)
PLANTED_CATEGORY, PLANTED_DAYS, PLANTED_RADIUS_M, PLANTED_TIMES, PLANTED_LEAST = "sewage", 75, 350.0, 9.0, 40
LASTING = (("parking", 5.0, 40), ("rubbish", 4.0, 25))
"""Places that have asked for long: the category, how many times the usual, how many buildings."""
ONE_POINT = 0.004
HOMES = (
    "SELECT b.id, b.community_id, coalesce(b.households, 20) AS households, ST_X(ST_Centroid(b.geom)) AS lon, "
    "ST_Y(ST_Centroid(b.geom)) AS lat, coalesce(c.kind = 'old', false) AS old, "
    "coalesce(b.compound_id, 0) AS compound FROM building b "
    "LEFT JOIN compound c ON c.id = b.compound_id WHERE b.id <= %(last)s AND b.closed_on IS NULL ORDER BY b.id"
)
HOME_TYPES = {
    "id": "int8", "community_id": "int8", "households": "int4", "lon": "float8", "lat": "float8", "old": "bool",
    "compound": "int8",
}  # fmt: skip
ENTRANCES = "SELECT id, building_id FROM unit WHERE building_id <= %(last)s ORDER BY building_id, id"
CATEGORIES = text("SELECT code, id, class_code FROM request_category")
TYPES = {
    "id": "int8", "category": "int8", "class_code": "text", "respond_h": "float8", "solve_h": "float8",
    "community": "int8", "building": "int8", "unit": "int8", "placed_by": "text", "lon": "float8", "lat": "float8",
    "summary": "text", "channel": "text", "received": "float8", "incident": "int8", **request_courses.COLUMNS,
}  # fmt: skip
STAGE = f"CREATE TEMP TABLE demo_request ({', '.join(f'{name} {kind}' for name, kind in TYPES.items())}) ON COMMIT DROP"
KEEP = text(f"""
INSERT INTO request (id, number, channel, category_id, class_code, respond_h, solve_h, community_id, building_id,
    unit_id, placed_by, geom, address, summary, status, received_at, accepted_at, resolved_at, closed_at, paused_s,
    paused_from, waiting_until, escalated_to, returned_times, reopened_times, duplicate_of, incident_id,
    organisation_id, owner, recorded_by, source)
SELECT d.id, to_char(to_timestamp(d.received) AT TIME ZONE :zone, 'YYMMDD') || '-' || d.id, d.channel, d.category,
    d.class_code, d.respond_h, d.solve_h, d.community,
    CASE WHEN d.placed_by <> 'point' THEN d.building END, d.unit, d.placed_by,
    ST_SetSRID(ST_MakePoint(d.lon, d.lat), 4326), b.address, d.summary, d.status, to_timestamp(d.received),
    to_timestamp(d.accepted), to_timestamp(d.resolved), to_timestamp(d.closed), d.paused_s,
    to_timestamp(d.paused_from), to_timestamp(d.waiting_until), d.escalated_to, d.returned, d.reopened, d.duplicate_of,
    d.incident, CASE WHEN d.handed_on THEN o.id END, {request_courses.BY}, {request_courses.BY}, 'demo'
FROM demo_request d JOIN building b ON b.id = d.building
LEFT JOIN LATERAL (SELECT g.id FROM organisation g WHERE g.compound_id = b.compound_id AND g.kind = 'property_company'
    AND g.closed_on IS NULL ORDER BY g.id LIMIT 1) o ON true
ORDER BY d.id
""")  # noqa: S608


@dataclass(frozen=True)
class Homes:
    """Where people live: one row a building, in key order, with what it usually asks."""

    id: np.ndarray
    community: np.ndarray
    households: np.ndarray
    lon: np.ndarray
    lat: np.ndarray
    old: np.ndarray
    compound: np.ndarray
    asks: np.ndarray

    def within(self, centre: int, radius_m: float) -> np.ndarray:
        """Return the places of the buildings within a radius of one of them."""
        north_m = (self.lat - self.lat[centre]) * 111_200
        east_m = (self.lon - self.lon[centre]) * 111_320 * np.cos(np.radians(self.lat[centre]))
        return np.flatnonzero(np.hypot(north_m, east_m) <= radius_m)


@dataclass(frozen=True)
class Asked:
    """Requests before anything is done about them: building, category and incident (-1: none) by place, seconds."""

    home: np.ndarray
    category: np.ndarray
    second: np.ndarray
    incident: np.ndarray

    def and_(self, other: "Asked") -> "Asked":
        """Return both, one after the other."""
        pairs = zip(vars(self).values(), vars(other).values(), strict=True)
        return Asked(*(np.concatenate(pair) for pair in pairs))


def write(connection: Connection, seed: int, today: np.datetime64 | None = None) -> int:
    """Store requests with their events and call-backs, and incidents; return how many requests.

    The same city, seed and day give the same rows; the last request came the evening before the day.
    """
    rng = room_rng(seed, "requests")
    day = np.datetime64(city_today(), "D") if today is None else today
    homes = _homes(connection, rng)
    if not len(homes.id):
        return 0
    asked = _asked(rng, homes, day)
    failures = request_incidents.plan(rng, homes, DAYS)
    parts = (_lasting(rng, homes, asked), _planted(rng, homes, asked), *_joined(rng, failures))
    for more in parts:
        asked = asked.and_(more)
    order = np.argsort(asked.second, kind="stable")
    asked = Asked(asked.home[order], asked.category[order], asked.second[order], asked.incident[order])
    incidents = request_incidents.keep(connection, failures, homes, begin=_midnight(day - DAYS), now=_midnight(day))
    columns = _columns(connection, rng, homes, asked, day=day)
    columns["incident"] = np.ma.masked_array(incidents[asked.incident], asked.incident < 0)
    events, calls = request_courses.take(connection, rng, columns, now=_midnight(day))
    connection.execute(text(STAGE))
    copy_columns(connection, "demo_request", TYPES, {name: columns[name] for name in TYPES})
    connection.execute(KEEP, {"zone": settings().time_zone})
    request_courses.keep(connection, events, calls)
    connection.execute(text("SELECT setval(pg_get_serial_sequence('request', 'id'), max(id)) FROM request"))
    connection.execute(text("DROP TABLE demo_request"))
    connection.execute(text("ANALYZE request, request_event, call_back, incident, incident_door"))
    return len(columns["id"])


def planted(homes: Homes) -> np.ndarray:
    """Return the places of the buildings of the planted hotspot: a radius about a crowded old building.

    It is the same for the same city, whatever the seed of the requests, so that a test can look for it.
    """
    crowd = np.where(homes.old, homes.households, 0)
    return homes.within(int(np.argmax(crowd if crowd.any() else homes.households)), PLANTED_RADIUS_M)


def _homes(connection: Connection, rng: np.random.Generator) -> Homes:
    found = read_arrays(connection, HOMES, HOME_TYPES, {"last": BUILDINGS_THAT_ASK})
    busy = rng.gamma(BUSY_SHAPE, 1 / BUSY_SHAPE, len(found["id"]))
    known = np.unique(found["compound"])
    quiet = known[rng.random(len(known)) < SILENT]
    silent = np.where(np.isin(found["compound"], quiet), 0.04, 1.0)
    asks = found["households"] * busy * silent * np.where(found["old"], 1.4, 1.0)
    return Homes(**{name.removesuffix("_id"): found[name] for name in found if name not in {"id", "old"}},
                 id=found["id"], old=found["old"].astype(bool), asks=asks)  # fmt: skip


def _asked(rng: np.random.Generator, homes: Homes, day: np.datetime64) -> Asked:
    count = int(min(homes.households.sum() * A_YEAR_AND_HOUSEHOLD * DAYS / 365, MOST))
    home = np.searchsorted(np.cumsum(homes.asks) / homes.asks.sum(), rng.random(count))
    days = day - DAYS + np.arange(DAYS)
    month = days.astype("datetime64[M]").astype(int) % 12
    weekday = (days.astype(int) + 3) % 7
    mix = np.array([[[kind.share * SEASONS[kind.season][m] * (kind.old if old else 1.0) for kind in USUAL]
                     for m in range(12)] for old in (0, 1)])  # fmt: skip
    busy = mix.sum(axis=2).mean(axis=0)[month] * np.where(weekday >= 5, 0.7, 1.1) * np.linspace(0.9, 1.1, DAYS)
    chosen = np.searchsorted(np.cumsum(busy) / busy.sum(), rng.random(count))
    ends = np.cumsum(mix, axis=2) / mix.sum(axis=2, keepdims=True)
    category = (rng.random(count)[:, None] > ends[homes.old[home].astype(int), month[chosen]]).sum(axis=1)
    second = chosen * 86_400 + _of_day(rng, count)
    return Asked(home, np.minimum(category, len(USUAL) - 1), second, np.full(count, -1))


def _of_day(rng: np.random.Generator, count: int) -> np.ndarray:
    hours = np.where(rng.random(count) < 0.08, rng.uniform(0, 24, count), rng.normal(13.5, 3.5, count))
    return (np.clip(hours, 0, 23.99) * 3600).astype(np.int64)


def _lasting(rng: np.random.Generator, homes: Homes, usual: Asked) -> Asked:
    parts = []
    for code, times, size in LASTING:
        category = _category(code)
        near = homes.within(int(rng.integers(len(homes.id))), 260.0)[:size]
        expected = _expected(homes, usual, near, category)
        parts.append(_more(rng, homes, near, category, count=int(times * expected) + 12, days=(0, DAYS)))
    return parts[0].and_(parts[1])


def _planted(rng: np.random.Generator, homes: Homes, usual: Asked) -> Asked:
    category, near = _category(PLANTED_CATEGORY), planted(homes)
    expected = _expected(homes, usual, near, category) * PLANTED_DAYS / DAYS
    count = max(int(PLANTED_TIMES * expected), PLANTED_LEAST)
    return _more(rng, homes, near, category, count=count, days=(DAYS - PLANTED_DAYS, DAYS))


def _expected(homes: Homes, usual: Asked, near: np.ndarray, category: int) -> float:
    share = homes.households[near].sum() / homes.households.sum()
    return float((usual.category == category).sum() * share)


def _more(
    rng: np.random.Generator, homes: Homes, near: np.ndarray, category: int, *, count: int, days: tuple[int, int]
) -> Asked:
    weight = homes.households[near].astype(float)
    home = near[np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(count))]
    second = rng.integers(*days, count) * 86_400 + _of_day(rng, count)
    return Asked(home, np.full(count, category), second, np.full(count, -1))


def _joined(rng: np.random.Generator, failures: list[request_incidents.Failure]) -> list[Asked]:
    parts = []
    for place, failure in enumerate(failures):
        count = int(rng.integers(5, 15))
        home = rng.choice(failure.homes, count)
        second = failure.second + rng.integers(60, 3 * 3600, count)
        parts.append(Asked(home, np.full(count, _category(failure.kind)), second, np.full(count, place)))
    return parts


def _category(code: str) -> int:
    return next(place for place, kind in enumerate(USUAL) if kind.code == code)


def _midnight(day: np.datetime64) -> float:
    moment = datetime.combine(day.item(), datetime.min.time(), ZoneInfo(settings().time_zone))
    return moment.timestamp()


def _columns(
    connection: Connection, rng: np.random.Generator, homes: Homes, asked: Asked, *, day: np.datetime64
) -> dict[str, Any]:
    count = len(asked.home)
    known = {row.code: row for row in connection.execute(CATEGORIES)}
    kinds = [known[kind.code] for kind in USUAL]
    classes = np.array([kind.class_code for kind in kinds], dtype=object)
    hours = {side: np.array([parameter_named(f"{side}_{kind.class_code}_h").default for kind in kinds])
             for side in ("respond", "solve")}  # fmt: skip
    placed, unit = _placed(connection, rng, homes, asked)
    lon, lat = _points(rng, homes, asked, placed)
    words = [kind.words for kind in USUAL]
    said = [words[k][int(turn * len(words[k]))] for k, turn in zip(asked.category, rng.random(count), strict=True)]
    return {
        "id": np.arange(1, count + 1),
        "category": np.array([kind.id for kind in kinds])[asked.category],
        "class_code": classes[asked.category],
        "respond_h": hours["respond"][asked.category].astype(float),
        "solve_h": hours["solve"][asked.category].astype(float),
        "community": homes.community[asked.home],
        "building": homes.id[asked.home],
        "unit": unit,
        "placed_by": placed,
        "lon": lon,
        "lat": lat,
        "summary": np.array(said, dtype=object),
        "channel": np.array(CHANNELS, dtype=object)[np.searchsorted(CHANNEL_ENDS, rng.random(count))],
        "received": asked.second + _midnight(day - DAYS),
    }


def _placed(
    connection: Connection, rng: np.random.Generator, homes: Homes, asked: Asked
) -> tuple[np.ndarray, np.ma.MaskedArray]:
    units = read_arrays(connection, ENTRANCES, {"id": "int8", "building_id": "int8"}, {"last": BUILDINGS_THAT_ASK})
    building = homes.id[asked.home]
    first = np.searchsorted(units["building_id"], building)
    many = np.searchsorted(units["building_id"], building, side="right") - first
    chance = rng.random(len(building))
    in_unit = (chance >= 1 - IN_A_UNIT) & (many > 0)
    placed = np.where(chance < ON_A_POINT, "point", np.where(in_unit, "unit", "building"))
    at = first + (rng.random(len(building)) * many).astype(int)
    chosen = units["id"][np.minimum(at, max(len(units["id"]) - 1, 0))] if len(units["id"]) else np.zeros_like(building)
    return placed.astype(object), np.ma.masked_array(chosen, placed != "unit")


def _points(rng: np.random.Generator, homes: Homes, asked: Asked, placed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return lon and lat: at the building, near it, or for a few at the one point a careless geocoder gave them."""
    count = len(asked.home)
    on_point = placed == "point"
    angle, far = rng.uniform(0, 2 * np.pi, count), rng.uniform(5, NEAR_M, count) * on_point
    lat = homes.lat[asked.home] + far * np.sin(angle) / 111_200
    lon = homes.lon[asked.home] + far * np.cos(angle) / (111_320 * np.cos(np.radians(homes.lat[asked.home])))
    biggest = np.argmax(np.bincount(homes.community))
    there = np.flatnonzero(on_point & (homes.community[asked.home] == biggest))
    careless = rng.permutation(there)[: max(int(ONE_POINT * count), 8)]
    if len(careless):
        lon[careless], lat[careless] = lon[careless[0]], lat[careless[0]]
    return lon, lat
