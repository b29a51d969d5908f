"""How the numbers of the coverage page were computed: sources, parameters and date."""

import streamlit as st

from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.coverage_state import CoverageState
from geo.briefing.overview import Stand
from geo.i18n import _, day, number
from geo.planning.reads import parameter_list
from pages.parts.coverage_controls import sees_teams
from pages.parts.session import looking

RESTS_ON = {
    "duty": ("head_households", "head_alarm_households", "term_ending_days"),
    "station": (
        "walk_5_minutes_m", "walk_10_minutes_m", "walk_15_minutes_m", "old_walk_5_minutes_m", "old_walk_10_minutes_m",
        "old_walk_15_minutes_m", "walking_speed_m_s", "snap_limit_m", "straight_line_factor", "service_m2_per_100",
    ),
    "skill": ("volunteer_limit_m", "need_hours_week", "snap_limit_m", "straight_line_factor"),
    "visits": ("visit_high_risk_days", "visit_key_days", "visit_general_days", "suppress_below"),
    "away": ("head_alarm_households",),
    "years": ("helper_age_least", "helper_age_most", "helped_age_least", "helped_age_most", "suppress_below"),
}  # fmt: skip


def show_method(stand: Stand, state: CoverageState) -> None:
    """Say what counts as covered in this view, with the city's own numbers it rests on."""
    st.markdown(_("State of {day}. Unknown household counts are left out, never taken as 0.", day=day(stand.on)))
    st.markdown(_words(state.view))
    if state.view in {"station", "skill"}:
        _say_how_walks_are_measured(stand, state)
    if state.view == "duty" and not sees_teams():
        st.markdown(_("Your role does not see volunteers: which doors hang on one person is not told here."))
    wanted = {*RESTS_ON[state.view], "coverage_target", "coverage_target_later"}
    with looking() as connection:
        used = [view for view in parameter_list(connection) if view.name in wanted]
    st.dataframe(
        {
            _("City's number"): [_(view.label) for view in used],
            _("Value"): [number(view.value, 0 if view.whole else 2) for view in used],
            _("Unit"): [_(view.unit) for view in used],
        },
        hide_index=True,
    )


def _words(view: str) -> str:
    if view == "station":
        return _(
            "The way from every unit's entrance to the next open station on foot. A building has the class of its "
            "farthest entrance; households are counted by their own entrance. A station is too small when more known "
            "households are nearest to it, of those you may see, than its floor area allows; one whose floor area "
            "nobody has written down is not judged."
        )
    if view == "skill":
        return _(
            "Each volunteer's hours left this week are shared among the needs within their walking limit, near ones "
            "weighing more; a door is covered when its share reaches what is needed there."
        )
    if view == "visits":
        return _(
            "The next visit of an open care need is due so many days after the last one that met somebody, by class "
            "of risk or by what the need says; a building has the gravest state of its needs. Numbers by class of risk "
            "are counted together until none is too small to tell. The list of places is that of the duty chain."
        )
    if view == "years":
        return _(
            "The published counts of residents by age, grown older year by year; nobody moves in or out. "
            "The map colours compounds whose counts you may see; the figures above are those of today's duty chain."
        )
    return _(
        "A household is looked after by the head of its unit, else of its building. A head's load is the known "
        "households of the doors held; doors under a unit head count for that head only. Doors hang on one person when "
        "no building head above, nobody at their station or team, and no other head in the compound with room to spare "
        "could stand in. Overloaded is a class of its own, neither covered nor without a head."
    )


def _say_how_walks_are_measured(stand: Stand, state: CoverageState) -> None:
    if COVERAGE.painted(stand.reader, state.asked, stand.on).by_network:
        st.markdown(_("Distances are walked over the network of roads and paths, gates and stairs included."))
    else:
        st.warning(
            _("No roads are loaded: distances are straight lines times a factor. Import roads to have real walks."),
            icon=":material/straighten:",
        )
