"""How the numbers of a siting study were computed: sources, parameters, date, and what proven means."""

import streamlit as st

from geo.briefing.siting_results import KeptSiting
from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.planning.reads import parameter_list
from geo.siting.wanted import DEMANDS
from pages.parts.session import looking

USED = ("walk_5_minutes_m", "walk_10_minutes_m", "walk_15_minutes_m", "old_walk_5_minutes_m", "old_walk_10_minutes_m",
        "old_walk_15_minutes_m", "walking_speed_m_s", "snap_limit_m", "straight_line_factor",
        "guarantee_fen")  # fmt: skip


def show_method(found: KeptSiting) -> None:
    """Say how the plan was found and measured, with the city's own numbers it rests on."""
    figures = found.figures
    st.markdown(
        _(
            "State of {day}: {doors} doors (entrances of units, and buildings without units), {open} open stations "
            "that stay, {sites} candidate sites. The limit is {limit} m on foot. Doors weigh what was chosen, by "
            "itself their known households; for the fewest stations and for the worst-off every door weighs the "
            "same. Unknown counts are listed, never 0.",
            day=day(found.view.data_on), doors=number(figures["doors"]), open=number(figures["open_stations"]),
            sites=number(figures["candidate_sites"]), limit=number(figures["limit_m"]),
        )
    )  # fmt: skip
    st.markdown(
        _(
            "The plan comes with a bound that no other plan can beat; the gap is the distance between both. “Proven” "
            "is said only when it is. The search took {seconds} seconds.",
            seconds=number(figures["seconds"], 1),
        )
    )
    for line in _weights_said(found):
        st.markdown(plain(line))
    if not figures["by_network"]:
        st.warning(
            _("No roads are loaded: distances are straight lines times a factor. Import roads to have real walks."),
            icon=":material/straighten:",
        )
    if figures["left_out"]:
        st.markdown(
            _("{count} candidate sites have no known cost and could not be used under a budget.",
              count=number(figures["left_out"]))
        )  # fmt: skip
    with looking() as connection:
        used = [view for view in parameter_list(connection) if view.name in USED]
    then = found.view.parameters
    st.dataframe(
        {
            _("City's number"): [_(view.label) for view in used],
            _("Value"): [number(then.get(view.name, view.value), 0 if view.whole else 2) for view in used],
            _("Unit"): [_(view.unit) for view in used],
        },
        hide_index=True,
    )


def _weights_said(found: KeptSiting) -> list[str]:
    """Return where each weight but households comes from and whom it leaves out."""
    weights, wanted, lines = found.figures.get("weights", {}), found.wanted, []
    if len(weights) > 1:
        lines.append(_("A mix: each part counts by its share of today's total, and all doors together weigh as much as "
                       "there are households."))  # fmt: skip
    if "old" in weights:
        lines.append(
            _("People over 70: the counts published on {day} for a compound, the places counted together with it, or "
              "its community, spread over doors by their households; {count} doors have no such count.",
              day=weights["old"].get("made_on") or "–", count=number(weights["old"]["without"]))
        )  # fmt: skip
        lines.append(_("Demand: {which}", which=_(DEMANDS[wanted.demand])))
    if "needs" in weights:
        lines.append(
            _("Care needs: open ones of {count} people who agreed to planning, read under made-up names with one entry "
              "in the log; {others} others did not agree and are not counted.",
              count=number(weights["needs"]["persons"]), others=number(weights["needs"]["left_out"]))
        )  # fmt: skip
    return lines
