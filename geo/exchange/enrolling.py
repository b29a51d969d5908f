"""A matched roster of volunteers into the registry: persons as rosters of posts make them, offers, weekly times."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, text
from sqlalchemy.orm import Session

from geo.exchange.findings import Findings
from geo.exchange.living import Door, doors_of
from geo.exchange.prepared import Prepared
from geo.exchange.seating import PhoneBook, Run, cell_text, persons_for, persons_named
from geo.exchange.terms import PersonKey
from geo.people.rules import plain_phone
from geo.people.tables import Availability, Volunteer
from geo.people.volunteer_rules import parsed_windows

UNTOLD = {"skills": [], "hours_week": 0, "party_member": False}
"""What is written of an offer that says nothing of it."""
COMMUNITIES = text(
    "SELECT a.code, a.name, a.id FROM area a WHERE a.level = 'community' AND NOT a.placeholder AND a.closed_on IS NULL"
)
COMPOUNDS = text(
    "SELECT c.name, min(c.community_id) AS community_id FROM compound c "
    "WHERE NOT c.placeholder AND c.closed_on IS NULL GROUP BY c.name HAVING count(DISTINCT c.community_id) = 1"
)
TEAMS = text(
    "SELECT community_id, code, name, id FROM organisation WHERE kind = 'volunteer_team' AND closed_on IS NULL"
)
DOORS_OF_VOLUNTEERS = text("SELECT person_id, building_id, unit_id FROM volunteer WHERE person_id = ANY (:ids)")
KNOWN = text(
    "SELECT v.person_id, v.team_id, v.building_id, v.unit_id, v.skills, v.hours_week, v.limit_m, v.birth_year, "
    "v.party_member, v.checked_in_on, (SELECT coalesce(array_agg(ARRAY[w.weekday, w.from_minute, w.to_minute] "
    "ORDER BY w.weekday, w.from_minute), '{}') FROM availability w WHERE w.volunteer_id = v.id) AS times "
    "FROM volunteer v WHERE v.person_id = ANY (:ids)"
)


@dataclass(frozen=True)
class _Row:
    """A volunteer of the file: row, community, who (name and mark of the number), offer and weekly times."""

    row: int
    community_id: int
    who: PersonKey
    offer: dict[str, Any]
    times: list[list[int]]


def enrol_rows(session: Session, run_id: int, prepared: Prepared, noted: Findings) -> dict[str, int]:
    """Make the persons of a roster volunteers; whoever is one with the same offer stays as they are.

    Rows of somebody with another offer, of the same person again, and of no known community are refused with a
    finding. Returns how many volunteers are new, changed (none) and unchanged, and how many persons are new.
    """
    connection = session.connection()
    book = PhoneBook(connection)
    rows = _once(_recognised(connection, book, _read(connection, prepared, book, noted)), noted)
    fresh, same = _unknown(connection, rows, book, noted)
    run = Run(run_id, Path(prepared.file_name).name, book)
    persons, made = persons_for(connection, run, {(row.community_id, row.who) for row in fresh})
    _write(connection, run, fresh, persons)
    return {"new": len(fresh), "changed": 0, "unchanged": same, "persons": made}


def _read(connection: Connection, prepared: Prepared, book: PhoneBook, noted: Findings) -> list[_Row]:
    doors = doors_of(connection, prepared.rows)
    places = _Places(connection)
    found = []
    for item in prepared.rows.itertuples(index=False):
        door = doors.get(item.row)
        community = door.community_id if door else places.community(item)
        if community is None:
            noted.add("community_unknown", [item.row], field="community")
            continue
        team = cell_text(item.team)
        team_id = places.team(community, team)
        if team is not None and team_id is None:
            noted.add("team_unknown", [item.row], field="team", value=np.array([team], dtype=object))
        who = (str(item.name), book.mark(plain_phone(cell_text(item.phone))))
        times = [list(window) for window in parsed_windows(cell_text(item.times) or "") or []]
        found.append(_Row(int(item.row), community, who, _offer(item, door, team_id), times))
    return found


def _offer(item: Any, door: Door | None, team_id: int | None) -> dict[str, Any]:
    """Return what a row offers; None is not told, and leaves what is known as it is."""
    skills, checked_in = cell_text(item.skills), None if pd.isna(item.checked_in_on) else item.checked_in_on
    party = None if pd.isna(item.party_member) else bool(item.party_member)
    return {
        "team_id": team_id,
        "building_id": door.building_id if door else None,
        "unit_id": door.unit_id if door else None,
        "skills": skills.split(";") if skills else None,
        "hours_week": None if pd.isna(item.hours_week) else float(item.hours_week),
        "limit_m": None if pd.isna(item.limit_m) else int(item.limit_m),
        "birth_year": None if pd.isna(item.birth_year) else int(item.birth_year),
        "party_member": True if checked_in is not None else party,
        "checked_in_on": checked_in,
    }


class _Places:
    """Communities and teams by what a row calls them."""

    def __init__(self, connection: Connection) -> None:
        rows = connection.execute(COMMUNITIES).all()
        by_name: dict[str, set[int]] = {}
        for code, name, key in rows:
            by_name.setdefault(code, set()).add(key)
            by_name.setdefault(name, set()).add(key)
        self.communities = {name: next(iter(keys)) for name, keys in by_name.items() if len(keys) == 1}
        self.only = rows[0].id if len(rows) == 1 else None
        self.compounds: dict[str, int] = {row.name: row.community_id for row in connection.execute(COMPOUNDS)}
        self.teams: dict[tuple[int, str], int] = {}
        for community, code, name, key in connection.execute(TEAMS):
            self.teams[community, code] = self.teams[community, name] = key

    def community(self, item: Any) -> int | None:
        """Return the community a row without a door belongs to; None when it does not say."""
        named = self.communities.get(cell_text(item.community) or "")
        found = named or self.compounds.get(cell_text(item.compound_name) or "")
        return found if found is not None else self.only if cell_text(item.community) is None else None

    def team(self, community_id: int, named: str | None) -> int | None:
        """Return the team of a community by name or code."""
        return self.teams.get((community_id, named or ""))


def _recognised(connection: Connection, book: PhoneBook, rows: list[_Row]) -> list[_Row]:
    """Take a row without a number for the one person of that name in its community, else for the one at its door."""
    bare = {(row.community_id, row.who) for row in rows if row.who[1] is None}
    persons = persons_named(connection, bare, book) if bare else {}
    found = connection.execute(DOORS_OF_VOLUNTEERS, {"ids": list(persons.values())})
    doors = {row.person_id: (row.building_id, row.unit_id) for row in found}
    named: dict[tuple[Any, ...], set[PersonKey]] = {}
    for (community, who), person_id in persons.items():
        named.setdefault((community, who[0]), set()).add(who)
        if person_id in doors:
            named.setdefault((community, who[0], *doors[person_id]), set()).add(who)
    return [_with_number(row, named) for row in rows]


def _with_number(row: _Row, named: dict[tuple[Any, ...], set[PersonKey]]) -> _Row:
    who = (row.community_id, row.who[0])
    at_door = (*who, row.offer["building_id"], row.offer["unit_id"])
    one = next((named[key] for key in (who, at_door) if len(named.get(key, ())) == 1), None)
    return row if row.who[1] is not None or one is None else replace(row, who=next(iter(one)))


def _once(rows: list[_Row], noted: Findings) -> list[_Row]:
    first: dict[tuple[int, PersonKey], int] = {}
    kept = []
    for row in rows:
        before = first.setdefault((row.community_id, row.who), row.row)
        if before == row.row:
            kept.append(row)
        else:
            noted.add("volunteer_twice", [row.row], field="name", first=before)
    return kept


def _unknown(
    connection: Connection, rows: list[_Row], book: PhoneBook, noted: Findings
) -> tuple[list[_Row], int]:  # fmt: skip
    """Return the rows of persons who are no volunteers yet, and how many are with the same offer."""
    wanted = {(row.community_id, row.who) for row in rows}
    persons = persons_named(connection, wanted, book) if wanted else {}
    known = {row.person_id: row for row in connection.execute(KNOWN, {"ids": list(persons.values())})}
    fresh, same, other = [], 0, []
    for row in rows:
        there = known.get(persons.get((row.community_id, row.who), 0))
        if there is None:
            fresh.append(row)
        elif _differs(row, there):
            other.append(row.row)
        else:
            same += 1
    if other:
        noted.add("volunteer_known", other, field="name")
    return fresh, same


def _differs(row: _Row, known: Any) -> bool:
    if any(told is not None and told != getattr(known, name) for name, told in row.offer.items()):
        return True
    return bool(row.times) and row.times != [list(window) for window in known.times]


def _write(
    connection: Connection, run: Run, rows: Iterable[_Row], persons: dict[tuple[int, PersonKey], int]
) -> None:  # fmt: skip
    listed = list(rows)
    if not listed:
        return
    values = [
        UNTOLD
        | {name: told for name, told in row.offer.items() if told is not None or name not in UNTOLD}
        | {
            "person_id": persons[row.community_id, row.who],
            "community_id": row.community_id,
            "import_id": run.id,
            "source": run.file_name,
        }
        for row in listed
    ]
    making = insert(Volunteer).returning(Volunteer.id, sort_by_parameter_order=True)
    ids = connection.scalars(making, values).all()
    times = [
        {"volunteer_id": key, "community_id": row.community_id, "weekday": day, "from_minute": begin, "to_minute": end}
        for key, row in zip(ids, listed, strict=True)
        for day, begin, end in row.times
    ]
    if times:
        connection.execute(insert(Availability), times)
