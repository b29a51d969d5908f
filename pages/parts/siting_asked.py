"""The rarer choices of a siting question as they stand in the session."""

from typing import Any

import streamlit as st

from geo.briefing.siting_state import MIX
from geo.i18n import _, number
from geo.siting.wanted import SOURCES, USUAL_SECONDS, WEIGHTS

STATE = st.session_state


def weights_asked() -> dict[str, float]:
    """Return by what the doors are weighed, with the share of each."""
    chosen = STATE.get("siting_weight", "households")
    if chosen != MIX:
        return {chosen: 1.0}
    usual = {name: 50 if name == "households" else 25 for name in WEIGHTS}
    shares = {name: float(STATE.get(f"siting_mix_{name}", usual[name])) for name in WEIGHTS}
    return {name: share for name, share in shares.items() if share > 0}


def more_asked(goal: str, circle: int) -> dict[str, Any]:
    """Return the rarer choices as the job takes them, without those that do not go with the goal."""
    weights = weights_asked() if goal != "center" else {"households": 1.0}
    pots = {code: STATE.get(f"siting_pot_{code}") for code in SOURCES if code != "community"}
    demand = STATE.get("siting_demand", "today") if weights.get("old") else "today"
    return {
        "weights": weights,
        "demand": demand if demand != "worst" or goal in {"cover", "median"} else "today",
        "near": {
            "circle": circle,
            "old": bool(STATE.get("siting_old")),
            "speed_m_s": STATE.get("siting_speed"),
            "fade_to_m": STATE.get("siting_fade") if goal == "cover" else None,
            "share": STATE.get("siting_share", 100) / 100 if goal == "set-cover" else 1.0,
        },
        "rules": {
            "room": STATE.get("siting_room") if goal not in {"center", "backup"} else None,
            "apart_m": STATE.get("siting_apart"),
            "at_most": STATE.get("siting_at_most"),
            "at_least_one": bool(STATE.get("siting_at_least")),
        },
        "purse": {
            "community_yuan": STATE.get("siting_community_yuan") if STATE.get("siting_own_money") else None,
            "pots": {code: yuan for code, yuan in pots.items() if yuan},
        },
        "seconds": STATE.get("siting_seconds", USUAL_SECONDS),
        "curve": bool(STATE.get("siting_curve")),
    }


def changed_choices(goal: str, circle: int) -> int:
    """Return how many of the rarer choices are not as usual."""
    asked = more_asked(goal, circle)
    near, rules, purse = asked["near"], asked["rules"], asked["purse"]
    found = [asked["demand"] != "today", near["old"], near["speed_m_s"], near["fade_to_m"], near["share"] < 1]
    found += [*rules.values(), purse["community_yuan"], *purse["pots"].values(), asked["curve"]]
    return sum(map(bool, found))


def more_label(goal: str, circle: int) -> str:
    """Return the heading of the rarer choices, with how many of them are set."""
    count = changed_choices(goal, circle)
    return _("More choices ({count} set)", count=number(count)) if count else _("More choices")
