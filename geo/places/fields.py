"""The fields of places that people write, with what each may hold."""

import math
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from geo.errors import BadInput
from geo.i18n import N_, _, listed
from geo.places.rules import CODE_LABELS, FIELD_LABELS
from geo.places.search_text import cleaned
from geo.store.texts import LONGEST, SPACING, has_hidden, is_blank, shown

LONGEST_TEXT = LONGEST["name"]


class Field(NamedTuple):
    """What a field holds: "text", "whole" (int), "number" (float), "choice" or "flag"; low and high are included."""

    name: str
    holds: str = "text"
    required: bool = False
    low: float = 0
    high: float = math.inf
    choices: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the msgid of the field's label."""
        return FIELD_LABELS[self.name]


CODE = Field("code")
NAME = Field("name", required=True)
HOUSEHOLDS = Field("households", "whole", high=1_000_000)
AREA = (NAME, CODE, HOUSEHOLDS)
FIELDS: dict[str, tuple[Field, ...]] = {
    "city": AREA,
    "district": AREA,
    "street_office": AREA,
    "community": AREA,
    "grid": AREA,
    "compound": (
        NAME,
        Field("kind", "choice", choices=("commodity", "old", "work_unit", "unknown")),
        Field("built_year", "whole", low=1500, high=2200),
        HOUSEHOLDS,
        Field("address"),
        CODE,
    ),
    "building": (
        Field("number"),
        Field("name"),
        Field("address"),
        Field("floors", "whole", low=1, high=200),
        Field("height_m", "number", low=0.1, high=999),
        Field("elevator", "flag"),
        Field("built_year", "whole", low=1000, high=2200),
        HOUSEHOLDS,
        CODE,
    ),
    "unit": (Field("number", required=True), HOUSEHOLDS, CODE),
    "gate": (Field("kind", "choice", choices=("main", "side", "foot")), Field("name"), CODE),
    "station": (
        NAME,
        Field("phase", "choice", choices=("pilot", "rollout")),
        Field("floor_area_m2", "number", low=0.1, high=1_000_000),
        Field("opening_hours"),
        CODE,
    ),
    "candidate_site": (
        NAME,
        Field("kind", "choice", choices=("empty_room", "gatehouse", "bike_shed", "other")),
        Field("area_m2", "number", low=0.1, high=1_000_000),
        Field("cost_fen", "whole", high=10**15),
        Field("owner"),
        CODE,
    ),
}


def checked_fields(kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the given fields of a kind of place as they are stored: blanks as None, texts cleaned.

    Raises BadInput that names the field for an unknown field, a missing required value or a value out of range.

    >>> checked_fields("building", {"number": " 3 ", "floors": "6", "name": ""})
    {'number': '3', 'floors': 6, 'name': None}
    """
    known = {field.name: field for field in FIELDS.get(kind, ())}
    for name in given:
        if name not in known:
            raise BadInput(N_("A {kind} has no field {field}."), kind=kind, field=name)
    return {name: _checked(known[name], value) for name, value in given.items()}


def missing_fields(kind: str, fields: Mapping[str, Any]) -> list[str]:
    """Return the labels (msgids) of required fields without a value.

    >>> missing_fields("compound", {"name": None})
    ['Name']
    """
    return [field.label for field in FIELDS[kind] if field.required and fields.get(field.name) is None]


def _checked(field: Field, value: Any) -> Any:
    if isinstance(value, str):
        value = checked_text(field.name, value, field.label)
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        if field.required:
            raise BadInput(N_("{field} is missing. Write it down, then save again."), field=_(field.label))
        return None
    if field.holds in ("whole", "number"):
        return _checked_number(field, value)
    if field.holds == "flag":
        return bool(value)
    text = str(value)
    if field.choices and text not in field.choices:
        words = listed(_(CODE_LABELS[choice]) for choice in field.choices)
        raise BadInput(N_("{field} is one of: {choices}. Choose one."), field=_(field.label), choices=words)
    return text


def checked_text(column: str, given: str, label: str) -> str:
    """Return a text as its column stores it: cleaned, and empty when nothing of it can be seen.

    label: the msgid of what the text is called. Raises BadInput for a text that is too long or holds hidden signs.

    >>> checked_text("name", " 金桂\\n花园 ", "Name"), checked_text("name", "\\u3000\\u200b", "Name")
    ('金桂 花园', '')
    """
    spaced = re.sub(SPACING, " ", given)
    if has_hidden(spaced):
        raise BadInput(
            N_("{field} holds control signs nobody sees: {value}. Type it anew."), field=_(label), value=shown(spaced)
        )
    text = cleaned(spaced)
    most = LONGEST.get(column, LONGEST_TEXT)
    if len(text) > most:
        raise BadInput(N_("{field} is longer than {most} characters. Shorten it."), field=_(label), most=most)
    return "" if is_blank(text) else text


def _checked_number(field: Field, value: Any) -> float | int:
    try:
        number = float(value)
    except (TypeError, ValueError, OverflowError):
        raise BadInput(
            N_("{field} is not a number: “{value}”. Write digits only."), field=_(field.label), value=value
        ) from None
    if not field.low <= number <= field.high or (field.holds == "whole" and number != int(number)):
        if field.high == math.inf:
            raise BadInput(N_("{field} is at least {low}. Correct it."), field=_(field.label), low=field.low)
        raise BadInput(
            N_("{field} is a number from {low} to {high}. Correct it."),
            field=_(field.label),
            low=field.low,
            high=field.high,
        )
    return int(number) if field.holds == "whole" else number
