"""What is odd: islands and edges of the network, entrances far from any road, compounds nobody could help out in."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.coverage_candidates import short_compounds
from geo.briefing.coverage_studies import odd_roads
from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.people.candidacy_reads import open_candidacies
from geo.people.candidacy_rules import STATUS_LABELS
from geo.places.reads import place_card
from pages.parts.session import looking, may

SHOWN = 100
OF_BUILDINGS = {"no_position", "off_road", "on_island"}


def show_findings(stand: Stand, choose: Callable[[Place], None]) -> None:
    """Show the findings, each with its list; a row about doors leads to their building."""
    found = odd_roads(stand)
    for oddity in found:
        st.warning(plain(oddity.text()), icon=":material/warning:")
        picked = st.dataframe(
            {
                _("Where"): list(oddity.names[:SHOWN]),
                _("Longitude"): oddity.lon[:SHOWN].tolist(),
                _("Latitude"): oddity.lat[:SHOWN].tolist(),
            },
            hide_index=True, height=200, on_select="rerun", selection_mode="single-row",
            key=f"odd_{oddity.code}_{st.session_state.get('coverage_turn', 0)}",
        )  # fmt: skip
        if picked.selection.rows and oddity.code in OF_BUILDINGS:
            st.session_state["coverage_turn"] = st.session_state.get("coverage_turn", 0) + 1
            choose(("building", int(oddity.names[picked.selection.rows[0]])))
    if not found:
        st.success(_("Nothing is odd about the roads and the entrances on them."), icon=":material/check_circle:")
    if may("ask_candidates"):
        _show_waiting(choose)
        _show_short(stand, choose)


def _show_waiting(choose: Callable[[Place], None]) -> None:
    with looking() as connection:
        waiting = open_candidacies(connection)
    if waiting:
        st.markdown(_("Asked and not decided yet, the oldest first:"))
    for one in waiting[:SHOWN]:
        name, since = plain(one.name or _("No. {id}", id=str(one.person_id))), day(one.asked_on)
        said = f"{name} · {_(STATUS_LABELS[one.status])} · {since}"
        if st.button(said, key=f"waiting_{one.id}", type="tertiary", icon=":material/hourglass_top:"):
            choose((one.place_kind, one.place_id))


def _show_short(stand: Stand, choose: Callable[[Place], None]) -> None:
    short = short_compounds(stand)
    if not short:
        st.success(_("Every vacant post could be filled by a volunteer near by."), icon=":material/check_circle:")
        return
    st.markdown(_("Compounds without enough candidates, even if everybody who could says yes:"))
    for one in short[:SHOWN]:
        with looking() as connection:
            name = place_card(connection, "compound", one.compound_id).name
        said = _("{name}: {missing} of {vacancies} vacant posts stay empty", name=plain(name),
                 missing=number(one.missing), vacancies=number(one.vacancies))  # fmt: skip
        if st.button(said, key=f"short_{one.compound_id}", type="tertiary", icon=":material/person_search:"):
            choose(("compound", one.compound_id))
