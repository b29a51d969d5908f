"""Beside the siting map: the site being added, the station that was moved, what was clicked, else the worst-off."""

from collections.abc import Sequence

from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.briefing.siting_results import CandidateRow, KeptSiting
from geo.briefing.siting_state import SitingState
from pages.parts.card import go_to, show_card
from pages.parts.language import rerun_part
from pages.parts.siting_adding import adding_tool, show_add_button, show_new_site
from pages.parts.siting_doors import show_doors
from pages.parts.siting_moved import show_moved
from pages.parts.siting_studies import show_studies
from pages.parts.siting_terms import show_site_terms
from pages.parts.siting_why import show_why


def show_panel(
    key: str, stand: Stand, state: SitingState, found: KeptSiting | None, *, sites: Sequence[CandidateRow]
) -> None:
    """Show what belongs beside the map; key: the map's."""

    def choose(place: Place) -> None:
        go_to(key, place)
        rerun_part()

    if adding_tool():
        show_new_site()
        return
    show_add_button()
    if found and state.moved:
        show_moved(found, state.moved)
    if found and (state.place or state.spot):
        show_why(found, state.place, state.spot)
    if state.place:
        _show_place(key, state.place, sites)
    elif found and not state.moved:
        show_doors(stand, found, choose)
    elif not found:
        show_studies(stand)


def _show_place(key: str, place: Place, sites: Sequence[CandidateRow]) -> None:
    chosen = next((one for one in sites if place == ("candidate_site", one.id)), None)
    if chosen:
        show_site_terms(chosen)
    show_card(key, place)
