"""The panel beside the coverage map while no place is chosen: the worst-off places, or whose absence matters most."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.coverage_away import AwayRow, absence_row, ranked_absences
from geo.briefing.coverage_overview import places_by_need
from geo.briefing.coverage_state import CoverageState
from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from pages.parts.coverage_figures import percent
from pages.parts.coverage_services import show_rooms, show_visits
from pages.parts.coverage_tries import offer_to_leave
from pages.parts.coverage_years import show_years
from pages.parts.vacancies import show_vacancies

MOST = 50
Choose = Callable[[Place], None]


def show_panel(stand: Stand, state: CoverageState, choose: Choose) -> None:
    """Show what is worst in this view; a click on a row leads there."""
    if state.view == "visits":
        show_visits(state)
    elif state.view == "years":
        show_years(stand, state.community_id, choose)
    elif state.view == "away":
        _show_absences(stand, state)
    elif state.view == "duty":
        show_vacancies(stand, state.community_id, choose)
    else:
        _show_worst(stand, state, choose)


def _show_worst(stand: Stand, state: CoverageState, choose: Choose) -> None:
    st.subheader(_("Worst off"))
    if state.view == "station":
        show_rooms(stand, state)
    found = [row for row in places_by_need(stand, state.asked, state.community_id) if row.missing][:MOST]
    if not found:
        st.success(_("Every household counted here is covered."), icon=":material/check_circle:")
        return
    st.caption(_("Most households not covered first, on {day}. Click a row to go there.", day=day(stand.on)))
    picked = st.dataframe(
        {
            _("Place"): [row.name for row in found],
            _("Not covered"): [row.missing for row in found],
            _("Covered"): [percent(row.share) for row in found],
        },
        hide_index=True, height=min(430, 38 + 35 * len(found)), on_select="rerun", selection_mode="single-row",
        key=f"coverage_worst_{state.asked}_{state.community_id}_{st.session_state.get('coverage_turn', 0)}",
    )  # fmt: skip
    if picked.selection.rows:
        row = found[picked.selection.rows[0]]
        st.session_state["coverage_turn"] = st.session_state.get("coverage_turn", 0) + 1
        choose((row.kind, row.id))


def _show_absences(stand: Stand, state: CoverageState) -> None:
    st.subheader(_("Whose absence matters most"))
    found = ranked_absences(stand, state.community_id, MOST)
    if not found:
        st.info(_("Nobody holds a post here yet. Assign heads on the map, or import a roster."),
                icon=":material/group_off:")  # fmt: skip
        return
    if state.person_id:
        _show_chosen(stand, state)
    st.caption(_("Households that only this person looks after first. Click a row: the map marks the doors."))
    picked = st.dataframe(
        {
            _("Person"): [_called(row) for row in found],
            _("Nobody else"): [row.only for row in found],
            _("Somebody could stand in"): [row.lost - row.only for row in found],
        },
        hide_index=True, height=430, on_select="rerun", selection_mode="single-row",
        key=f"coverage_away_{state.community_id}_{st.session_state.get('coverage_turn', 0)}",
    )  # fmt: skip
    if picked.selection.rows:
        st.session_state["coverage_turn"] = st.session_state.get("coverage_turn", 0) + 1
        _ask_about(found[picked.selection.rows[0]].person_id)
        st.rerun(scope="fragment")


def _called(row: AwayRow) -> str:
    return row.name or _("No. {id}", id=str(row.person_id))


def _ask_about(person_id: int | None) -> None:
    if person_id is None:
        st.query_params.pop("person", None)
    else:
        st.query_params["person"] = str(person_id)


def _show_chosen(stand: Stand, state: CoverageState) -> None:
    chosen = absence_row(stand, state.person_id or 0)
    if chosen is None:
        return
    name = plain(_called(chosen))
    st.markdown(
        _("{name} away: {only} households have nobody else, {more} would need a stand-in.",
          name=name, only=number(chosen.only), more=number(chosen.lost - chosen.only))
    )  # fmt: skip
    if chosen.stations:
        st.caption(_("Stations left without their stationmaster or anybody: {count}", count=number(chosen.stations)))
    offer_to_leave(chosen.person_id)
    st.button(_("Nobody is away"), icon=":material/undo:", on_click=_ask_about, args=(None,), key="coverage_nobody")
