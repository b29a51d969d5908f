"""How the numbers of a siting study were computed: sources, parameters, date, and what proven means."""

import streamlit as st

from geo.briefing.siting_results import KeptSiting
from geo.i18n import _, day, number
from geo.planning.reads import parameter_list
from pages.parts.session import looking

USED = ("walk_5_minutes_m", "walk_10_minutes_m", "walk_15_minutes_m", "snap_limit_m", "straight_line_factor")


def show_method(found: KeptSiting) -> None:
    """Say how the plan was found and measured, with the city's own numbers it rests on."""
    figures = found.figures
    st.markdown(
        _(
            "State of {day}: {doors} doors (entrances of units, and buildings without units), {open} open stations "
            "that stay, {sites} candidate sites. The limit is {limit} m on foot. Each door weighs its known "
            "households; for the fewest stations and for the worst-off every door weighs the same. Unknown counts "
            "are listed, never 0.",
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
