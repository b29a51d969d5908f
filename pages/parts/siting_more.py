"""The rarer choices of a siting question: who counts, how far is near, what stations and money must keep to."""

import streamlit as st

from geo.briefing.siting_state import MIX
from geo.i18n import _
from geo.planning.reads import parameters
from geo.siting.wanted import DEMANDS, FEN, MOST_SECONDS, SOURCES, SPEEDS, USUAL_SECONDS, WEIGHTS
from pages.parts.session import looking
from pages.parts.siting_asked import weights_asked

STATE = st.session_state
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
