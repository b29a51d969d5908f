"""The rarer choices of a siting question: who counts, how far is near, what stations and money must keep to."""

from typing import Any

import streamlit as st

from geo.i18n import _, number
from geo.planning.reads import parameters
from geo.siting.wanted import DEMANDS, FEN, MOST_SECONDS, SOURCES, SPEEDS, USUAL_SECONDS, WEIGHTS
from pages.parts.session import looking

STATE = st.session_state
MIX = "mix"
MOST = 10**10


def show_more(goal: str) -> None:
    """Show the rarer choices for a goal, each group under its own heading."""
    who, near, stations, money, search = st.tabs(
        [_("Who counts"), _("How far is near"), _("Stations"), _("Money"), _("Search")]
    )
    with who:
        _who(goal)
    with near:
        _near(goal)
    with stations:
        _stations(goal)
    with money:
        _money()
    with search:
        st.number_input(_("Search for at most (seconds)"), 1, MOST_SECONDS, USUAL_SECONDS, key="siting_seconds")
        st.toggle(_("Also work out how much each further station brings"), key="siting_curve")


def _who(goal: str) -> None:
    if STATE.get("siting_weight") == MIX:
        st.caption(_("Shares of the mix: each part counts by its share of today's total."))
        for column, (name, kind) in zip(st.columns(len(WEIGHTS)), WEIGHTS.items(), strict=True):
            column.number_input(_(kind.label), 0, 100, 50 if name == "households" else 25, 5, key=f"siting_mix_{name}")
    if weights_asked().get("old"):
        offered = [code for code in DEMANDS if code != "worst" or goal in {"cover", "median"}]
        st.selectbox(_("Demand"), offered, key="siting_demand", format_func=lambda code: _(DEMANDS[code]))
        st.caption(
            _("People over 70 are estimated from the counts that are published for the places around a door, and "
              "rolled forward for years ahead.")
        )  # fmt: skip
    elif STATE.get("siting_weight") != MIX:
        st.caption(_("Weigh by people over 70, or by a mix, to ask for years ahead."))
    if weights_asked().get("needs"):
        st.caption(_("Care needs are read under made-up names, of people who agreed to planning; the log says so."))


def _near(goal: str) -> None:
    old, speed = st.columns(2, vertical_alignment="bottom")
    old.toggle(_("Limits for people over 70"), key="siting_old")
    least, most = SPEEDS
    speed.number_input(
        _("Walking speed (m/s)"), least, most, None, 0.1, key="siting_speed", placeholder=_("as the city sets"),
        help=_("The limit is then the minutes above times this speed."),
    )  # fmt: skip
    if goal == "cover":
        st.number_input(
            _("Beyond the limit coverage fades until (m)"), 1, 10_000, None, 50, key="siting_fade",
            placeholder=_("does not fade"),
        )  # fmt: skip
    if goal == "set-cover":
        st.number_input(_("Share that must be reached (%)"), 1, 100, 100, key="siting_share")


def _stations(goal: str) -> None:
    room, apart, most, least = st.columns(4, vertical_alignment="bottom")
    room.number_input(
        _("Households a new station has room for"), 1, MOST, None, 50, key="siting_room", placeholder=_("no limit"),
        disabled=goal in {"center", "backup"},
    )  # fmt: skip
    apart.number_input(
        _("Metres on foot between stations"), 1, 20_000, None, 50, key="siting_apart", placeholder=_("no limit")
    )
    most.number_input(
        _("New ones in a community, at most"), 1, 100, None, key="siting_at_most", placeholder=_("no limit")
    )
    least.toggle(_("At least one in each community"), key="siting_at_least",
                 help=_("Open stations count; a community without any candidate site is told apart."))  # fmt: skip


def _money() -> None:
    with looking() as connection:
        guarantee = int(parameters(connection)["guarantee_fen"] / FEN)
    own, yuan = st.columns(2, vertical_alignment="bottom")
    limited = own.toggle(
        _("Each community pays for its own sites"), key="siting_own_money",
        help=_("Sites somebody else pays for are left out of it: say who under Candidate sites."),
    )  # fmt: skip
    yuan.number_input(
        _("Service money of each community (yuan)"), 1, MOST, guarantee, 10_000, key="siting_community_yuan",
        disabled=not limited,
    )  # fmt: skip
    others = [code for code in SOURCES if code != "community"]
    st.caption(_("What other sources can give, for the sites they pay for:"))
    for column, source in zip(st.columns(len(others)), others, strict=True):
        column.number_input(
            _(SOURCES[source]), 1, MOST, None, 10_000, key=f"siting_pot_{source}", placeholder=_("no limit")
        )


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
    weights = weights_asked()
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
