"""Rows that name a place in words: matched to the places on the map, else refused with the three nearest."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geo.errors import BadInput
from geo.exchange.addresses import Address, Match, PlaceIndex, building_number, parsed_address, unit_number
from geo.exchange.draft import Draft
from geo.exchange.spellings import OPEN_ENDED, plain
from geo.exchange.surroundings import Surroundings
from geo.i18n import N_
from geo.people.rules import plain_phone

PLACE_KINDS = {
    "building_head": "building",
    "unit_head": "unit",
    "stationmaster": "station",
    "deputy_stationmaster": "station",
    "grid_member": "grid",
    "committee_member": "organisation",
}
POST_OF_PLACE = {"unit": "unit_head", "building": "building_head"}
POST_COLUMNS = ("row", "place_kind", "place_id", "place_code", "post", "name", "phone", "from_on", "to_on", "how")
Row = dict[str, Any]


@dataclass
class Outcome:
    """Positions of matched places per row (-1: none), and what is to be noted of the others."""

    place: list[int] = field(default_factory=list)
    post: list[str | None] = field(default_factory=list)
    unmatched: list[tuple[int, str, list[int]]] = field(default_factory=list)
    ambiguous: list[tuple[int, str, list[int]]] = field(default_factory=list)
    assumed: list[int] = field(default_factory=list)


def seat_rows(draft: Draft, surroundings: Surroundings) -> None:
    """Match the rows of a roster to places; the draft's frame gets place_kind, place_id and place_code.

    Raises BadInput when no place is on the map yet.
    """
    index = place_index(surroundings, draft.name)
    _take_out_unreadable_days(draft)
    _take_out_turned(draft)
    _take_out_other_posts(draft)
    draft.frame["phone"] = draft.frame["phone"].map(plain_phone, na_action="ignore").astype("string")
    vacant = draft.frame["name"].isna().to_numpy(dtype=bool)
    draft.take_out(vacant, "post_vacant", field="name")
    outcome = Outcome()
    for number, row in zip(draft.rows.tolist(), row_records(draft.frame), strict=True):
        _seat(index, number, row, outcome)
    note_places(draft, index, outcome)
    positions = np.array(outcome.place, dtype=np.int64)
    places = index.places
    draft.frame["post"] = pd.array(outcome.post, dtype="string")
    for name, source, kind in (
        ("place_kind", "kind", "string"),
        ("place_id", "id", "Int64"),
        ("place_code", "code", "string"),
    ):
        values = places[source].iloc[positions].to_numpy() if len(positions) else []
        draft.frame[name] = pd.array(values, dtype=kind)
    draft.note(draft.frame["from_on"].isna().to_numpy(dtype=bool) & (positions >= 0), "from_assumed", field="from_on")
    draft.keep(positions >= 0)


def place_index(surroundings: Surroundings, name: str) -> PlaceIndex:
    """Return the places of the map to find those a file names; BadInput where there are none yet."""
    if surroundings.places is None or surroundings.places.empty:
        raise BadInput(N_("{file} names places, but none is on the map yet. Import the buildings first."), file=name)
    return PlaceIndex(surroundings.places)


def row_records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame as dicts, None where a cell is unknown."""
    return [
        {name: None if value is pd.NA else value for name, value in record.items()}
        for record in frame.to_dict("records")
    ]


def _take_out_unreadable_days(draft: Draft) -> None:
    """Refuse rows with a day that is written but cannot be read; an end in words like "to this day" is open."""
    for batch in draft.findings.withdraw("not_a_date"):
        values = np.asarray(batch.detail["value"], dtype=object)
        still = np.array([batch.field == "to_on" and plain(value) in OPEN_ENDED for value in values], dtype=bool)
        draft.findings.add("day_unreadable", batch.rows[~still], field=batch.field, value=values[~still])
        draft.keep(~np.isin(draft.rows, batch.rows[~still]))


def _take_out_turned(draft: Draft) -> None:
    starts, ends = draft.frame["from_on"], draft.frame["to_on"]
    turned = np.array(
        [a is not None and b is not None and b <= a for a, b in zip(starts, ends, strict=True)], dtype=bool
    )
    shown = {name: np.array([str(day) for day in draft.frame[name]], dtype=object) for name in ("from_on", "to_on")}
    draft.take_out(turned, "dates_turned", field="to_on", **shown)


def _take_out_other_posts(draft: Draft) -> None:
    """Refuse rows whose post is none of ours: a caretaker at a building is not its head."""
    others = [batch.rows for batch in draft.findings.batches if (batch.code, batch.field) == ("not_a_choice", "post")]
    if others:
        draft.take_out(np.isin(draft.rows, np.concatenate(others)), "required_missing", field="post")


def _seat(index: PlaceIndex, number: int, row: Row, outcome: Outcome) -> None:
    post = row.get("post")
    match, written = Match(()), "-"
    kinds = [PLACE_KINDS[post]] if post else ["unit", "building"]
    for kind in kinds:
        match, written = find_place(index, kind, row)
        if match.positions:
            break
    found = match.found
    if found is not None and post is None:
        post = POST_OF_PLACE[kind]
        outcome.assumed.append(number)
    elif match.positions and found is None:
        outcome.ambiguous.append((number, written, list(match.positions[:3])))
    elif found is None:
        outcome.unmatched.append((number, written, index.nearest(kinds[-1], written)))
    outcome.place.append(-1 if found is None else found)
    outcome.post.append(post)


def find_place(index: PlaceIndex, kind: str, row: Row) -> tuple[Match, str]:
    """Return the places of a kind that a row names, and the words it names them with.

    row: place_code, address, compound_name, building_number, unit_number; any may be missing. The code wins; else the
    address with what the other cells add to it; else the compound with the numbers.
    """
    code = row.get("place_code")
    if code:
        match = index.by_code(kind, code)
        if match.positions:
            return match, code
    tried = _spellings(kind, row)
    for address in tried:
        match = index.by_address(kind, address)
        if match.positions:
            return match, address.key
    return Match(()), tried[0].key if tried else code or "-"


def _spellings(kind: str, row: Row) -> list[Address]:
    building, unit = building_number(row.get("building_number")), unit_number(row.get("unit_number"))
    spelled = []
    compound = parsed_address(row["compound_name"]) if row.get("compound_name") else None
    if row.get("address"):
        given = parsed_address(row["address"])
        number = given.building or building
        if number is None and compound is not None and given.base.removesuffix("号").isalnum() and len(given.base) <= 4:
            number, given = building_number(row["address"]), Address("")
        full = Address(given.base, number, given.unit or unit)
        if compound is not None and not given.base.endswith(compound.base):
            spelled.append(Address(compound.base + given.base, full.building, full.unit))
            spelled.append(Address(compound.base, full.building, full.unit))
        spelled.append(full)
    elif compound is not None:
        spelled.append(Address(compound.base, compound.building or building, compound.unit or unit))
    return [address if kind == "unit" else address.without_unit() for address in spelled]


def note_places(draft: Draft, index: PlaceIndex, outcome: Outcome) -> None:
    """Note the rows whose place is not on the map, with the nearest, and those that fit several."""
    for code, listed in (("place_unmatched", outcome.unmatched), ("place_ambiguous", outcome.ambiguous)):
        if listed:
            rows, written, near = zip(*listed, strict=True)
            draft.findings.add(
                code,
                list(rows),
                field="address",
                value=_objects(list(written)),
                proposals=_objects([_proposed(index, positions) for positions in near]),
            )
    if outcome.assumed:
        draft.findings.add("post_assumed", outcome.assumed, field="post")


def _proposed(index: PlaceIndex, positions: list[int]) -> list[str]:
    codes = index.places["code"]
    return [f"{index.label(position)} ({codes.iloc[position]})" for position in positions]


def _objects(values: list[Any]) -> Any:
    return np.fromiter(values, dtype=object, count=len(values))


def refer_by_address(draft: Draft, surroundings: Surroundings) -> None:
    """Fill the building's code of units and flats from their address, where the map has one building at it."""
    if surroundings.places is None or surroundings.places.empty or "building_code" not in draft.frame:
        return
    wanting = np.flatnonzero(
        (draft.frame["building_code"].isna() & draft.frame["address"].notna()).to_numpy(dtype=bool)
    )
    if not wanting.size:
        return
    index = PlaceIndex(surroundings.places)
    codes = draft.text("building_code").copy()
    for position in wanting:
        found = find_place(index, "building", {"address": draft.frame["address"].iloc[position]})[0].found
        if found is not None:
            codes[position] = index.places["code"].iloc[found]
    draft.frame["building_code"] = pd.array(codes, dtype="string")


def locate_by_address(draft: Draft, surroundings: Surroundings) -> None:
    """Put rows that have an address but no point at the building of that address; refuse those whose
    address is unknown.
    """
    missing = draft.missing()
    if (
        draft.kind.geometry != "point"
        or not draft.kind.geometry_required
        or "address" not in draft.frame
        or not missing.any()
    ):
        return
    wanting = np.flatnonzero(missing & draft.frame["address"].notna().to_numpy(dtype=bool))
    if not wanting.size or surroundings.places is None or surroundings.places.empty:
        return
    index = PlaceIndex(surroundings.places)
    unknown: list[tuple[int, str, list[str]]] = []
    for position, row in zip(wanting.tolist(), row_records(draft.frame.iloc[wanting]), strict=True):
        match, written = find_place(index, "building", row)
        found = match.found
        if found is None:
            unknown.append((int(draft.rows[position]), written, _proposed(index, index.nearest("building", written))))
            continue
        place = index.places.iloc[found]
        draft.geometry[position] = shapely.Point(place["lon"], place["lat"])
        draft.findings.add("located_by_address", [int(draft.rows[position])], field="geom", place=index.label(found))
    if unknown:
        rows, written_as, near = zip(*unknown, strict=True)
        draft.findings.add(
            "address_unknown",
            list(rows),
            field="address",
            value=_objects(list(written_as)),
            proposals=_objects(list(near)),
        )
        draft.keep(~np.isin(draft.rows, rows))
