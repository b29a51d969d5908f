"""A matched roster of care needs into the registry: sealed persons, needs with numbers; what is there is left alone."""

from collections import Counter
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from geo.access.asking import call
from geo.exchange.findings import Findings
from geo.exchange.living import Door, doors_of
from geo.exchange.prepared import Prepared
from geo.exchange.sealed_rows import PERSON, sealed
from geo.exchange.seating import cell_text
from geo.people.needs import new_number
from geo.people.tables import CareNeed
from geo.store.clock import today

USUAL_RISK = "general"
ROOMS = text(
    "SELECT h.unit_id, h.room, min(h.id) FROM household h WHERE h.unit_id = ANY (:units) AND h.closed_on IS NULL "
    "GROUP BY 1, 2 HAVING count(*) = 1"
)
THERE = text(
    "SELECT building_id, unit_id, household_id, tasks, skills, hours_week, cadence_days, number FROM care_need "
    "WHERE building_id = ANY (:buildings) AND status <> 'ended' ORDER BY id"
)
NUMBERS = text("SELECT number FROM care_need")


def open_rows(session: Session, run_id: int, prepared: Prepared, noted: Findings) -> dict[str, int]:
    """Open the needs of a roster with the persons it names; a need with the same help at a door stays alone.

    Returns how many needs are new, changed (none) and unchanged, and how many persons are new.
    """
    connection = session.connection()
    rows = sealed(session, prepared).rows
    doors = doors_of(connection, rows)
    rooms = _rooms(connection, doors)
    wanted = [_need(item, doors[item.row], rooms, noted) for item in rows.itertuples(index=False) if item.row in doors]
    fresh = _not_there(connection, wanted, noted)
    persons = sum(_record(session, need) for need in fresh)
    if fresh:
        taken = set(connection.scalars(NUMBERS))
        values = [{**_stored(need), "number": _number(taken), "import_id": run_id} for need in fresh]
        connection.execute(insert(CareNeed), values)
    return {"new": len(fresh), "changed": 0, "unchanged": len(wanted) - len(fresh), "persons": persons}


def _rooms(connection: Connection, doors: dict[int, Door]) -> dict[tuple[int, str], int]:
    units = sorted({door.unit_id for door in doors.values() if door.unit_id is not None})
    return {(unit_id, room): key for unit_id, room, key in connection.execute(ROOMS, {"units": units})}


def _need(item: Any, door: Door, rooms: dict[tuple[int, str], int], noted: Findings) -> dict[str, Any]:
    room = cell_text(item.room)
    household_id = rooms.get((door.unit_id or 0, room or ""))
    if room is not None and household_id is None:
        noted.add("room_unmatched", [item.row], field="room")
    skills = cell_text(item.skills)
    return {
        "row": int(item.row),
        "person": item,
        **door._asdict(),
        "household_id": household_id,
        "tasks": item.tasks.split(";"),
        "skills": skills.split(";") if skills else [],
        "hours_week": None if pd.isna(item.hours_week) or not item.hours_week else float(item.hours_week),
        "cadence_days": None if pd.isna(item.cadence_days) else int(item.cadence_days),
        "opened_on": _day(item.opened_on),
    }


def _day(told: Any) -> date:
    """Return the day a need is open since: today where none is told, or one to come."""
    day: date = today() if pd.isna(told) else told
    return min(day, today())


def _same(need: Any) -> tuple[Any, ...]:
    hours = need["hours_week"]
    told = (need["building_id"], need["unit_id"], need["household_id"], tuple(need["tasks"]), tuple(need["skills"]))
    return (*told, None if hours is None else float(hours), need["cadence_days"])


def _not_there(connection: Connection, wanted: list[dict[str, Any]], noted: Findings) -> list[dict[str, Any]]:
    """Return the needs that are not recorded yet: each recorded one stands for one row with the same help."""
    rows = connection.execute(THERE, {"buildings": sorted({need["building_id"] for need in wanted})}).mappings().all()
    left = Counter(map(_same, rows))
    numbers: dict[tuple[Any, ...], list[str]] = {}
    for row in rows:
        numbers.setdefault(_same(row), []).append(row["number"])
    fresh = []
    for need in wanted:
        key = _same(need)
        if left[key] > 0:
            left[key] -= 1
            noted.add("need_known", [need["row"]], number=np.array([numbers[key].pop(0)], dtype=object))
        else:
            fresh.append(need)
    return fresh


def _record(session: Session, need: dict[str, Any]) -> int:
    """Record the person a row names, with what the file sealed; return how many that is."""
    item = need["person"]
    if pd.isna(getattr(item, PERSON)):
        return 0
    call(
        session,
        "record_person",
        given_id=int(getattr(item, PERSON)),
        at_building=need["building_id"],
        at_unit=need["unit_id"],
        at_household=need["household_id"],
        name=item.name_sealed,
        phone=item.phone_sealed,
        notes=item.notes_sealed,
        risk=cell_text(item.risk_class) or USUAL_RISK,
        alone=None if pd.isna(item.living_alone) else bool(item.living_alone),
        born=None if pd.isna(item.birth_year) else int(item.birth_year),
    )
    return 1


def _stored(need: dict[str, Any]) -> dict[str, Any]:
    person = getattr(need["person"], PERSON)
    kept = {name: value for name, value in need.items() if name not in ("row", "person")}
    return kept | {"helped_person_id": None if pd.isna(person) else int(person)}


def _number(taken: set[str]) -> str:
    """Return a number no need has, and keep it from being given again."""
    while (made := new_number()) in taken:
        pass
    taken.add(made)
    return made
