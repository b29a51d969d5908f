"""Helped persons and their needs: invented, sealed like real ones, drawn from the households that are there."""

from datetime import timedelta
from typing import Any

import numpy as np
from sqlalchemy import Connection, insert, text

from data import names
from data.frames import room_rng
from geo.access.helped_persons import SEALED, TABLE
from geo.access.keyring import keyring
from geo.access.sealing import Spot, seal
from geo.access.tables import CONSENT_PURPOSES, CONSENT_WAYS, Consent, HelpedPerson
from geo.people.needs import NUMBER_LENGTH, SIGNS
from geo.people.tables import TASKS, CareNeed
from geo.planning.rules import parameter_named
from geo.store.clock import today as city_today

SHARE = 0.008
"""Of the households that are lived in, how many have somebody who is helped."""
AGREED = (0.96, 0.6, 0.85)
TASK_SHARES = (0.8, 0.35, 0.4, 0.25)
TOLD_HOURS, TOLD_CADENCE = 0.7, 0.45
SKILL_OF_TASK = {"visit": "company", "shopping": "shopping", "medicine": "medicine", "meal": "cooking"}
RARER_SKILLS = (("nursing", 0.12), ("repair", 0.06))
HOURS_WEEK, CADENCES = (0.5, 1, 1.5, 2, 3, 4, 6), (3, 7, 14, 30)
RISKS, RISK_ENDS = ("high", "key", "general"), (0.15, 0.5)
STATUSES, STATUS_ENDS = ("open", "paused", "ended"), (0.8, 0.88)
NOTES = (
    "高血压，按时服药", "糖尿病，注意饮食", "行动不便，需要轮椅", "听力较弱，请大声说话", "视力较弱", "术后康复中",
    "轻度失智，子女在外地", "心脏病，随身带药", "腿脚不便，不能提重物", "",
)  # fmt: skip
HOMES = text(
    "SELECT h.id AS household_id, h.unit_id, u.building_id, u.community_id, coalesce(b.built_year, 2000) AS year "
    "FROM household h JOIN unit u ON u.id = h.unit_id JOIN building b ON b.id = u.building_id "
    "WHERE h.id = ANY (:ids) AND h.tenure IS DISTINCT FROM 'vacant' ORDER BY h.id"
)


def write(connection: Connection, seed: int, today: np.datetime64 | None = None) -> int:
    """Store helped persons, their consents and needs in the transaction that loads a demo city; return the persons.

    The same city, seed and day give the same rows but for the sealing, which is never the same twice.
    """
    rng = room_rng(seed, "needs")
    day = np.datetime64(city_today(), "D") if today is None else today
    homes = _homes(connection, rng)
    if not homes:
        return 0
    persons = _persons(rng, homes)
    needs = _needs(rng, persons, day)
    _detail(room_rng(seed, "need_details"), needs)
    _keep(persons, needs)
    ring = keyring(connection)
    for person in persons:
        for name in SEALED:
            spot = Spot(TABLE, name, person["id"])
            person[f"{name}_sealed"] = seal(ring.sealing, spot, person.pop(name) or None)
    connection.execute(insert(HelpedPerson), persons)
    connection.execute(insert(Consent), _consents(rng, persons, day))
    connection.execute(insert(CareNeed), needs)
    for table, last in (("personal.helped_person", len(persons)), ("care_need", len(needs))):
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)"), {"table": table, "last": last}
        )
    connection.execute(text("ANALYZE personal.helped_person, personal.consent, care_need"))
    return len(persons)


def _homes(connection: Connection, rng: np.random.Generator) -> list[Any]:
    count = connection.scalar(text("SELECT count(*) FROM household")) or 0
    drawn = np.sort(rng.choice(count, size=int(count * SHARE * 2), replace=False)) + 1
    found = connection.execute(HOMES, {"ids": drawn.tolist()}).all()
    old = np.clip((2015 - np.array([home.year for home in found], dtype=float)) / 40, 0.1, 0.9)
    return [home for home, kept in zip(found, rng.random(len(found)) < 0.3 + 0.5 * old, strict=True) if kept]


def _persons(rng: np.random.Generator, homes: list[Any]) -> list[dict[str, Any]]:
    count = len(homes)
    name = names.persons(rng, count)[0]
    phone = np.where(rng.random(count) < 0.08, b"", names.phones(rng, count))
    note = rng.integers(0, len(NOTES), count)
    risk = np.searchsorted(RISK_ENDS, rng.random(count))
    alone = rng.random(count)
    born = np.where(rng.random(count) < 0.82, rng.integers(1933, 1957, count), rng.integers(1957, 2012, count))
    told = rng.random(count) > 0.05
    return [
        {
            "id": at + 1,
            "community_id": home.community_id,
            "building_id": home.building_id,
            "unit_id": home.unit_id,
            "household_id": home.household_id,
            "name": name[at].decode(),
            "phone": phone[at].decode(),
            "notes": NOTES[note[at]],
            "risk_class": RISKS[risk[at]],
            "living_alone": None if alone[at] > 0.92 else bool(alone[at] < 0.33),
            "birth_year": int(born[at]) if told[at] else None,
        }
        for at, home in enumerate(homes)
    ]


def _needs(rng: np.random.Generator, persons: list[dict[str, Any]], today: np.datetime64) -> list[dict[str, Any]]:
    owners = np.sort(np.concatenate([np.arange(len(persons)), np.flatnonzero(rng.random(len(persons)) < 0.12)]))
    count = len(owners)
    status = np.searchsorted(STATUS_ENDS, rng.random(count))
    opened = today - rng.integers(5, 900, count)
    ended = np.minimum(opened + rng.integers(30, 500, count), today)
    wanted = rng.random((count, len(TASKS))) < TASK_SHARES
    wanted[~wanted.any(axis=1), 0] = True
    signs = np.array(list(SIGNS))
    drawn = rng.choice(len(SIGNS) ** NUMBER_LENGTH, size=count, replace=False, shuffle=True)
    written = signs[drawn[:, None] // len(SIGNS) ** np.arange(NUMBER_LENGTH) % len(SIGNS)]
    places = ("community_id", "building_id", "unit_id", "household_id")
    return [
        {
            "id": at + 1,
            "number": "".join(written[at]),
            **{name: persons[owner][name] for name in places},
            "helped_person_id": persons[owner]["id"],
            "tasks": [task for task, yes in zip(TASKS, wanted[at], strict=True) if yes],
            "status": STATUSES[status[at]],
            "opened_on": opened[at].item(),
            "ended_on": ended[at].item() if STATUSES[status[at]] == "ended" else None,
        }
        for at, owner in enumerate(owners)
    ]


def _detail(rng: np.random.Generator, needs: list[dict[str, Any]]) -> None:
    """Give needs the skills they take, and some the hours a week and the days between two visits."""
    count = len(needs)
    draw, hours, days = rng.random((4, count)), rng.integers(0, len(HOURS_WEEK), count), rng.random(count)
    for at, need in enumerate(needs):
        usual = [SKILL_OF_TASK[task] for task in need["tasks"] if draw[0, at] < 0.8 or task == "visit"]
        rarer = [skill for row, (skill, share) in enumerate(RARER_SKILLS, 1) if draw[row, at] < share]
        need["skills"] = usual + rarer
        need["hours_week"] = HOURS_WEEK[hours[at]] if draw[3, at] < TOLD_HOURS else None
        need["cadence_days"] = CADENCES[int(days[at] / TOLD_CADENCE * 4)] if days[at] < TOLD_CADENCE else None


def _keep(persons: list[dict[str, Any]], needs: list[dict[str, Any]]) -> None:
    """Give persons whose needs have all ended the day until which they are kept."""
    days = timedelta(days=parameter_named("person_retention_days").default)
    ends: dict[int, list[Any]] = {}
    for need in needs:
        ends.setdefault(need["helped_person_id"], []).append(need["ended_on"])
    for person in persons:
        over = ends[person["id"]]
        person["retain_until"] = None if None in over else max(over) + days


def _consents(rng: np.random.Generator, persons: list[dict[str, Any]], today: np.datetime64) -> list[dict[str, Any]]:
    given = rng.random((len(persons), len(AGREED))) < AGREED
    days = today - rng.integers(5, 900, given.shape)
    taken_back = rng.random(given.shape) < 0.03
    way = np.searchsorted((0.6, 0.9), rng.random(given.shape))
    return [
        {
            "helped_person_id": person["id"],
            "purpose": purpose,
            "given_on": days[at, kind].item(),
            "withdrawn_on": today.item() if taken_back[at, kind] else None,
            "how": CONSENT_WAYS[way[at, kind]],
            "recorded_by": "demo",
        }
        for at, person in enumerate(persons)
        for kind, purpose in enumerate(CONSENT_PURPOSES)
        if given[at, kind]
    ]
