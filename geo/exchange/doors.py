"""Rows of people matched to the doors they live at: a building, perhaps its unit; or none where none is told."""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.exchange.addresses import Match, PlaceIndex, parsed_address
from geo.exchange.draft import Draft
from geo.exchange.roster import Outcome, Row, find_place, note_places, place_index, row_records
from geo.exchange.surroundings import Surroundings

DOOR_KINDS = ("unit", "building")
ANYWHERE = ("place_code", "address", "building_number", "unit_number")
DOOR_COLUMNS = ("place_kind", "place_id")


@dataclass
class _Doors:
    """Per row the position of its place (-1: none), and the rows whose unit is not on the map."""

    outcome: Outcome = field(default_factory=Outcome)
    told: list[bool] = field(default_factory=list)
    without_unit: list[int] = field(default_factory=list)


def match_doors(draft: Draft, surroundings: Surroundings) -> npt.NDArray[np.bool_]:
    """Match rows to doors; the frame gets place_kind (unit, building or NA) and place_id; return which rows have one.

    Rows that name a place which is not on the map, or several, are refused with the nearest. Raises BadInput when no
    place is on the map yet.
    """
    index = place_index(surroundings, draft.name)
    doors = _Doors()
    for number, row in zip(draft.rows.tolist(), row_records(draft.frame), strict=True):
        _find(index, number, row, doors)
    note_places(draft, index, doors.outcome)
    if doors.without_unit:
        draft.findings.add("unit_unmatched", doors.without_unit, field="unit_number")
    positions, told = np.array(doors.outcome.place, dtype=np.int64), np.array(doors.told, dtype=bool)
    found = positions >= 0
    at = np.where(found, positions, 0)
    for name, source, kind in (("place_kind", "kind", "string"), ("place_id", "id", "Int64")):
        values = pd.Series(index.places[source].to_numpy()[at] if len(at) else [], dtype=kind)
        draft.frame[name] = values.mask(~found, pd.NA).array
    draft.keep(found | ~told)
    return np.asarray(draft.frame["place_id"].notna().to_numpy(dtype=bool))


def _find(index: PlaceIndex, number: int, row: Row, doors: _Doors) -> None:
    told = _tells_a_door(row)
    doors.told.append(told)
    match, written = Match(()), "-"
    kind = DOOR_KINDS[0]
    for kind in DOOR_KINDS if told else ():
        match, written = find_place(index, kind, row)
        if match.positions:
            break
    found = match.found
    doors.outcome.place.append(-1 if found is None else found)
    if not told:
        return
    if match.positions and found is None:
        doors.outcome.ambiguous.append((number, written, list(match.positions[:3])))
    elif found is None:
        doors.outcome.unmatched.append((number, written, index.nearest("building", written)))
    elif kind == "building" and row.get("unit_number"):
        doors.without_unit.append(number)


def _tells_a_door(row: Row) -> bool:
    """Tell whether a row names more than a compound: its name alone is no door."""
    if any(row.get(name) for name in ANYWHERE):
        return True
    compound = parsed_address(row["compound_name"]) if row.get("compound_name") else None
    return compound is not None and compound.building is not None
