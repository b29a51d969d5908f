"""Volunteers with their teams: heads who help beyond their post, and residents who hold none; written set by set."""

from dataclasses import dataclass

import numpy as np
from sqlalchemy import Connection, text

from data import names, volunteer_hours
from data.contacts import Contacts
from data.frames import Frame, join, masked, room_rng, texts
from geo.governance.tables import TEAM_KINDS
from geo.people.tables import SKILLS
from geo.store.arrays import read_arrays
from geo.store.clock import today as city_today
from geo.store.copy import copy_columns

HOUSEHOLDS_A_VOLUNTEER = 60
BUILDINGS_WITH_VOLUNTEERS = 100_000
"""Beyond so many buildings nobody helps yet: a city of a million is loaded as fast as one of these."""
HEADS_WHO_HELP = 0.06
NOWHERE, UNIT_KNOWN = 0.04, 0.85
IN_A_TEAM, SHARE_OF_TEAM = 0.75, (0.12, 0.6, 0.1, 0.1, 0.08)
HAS_TEAM = (0.4, 1.0, 0.35, 0.4, 0.3)
TEAM_WORDS = ("家庭事务调解队", "4050助7080服务队", "维修服务队", "健康服务队", "政策宣讲队")
USUAL = ("company", "shopping", "medicine", "cooking")
OF_TEAM = (("mediation", "company"), USUAL, ("repair",), ("nursing", "medicine"), ("policy_talk",))
HOURS_OFFERED = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0, 8.0)
LIMITS_M = (300, 500, 800, 1000, 1500)
STATUSES, STATUS_ENDS = ("active", "paused", "ended"), (0.88, 0.95)
COMMUNITIES = text("SELECT id, code, name FROM area WHERE level = 'community' AND closed_on IS NULL ORDER BY id")
HOMES = (
    "SELECT id, community_id, coalesce(households, 20) AS households FROM building "
    "WHERE id <= %(last)s AND closed_on IS NULL ORDER BY id"
)
ENTRANCES = "SELECT id, building_id FROM unit WHERE building_id <= %(last)s ORDER BY building_id, id"
HEADS = (
    "SELECT DISTINCT ON (h.person_id) h.person_id AS id, p.building_id, p.community_id FROM holding h "
    "JOIN post p ON p.id = h.post_id AND p.kind = 'building_head' WHERE p.building_id <= %(last)s "
    "AND h.from_on <= %(today)s AND (h.to_on IS NULL OR h.to_on > %(today)s) ORDER BY h.person_id, p.building_id"
)
KEYS = {"id": "int8", "building_id": "int8"}
STAGED = {
    "id": "int8", "person_id": "int8", "community_id": "int8", "team_id": "int8", "building_id": "int8",
    "unit_id": "int8", "skills": "text", "hours_week": "numeric", "limit_m": "int4", "birth_year": "int2",
    "party_member": "bool", "checked_in_on": "date", "status": "text", "closed_on": "date",
}  # fmt: skip
STAGE = ", ".join(f"{name} {kind}" for name, kind in STAGED.items())
WRITTEN = ", ".join(STAGED)
VALUES = WRITTEN.replace("skills", "string_to_array(skills, ',')")


@dataclass(frozen=True)
class _Chosen:
    """Who helps: the person, and the building they live at, both by key."""

    person: np.ndarray
    building: np.ndarray
    community: np.ndarray

    def __len__(self) -> int:
        return len(self.person)


def write(connection: Connection, seed: int, today: np.datetime64 | None = None) -> dict[str, int]:
    """Store teams and volunteers with their times and hours given; return how many organisations and persons came.

    The same city, seed and day give the same rows but for the sealed numbers, which are never the same twice.
    """
    rng = room_rng(seed, "volunteers")
    day = np.datetime64(city_today(), "D") if today is None else today
    communities = connection.execute(COMMUNITIES).all()
    if not communities:
        return {}
    teams, made = _teams(connection, rng, communities)
    chosen, persons = _chosen(connection, rng, day)
    rows = _volunteers(connection, rng, chosen, (np.array([one.id for one in communities]), teams), day)
    connection.exec_driver_sql(f"CREATE TEMP TABLE helping ({STAGE}) ON COMMIT DROP")
    copy_columns(connection, "helping", STAGED, rows)
    connection.exec_driver_sql(f"INSERT INTO volunteer ({WRITTEN}, source) SELECT {VALUES}, 'demo' FROM helping")  # noqa: S608
    connection.execute(
        text("SELECT setval(pg_get_serial_sequence('volunteer', 'id'), :last)"), {"last": max(len(chosen), 1)}
    )
    volunteer_hours.write(connection, rng, rows, day)
    connection.exec_driver_sql("ANALYZE volunteer, availability, hours_given")
    return {"organisation": made, "person": persons}


def _teams(connection: Connection, rng: np.random.Generator, communities: list) -> tuple[np.ndarray, int]:
    """Store the teams and return their keys by community and kind (0: none), and how many there are."""
    has = rng.random((len(communities), len(TEAM_KINDS))) < HAS_TEAM
    last = connection.scalar(text("SELECT coalesce(max(id), 0) FROM organisation"))
    place, kind = np.nonzero(has)
    ids = np.arange(len(place)) + last + 1
    code, name = texts([one.code for one in communities]), texts([one.name for one in communities])
    columns = {
        "id": ids,
        "code": join(code[place], "-", texts(("TJ", "TZ", "TW", "TK", "TX"))[kind]),
        "kind": np.full(len(ids), b"volunteer_team"),
        "team_kind": texts(TEAM_KINDS)[kind],
        "name": join(name[place], texts(TEAM_WORDS)[kind]),
        "community_id": np.array([one.id for one in communities])[place],
        "source": np.full(len(ids), b"demo"),
    }
    whole = ("id", "community_id")
    copy_columns(connection, "organisation", {key: "int8" if key in whole else "text" for key in columns}, columns)
    teams = np.zeros(has.shape, dtype=np.int64)
    teams[place, kind] = ids
    return teams, len(ids)


def _chosen(connection: Connection, rng: np.random.Generator, day: np.datetime64) -> tuple[_Chosen, int]:
    """Return who helps, and how many of them are persons nobody knew before."""
    known = {"last": BUILDINGS_WITH_VOLUNTEERS, "today": day.item()}
    heads = read_arrays(connection, HEADS, KEYS | {"community_id": "int8"}, known)
    helping = np.flatnonzero(rng.random(len(heads["id"])) < HEADS_WHO_HELP)
    homes = read_arrays(connection, HOMES, {"id": "int8", "community_id": "int8", "households": "int4"}, known)
    each = rng.poisson(homes["households"] / HOUSEHOLDS_A_VOLUNTEER)
    home = np.repeat(np.arange(len(each)), each)
    first = connection.scalar(text("SELECT coalesce(max(id), 0) FROM person")) + 1
    person, community = np.arange(len(home)) + first, homes["community_id"][home]
    _persons(connection, rng, person, community)
    return _Chosen(
        np.concatenate([heads["id"][helping], person]),
        np.concatenate([heads["building_id"][helping], homes["id"][home]]),
        np.concatenate([heads["community_id"][helping], community]),
    ), len(home)


def _persons(connection: Connection, rng: np.random.Generator, ids: np.ndarray, community: np.ndarray) -> None:
    count = len(ids)
    name, pinyin = names.persons(rng, count)
    phone = np.where(rng.random(count) < 0.06, b"", names.phones(rng, count))
    numbers = Contacts()
    columns = {"id": ids, "name": name, "pinyin": pinyin, "phone": phone, "community_id": community}
    frame = numbers.taken_from(Frame("person", columns | {"source": np.full(count, b"demo")}))
    whole = ("id", "community_id")
    types = {key: "int8" if key in whole else "text" for key in frame.columns}
    copy_columns(connection, "person", types, frame.columns)
    numbers.write(connection)


def _volunteers(
    connection: Connection, rng: np.random.Generator, chosen: _Chosen, teams: tuple[np.ndarray, np.ndarray],
    day: np.datetime64,
) -> dict[str, np.ndarray]:  # fmt: skip
    count = len(chosen)
    nowhere = rng.random(count) < NOWHERE
    unit = _units(connection, rng, chosen.building)
    kind = np.searchsorted(np.cumsum(SHARE_OF_TEAM), rng.random(count) * sum(SHARE_OF_TEAM))
    team = teams[1][np.searchsorted(teams[0], chosen.community), kind]
    kind = np.where(team == 0, TEAM_KINDS.index("care_4050_7080"), kind)
    team = teams[1][np.searchsorted(teams[0], chosen.community), kind]
    party = rng.random(count) < 0.3
    came = day - rng.integers(3, 700, count)
    status = np.searchsorted(STATUS_ENDS, rng.random(count))
    age = np.where(rng.random(count) < 0.6, rng.integers(40, 60, count), rng.integers(19, 78, count))
    return {
        "id": np.arange(1, count + 1),
        "person_id": chosen.person,
        "community_id": chosen.community,
        "team_id": masked(team, rng.random(count) > IN_A_TEAM),
        "building_id": masked(chosen.building, nowhere),
        "unit_id": masked(unit, nowhere | (unit == 0) | (rng.random(count) > UNIT_KNOWN)),
        "skills": _skills(rng, kind),
        "hours_week": np.array(HOURS_OFFERED)[(rng.random(count) ** 1.4 * len(HOURS_OFFERED)).astype(int)],
        "limit_m": masked(np.array(LIMITS_M)[rng.integers(0, len(LIMITS_M), count)], rng.random(count) < 0.7),
        "birth_year": masked(day.item().year - age, rng.random(count) < 0.05),
        "party_member": party,
        "checked_in_on": masked(came, ~party | (rng.random(count) < 0.3)),
        "status": texts(STATUSES)[status],
        "closed_on": masked(day - rng.integers(1, 200, count), status != STATUSES.index("ended")),
    }


def _units(connection: Connection, rng: np.random.Generator, building: np.ndarray) -> np.ndarray:
    """Return a unit of each building by chance, 0 where none is known."""
    units = read_arrays(connection, ENTRANCES, KEYS, {"last": BUILDINGS_WITH_VOLUNTEERS})
    first = np.searchsorted(units["building_id"], building)
    count = np.searchsorted(units["building_id"], building, side="right") - first
    place = np.minimum(first + (rng.random(len(building)) * count).astype(int), max(len(units["id"]) - 1, 0))
    return np.where(count > 0, units["id"][place], 0) if len(units["id"]) else np.zeros(len(building), dtype=np.int64)


def _skills(rng: np.random.Generator, kind: np.ndarray) -> np.ndarray:
    """Return the skills of each volunteer as one text: some of their team's, and sometimes one more."""
    wanted = np.array([[skill in of_team for skill in SKILLS] for of_team in OF_TEAM])[kind]
    usual = np.array([skill in USUAL for skill in SKILLS])
    draw = rng.random((len(kind), len(SKILLS)))
    has = (wanted & (draw < 0.55)) | (usual & (draw < 0.12))
    has[np.arange(len(kind)), np.argmax(wanted + draw / 2, axis=1)] = True
    return texts([",".join(skill for skill, yes in zip(SKILLS, row, strict=True) if yes) for row in has.tolist()])
