"""Inputs of what a volunteer offers: skills, hours, how far they walk, team, year of birth."""

from typing import Any

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.tables import SKILLS
from geo.people.volunteer_reads import Team, VolunteerView
from geo.people.volunteer_rules import LIMITS, SKILL_LABELS
from geo.store.clock import today


def skill_input(now: tuple[str, ...], key: str) -> tuple[str, ...]:
    """Show the choice of skills and return what is chosen, in the order they are kept in."""
    found = st.pills(
        _("Skills"), list(SKILLS), default=list(now), selection_mode="multi", key=key,
        format_func=lambda skill: _(SKILL_LABELS[skill]),
    )  # fmt: skip
    return tuple(skill for skill in SKILLS if skill in found)


def hours_input(now: float, key: str) -> float:
    """Show the input of the hours offered a week and return what stands in it."""
    low, high = LIMITS["hours_week"]
    return float(st.number_input(_("Hours a week"), float(low), float(high), float(now), 0.5, key=key))


def open_number(
    label: str, limits: tuple[float, float], now: float | None, step: float, *, key: str, placeholder: str
) -> Any:
    """Show the input of a number that may be left open, and be opened again; return what stands in it."""
    # Streamlit lets a number be cleared only where its default is none: the present one comes through the state.
    st.session_state.setdefault(key, now)
    return st.number_input(label, *limits, None, step, key=key, placeholder=placeholder)


def offer_inputs(found: VolunteerView | None, known: list[Team], key: str) -> dict[str, Any]:
    """Show the inputs of what somebody offers and return what stands in them, by field."""
    skills = skill_input(found.skills if found else (), f"skills_{key}")
    left, right = st.columns(2)
    with left:
        hours = hours_input(found.hours_week if found else 2.0, f"hours_{key}")
    with right:
        low, high = LIMITS["limit_m"]
        limit = open_number(_("Walks at most (m)"), (low, high), found.limit_m if found else None, 50,
                            key=f"limit_{key}", placeholder=_("the city's number"))  # fmt: skip
    names = {one.id: one.name for one in known}
    options: list[int | None] = [None, *names]
    team = st.selectbox(
        _("Team"), options, options.index(found.team_id) if found and found.team_id in names else 0,
        format_func=lambda one: plain(names[one]) if one else _("none"), key=f"team_{key}", placeholder=_("none"),
    )  # fmt: skip
    low, _high = LIMITS["birth_year"]
    born = open_number(_("Year of birth"), (low, today().year), found.birth_year if found else None, 1,
                       key=f"born_{key}", placeholder=_("unknown"))  # fmt: skip
    party = st.checkbox(_("Party member"), found.party_member if found else False, key=f"party_{key}")
    return {"skills": skills, "hours_week": hours, "limit_m": limit, "team_id": team, "birth_year": born,
            "party_member": party}  # fmt: skip
