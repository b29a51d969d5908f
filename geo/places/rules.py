"""Rules of places: kinds and levels, names people read, pinyin to search by, when a place may close."""

import re
from typing import NamedTuple

from pypinyin import Style, lazy_pinyin

from geo.i18n import N_

AREA_KINDS = ("city", "district", "street_office", "community", "grid")
DRAWN_KINDS = ("community", "grid", "compound", "building", "unit", "gate", "station", "candidate_site")
PLACE_KINDS = (*AREA_KINDS, "compound", "building", "unit", "household", "station", "candidate_site", "gate")
PLANNED_KINDS = frozenset({"station", "candidate_site"})
KIND_LABELS = {
    "city": N_("City"),
    "district": N_("District"),
    "street_office": N_("Street office"),
    "community": N_("Community"),
    "grid": N_("Grid"),
    "compound": N_("Compound"),
    "building": N_("Building"),
    "unit": N_("Unit"),
    "household": N_("Household"),
    "station": N_("Station"),
    "candidate_site": N_("Candidate site"),
    "gate": N_("Gate"),
}
FIELD_LABELS = {
    "code": N_("Code"),
    "name": N_("Name"),
    "number": N_("Number"),
    "address": N_("Address"),
    "kind": N_("Kind"),
    "floors": N_("Floors"),
    "height_m": N_("Height (m)"),
    "elevator": N_("Elevator"),
    "built_year": N_("Built in"),
    "households": N_("Households"),
    "floor_area_m2": N_("Floor area (m²)"),
    "area_m2": N_("Area (m²)"),
    "cost_fen": N_("Cost (fen)"),
    "owner": N_("Owner"),
    "status": N_("Status"),
    "phase": N_("Phase"),
    "opening_hours": N_("Opening hours"),
    "opened_on": N_("Opened on"),
    "closed_on": N_("Closed on"),
    "geom": N_("Shape"),
    "parent_id": N_("Belongs to"),
    "community_id": N_("Community"),
    "compound_id": N_("Compound"),
    "building_id": N_("Building"),
    "floor": N_("Floor"),
    "room": N_("Room"),
    "tenure": N_("Tenure"),
}
CODE_LABELS = {
    "commodity": N_("Commodity housing"),
    "old": N_("Old compound"),
    "work_unit": N_("Work-unit housing"),
    "unknown": N_("unknown"),
    "main": N_("Main gate"),
    "side": N_("Side gate"),
    "foot": N_("Foot gate"),
    "owner": N_("Owner"),
    "tenant": N_("Tenant"),
    "vacant": N_("Vacant"),
    "empty_room": N_("Empty room"),
    "gatehouse": N_("Gatehouse"),
    "bike_shed": N_("Bike shed"),
    "other": N_("Other"),
    "proposed": N_("Proposed"),
    "sited": N_("Sited"),
    "funded": N_("Funded"),
    "building": N_("Under construction"),
    "open": N_("Open"),
    "suspended": N_("Suspended"),
    "closed": N_("Closed"),
    "pilot": N_("Pilot"),
    "rollout": N_("Rollout"),
}
CODED_FIELDS = frozenset({"kind", "status", "phase", "tenure"})
ACTION_LABELS = {
    "draw": N_("Drawn"),
    "move": N_("Moved"),
    "correct": N_("Corrected"),
    "close": N_("Closed"),
    "undo": N_("Undone"),
    "status": N_("Status changed"),
    "assign_head": N_("Head assigned"),
    "end_holding": N_("Term ended"),
    "undo_holding": N_("Change of head undone"),
}
UNASSIGNED = "unassigned"
INSIDE_SHARE = 0.9
HAN = re.compile(r"[\u3400-\u9fff]")
WORDS = re.compile(r"[a-z]+|\d+")
TRAILING_NUMBER = re.compile(r"^(?P<name>.*?\D)\s*(?P<number>\d+[a-z]?)\s*(?:号楼|号|楼|栋|幢|#)?$", re.IGNORECASE)


def action_to_edit(kind: str) -> str:
    """Return which action of geo.access.rules draws, moves, corrects and closes a kind of place.

    >>> action_to_edit("building"), action_to_edit("station")
    ('edit_places', 'edit_stations')
    """
    return "edit_stations" if kind in PLANNED_KINDS else "edit_places"


def table_of(kind: str) -> str:
    """Return the table that keeps a kind of place: the five levels of area share one.

    >>> table_of("grid"), table_of("building")
    ('area', 'building')
    """
    return "area" if kind in AREA_KINDS else kind


def pinyin_of(name: str) -> str:
    """Return what a name can be searched by: pinyin in full and its initials, lower case, digits kept.

    >>> pinyin_of("金桂花园"), pinyin_of("金桂花园3期"), pinyin_of("Old Mill 2")
    ('jinguihuayuan jghy', 'jinguihuayuan3qi jghy3q', 'oldmill2 om2')
    """
    syllables = [word for part in lazy_pinyin(name, style=Style.NORMAL) for word in WORDS.findall(part.lower())]
    full = "".join(syllables)
    return f"{full} {''.join(word if word.isdigit() else word[0] for word in syllables)}" if full else ""


class PlaceNumber(NamedTuple):
    """A search text read as a compound's name and a building's number."""

    name: str
    number: str


def name_and_number(text: str) -> PlaceNumber | None:
    """Read a text as compound and building number, or None when it does not end in a number.

    >>> name_and_number("金桂花园 3号楼"), name_and_number("jgh3"), name_and_number("3")
    (PlaceNumber(name='金桂花园', number='3'), PlaceNumber(name='jgh', number='3'), None)
    """
    found = TRAILING_NUMBER.match(text.strip())
    return PlaceNumber(found["name"].strip(), found["number"].lower()) if found and found["name"].strip() else None


class BuildingNames(NamedTuple):
    """What is known to name a building by; compound is None while it is not assigned to one."""

    compound: str | None
    number: str | None
    name: str | None
    address: str | None
    code: str


def building_name(known: BuildingNames) -> str:
    """Return the name people read for a building: compound and number, else its own name, address or code.

    >>> building_name(BuildingNames("金桂花园", "3", None, None, "b1"))
    '金桂花园3号楼'
    >>> building_name(BuildingNames(None, None, None, None, "b1"))
    'b1'
    """
    if known.name:
        return known.name
    if known.number and known.compound:
        return joined(known.compound, known.number, "号楼")
    if known.address:
        return known.address
    return known.number or known.code


def joined(name: str, number: str, counter: str) -> str:
    """Return a name with a number behind it, with the Chinese counter where the name is Chinese.

    >>> joined("金桂花园3号楼", "1", "单元"), joined("金桂花园", "A座", "号楼"), joined("Mill Court 3", "1", "单元")
    ('金桂花园3号楼1单元', '金桂花园A座', 'Mill Court 3 1')
    """
    if not HAN.search(name):
        return f"{name} {number}"
    return f"{name}{number}{counter if number.isdigit() else ''}"
