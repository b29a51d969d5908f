"""Inputs for the fields of a place."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.i18n import _
from geo.places.editing import Editable
from geo.places.fields import FIELDS, Field
from geo.places.rules import CODE_LABELS

LONG_FIELDS = frozenset({"address", "opening_hours", "owner"})


def field_inputs(kind: str, now: Mapping[str, Any], key: str) -> dict[str, Any]:
    """Show an input per field of a kind of place, short ones side by side, and return what stands in them."""
    long = [field for field in FIELDS[kind] if field.name in LONG_FIELDS]
    short = [field for field in FIELDS[kind] if field.name not in LONG_FIELDS]
    found = {field.name: _field_input(field, now.get(field.name), f"{key}_{field.name}") for field in long}
    sides = st.columns(2)
    for at, field in enumerate(short):
        with sides[at % 2]:
            found[field.name] = _field_input(field, now.get(field.name), f"{key}_{field.name}")
    return found


def _field_input(field: Field, now: Any, key: str) -> Any:
    label = f"{_(field.label)} *" if field.required else _(field.label)
    if field.holds == "choice":
        return st.selectbox(
            label, field.choices, field.choices.index(now) if now in field.choices else 0,
            format_func=lambda code: _(CODE_LABELS[code]), key=key,
        )  # fmt: skip
    if field.holds == "flag":
        words = {None: _("unknown"), True: _("yes"), False: _("no")}
        return st.selectbox(label, list(words), list(words).index(now), format_func=lambda flag: words[flag], key=key)
    if field.holds == "whole":
        return st.number_input(label, value=now, step=1, placeholder=_("unknown"), key=key)
    if field.holds == "number":
        return st.number_input(label, value=None if now is None else float(now), placeholder=_("unknown"), key=key)
    return st.text_input(label, now or "", max_chars=200, key=key)


def parent_input(place: Editable) -> int | None:
    """Show the choice of what a place belongs to, where there is one, and return what is chosen."""
    if not place.parents:
        return place.parent_id
    known = [place.parent_id] if place.parent_id in place.parents else [None]
    chosen: int | None = st.selectbox(
        _("Belongs to"), [*known, *(key for key in place.parents if key not in known)],
        format_func=lambda key: place.parents.get(key, _("Not assigned yet")), key=f"parent_{place.id}_{place.version}",
    )  # fmt: skip
    return chosen
