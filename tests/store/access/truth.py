"""Who may see which rows, computed in Python from the roles table alone: the other opinion beside row security."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

Row = dict[str, Any]
CITY_WIDE = {"administrator", "leader", "planner"}
UPPER_LEVELS = {"city", "district", "street_office"}
TABLES = {
    "area": "id, community_id, level",
    "compound": "id, community_id",
    "gate": "id, community_id",
    "building": "id, community_id, compound_id",
    "unit": "id, community_id, building_id, closed_on",
    "household": "id, community_id, unit_id",
    "residents": "building_id AS id, community_id",
    "station": "id, community_id",
    "candidate_site": "id, community_id",
    "organisation": "id, community_id",
    "post": "id, community_id, kind, building_id, unit_id, closed_on",
    "holding": "id, community_id, post_id, person_id, from_on, to_on",
    "person": "id, community_id",
    "care_need": "id, community_id, building_id, unit_id",
    "visit": "id, community_id, care_need_id",
    "volunteer": "id, community_id",
    "availability": "id, community_id",
    "hours_given": "id, community_id",
    "candidacy": "id, community_id",
    "care_circle": "id, community_id",
    "circle_member": "id, community_id",
    "shift": "id, community_id",
    "study": "id, community_id, kind",
    "scenario": "id, community_id",
    "request": "id, community_id, building_id, unit_id",
    "request_event": "id, community_id, request_id",
    "call_back": "id, community_id, request_id",
    "attachment": "id, community_id, request_id",
    "incident": "id, community_id",
    "incident_door": "id, community_id",
    "proposal": "id, community_id",
    "user_role": "id, community_id, user_name, role, station_id, person_id, from_on, to_on",
    "user_session": "id, user_name",
    "audit_entry": "id, community_id, actor",
}


@dataclass
class Who:
    """What the roles of a user come to on a day."""

    name: str
    roles: set[str] = field(default_factory=set)
    member_of: set[int] = field(default_factory=set)
    works_in: set[int] = field(default_factory=set)
    units: set[int] = field(default_factory=set)
    buildings: set[int] = field(default_factory=set)
    neighbours: set[int] = field(default_factory=set)

    @property
    def city_wide(self) -> bool:
        return bool(self.roles & CITY_WIDE)

    @property
    def runs(self) -> bool:
        return "administrator" in self.roles

    @property
    def plans(self) -> bool:
        return bool(self.roles & {"administrator", "planner"})

    @property
    def reads_log(self) -> bool:
        return bool(self.roles & {"administrator", "auditor"})


class Truth:
    """All rows as the owner sees them, and what each user may see of them."""

    def __init__(self, owner: Connection, on: date) -> None:
        self.on = on
        self.rows: dict[str, dict[int, Row]] = {
            table: {row["id"]: dict(row) for row in owner.execute(text(f"SELECT {columns} FROM {table}")).mappings()}
            for table, columns in TABLES.items()
        }
        self.active = set(owner.scalars(text("SELECT name FROM app_user WHERE status = 'active'")))
        self.units_of: dict[int, set[int]] = defaultdict(set)
        self.open_units_of: dict[int, set[int]] = defaultdict(set)
        for unit in self.rows["unit"].values():
            self.units_of[unit["building_id"]].add(unit["id"])
            if unit["closed_on"] is None:
                self.open_units_of[unit["building_id"]].add(unit["id"])

    def _covers(self, row: Row) -> bool:
        return bool(row["from_on"] <= self.on and (row["to_on"] is None or row["to_on"] > self.on))

    def who(self, name: str) -> Who:
        """Return what the roles of a user come to."""
        found = Who(name)
        if name not in self.active:
            return found
        for role in self.rows["user_role"].values():
            if role["user_name"] == name and self._covers(role):
                found.roles.add(role["role"])
                self._add_place(found, role)
        if found.buildings:
            self._add_neighbours(found)
        return found

    def _add_place(self, who: Who, role: Row) -> None:
        if role["role"] == "organiser":
            who.works_in.add(role["community_id"])
        elif role["role"] == "station_staff" and role["station_id"] in self.rows["station"]:
            who.works_in.add(self.rows["station"][role["station_id"]]["community_id"])
        elif role["role"] == "building_head" and role["person_id"] in self.rows["person"]:
            who.member_of.add(self.rows["person"][role["person_id"]]["community_id"])
            who.neighbours.add(role["person_id"])
            self._add_doors(who, role["person_id"])
        who.member_of |= who.works_in

    def _add_doors(self, who: Who, person_id: int) -> None:
        for holding in self.rows["holding"].values():
            post = self.rows["post"][holding["post_id"]]
            if holding["person_id"] != person_id or not self._covers(holding) or post["closed_on"] is not None:
                continue
            if post["kind"] == "building_head":
                who.buildings.add(post["building_id"])
                who.units |= self.units_of[post["building_id"]]
            elif post["kind"] == "unit_head":
                who.units.add(post["unit_id"])
                who.buildings.add(self.rows["unit"][post["unit_id"]]["building_id"])

    def _add_neighbours(self, who: Who) -> None:
        compounds = {self.rows["building"][one]["compound_id"] for one in who.buildings}
        near = {one for one, row in self.rows["building"].items() if row["compound_id"] in compounds}
        for holding in self.rows["holding"].values():
            post = self.rows["post"][holding["post_id"]]
            unit = self.rows["unit"].get(post["unit_id"])
            if post["building_id"] in near or (unit is not None and unit["building_id"] in near):
                who.neighbours.add(holding["person_id"])

    def visible(self, table: str, who: Who) -> set[int]:
        """Return the ids of a table's rows a user may see."""
        may = RULES[table]
        return {key for key, row in self.rows[table].items() if may(self, who, row)}


def _in_community(_truth: Truth, who: Who, row: Row) -> bool:
    return who.city_wide or row["community_id"] in who.member_of


def _area(_truth: Truth, who: Who, row: Row) -> bool:
    below = (row["community_id"] or row["id"]) in who.member_of
    return who.city_wide or (bool(who.roles) and (row["level"] in UPPER_LEVELS or below))


def _household(_truth: Truth, who: Who, row: Row) -> bool:
    return who.plans or row["community_id"] in who.works_in or row["unit_id"] in who.units


def _residents(_truth: Truth, who: Who, row: Row) -> bool:
    return who.runs or row["community_id"] in who.works_in


def _person(_truth: Truth, who: Who, row: Row) -> bool:
    return who.runs or row["community_id"] in who.works_in or row["id"] in who.neighbours


def _offer(_truth: Truth, who: Who, row: Row) -> bool:
    return who.plans or row["community_id"] in who.works_in


def _study(_truth: Truth, who: Who, row: Row) -> bool:
    of_persons = row["kind"] in {"pairing", "rota"}
    return who.runs or row["community_id"] in who.works_in or (who.city_wide and not of_persons)


def _need(truth: Truth, who: Who, row: Row) -> bool:
    if row["unit_id"] is None:
        own = row["building_id"] in who.buildings and truth.open_units_of[row["building_id"]] <= who.units
    else:
        own = row["unit_id"] in who.units
    return _residents(truth, who, row) or own


def _visit(truth: Truth, who: Who, row: Row) -> bool:
    return _need(truth, who, truth.rows["care_need"][row["care_need_id"]])


def _request(truth: Truth, who: Who, row: Row) -> bool:
    own = row["building_id"] in who.buildings if row["unit_id"] is None else row["unit_id"] in who.units
    return _residents(truth, who, row) or own


def _of_request(truth: Truth, who: Who, row: Row) -> bool:
    return _request(truth, who, truth.rows["request"][row["request_id"]])


def _own_or_log(_truth: Truth, who: Who, row: Row) -> bool:
    return who.reads_log or row["user_name"] == who.name


def _own_session(_truth: Truth, who: Who, row: Row) -> bool:
    return who.runs or row["user_name"] == who.name


def _entry(_truth: Truth, who: Who, row: Row) -> bool:
    return who.reads_log or row["actor"] == who.name or row["community_id"] in who.works_in


RULES: dict[str, Callable[[Truth, Who, Row], bool]] = {
    **dict.fromkeys(
        ("compound", "gate", "building", "unit", "station", "candidate_site", "organisation", "post", "holding"),
        _in_community,
    ),
    "area": _area,
    "household": _household,
    "residents": _residents,
    "person": _person,
    **dict.fromkeys(("volunteer", "availability"), _offer),
    **dict.fromkeys(("hours_given", "candidacy", "care_circle", "circle_member", "shift"), _residents),
    "study": _study,
    "scenario": lambda _truth, who, row: who.city_wide or row["community_id"] in who.works_in,
    "care_need": _need,
    "visit": _visit,
    "request": _request,
    **dict.fromkeys(("request_event", "call_back", "attachment"), _of_request),
    **dict.fromkeys(("incident", "incident_door", "proposal"), _in_community),
    "user_role": _own_or_log,
    "user_session": _own_session,
    "audit_entry": _entry,
}
