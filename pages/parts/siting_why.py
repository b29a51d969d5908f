"""Why not here? What a station at the place that was clicked would change, beside the plan."""

import streamlit as st

from geo.briefing.map_state import Place
from geo.briefing.siting_moves import Tried, best_use
from geo.briefing.siting_results import KeptSiting
from geo.errors import YizhanError
from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.places.reads import place_card
from pages.parts.session import actor, looking
from pages.parts.siting_figures import metres

POINTED = ("building", "unit", "candidate_site", "compound", "gate", "station")


def show_why(found: KeptSiting, place: Place | None, spot: tuple[float, float] | None = None) -> None:
    """Show what a station at a place or a spot (lon, lat) would change: one more, and instead of one of the plan's."""
    if not found.sites or not (spot or (place and place[0] in POINTED)):
        return
    st.subheader(_("Why not here?"), anchor=False)
    chosen = next((row for row in found.sites if place == ("candidate_site", row.id)), None)
    if chosen:
        st.markdown(
            _("This site is part of the plan: it brings {count} households within the limit; {lost} would have no "
              "other station within it.", count=number(chosen.new_households), lost=number(chosen.only_here))
        )  # fmt: skip
        return
    try:
        at = spot or _middle(place)
        if at is None:
            return
        more, exchange = best_use(actor(), found.view.id, *at)
    except YizhanError as error:
        st.caption(plain(error.text()))
        return
    st.markdown(_("One more station here: {words}", words=_words(more)))
    if exchange is not None and exchange.instead_of is not None:
        name = plain(found.name_of(exchange.instead_of))
        st.markdown(_("Instead of {site}: {words}", site=name, words=_words(exchange)))
        if exchange.gained <= 0:
            st.caption(_("So the plan's sites are no worse within the limit than this place."))
    st.caption(_("Measured on foot from every door; the middle of the place that was clicked stands for it."))
    if spot:
        st.button(_("Close the answer"), icon=":material/close:", key="close_spot", on_click=_forget_spot)


def _middle(place: Place | None) -> tuple[float, float] | None:
    if place is None:
        return None
    with looking() as connection:
        bounds = place_card(connection, *place).bounds
    return ((bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2) if bounds else None


def _forget_spot() -> None:
    st.query_params.pop("spot", None)


def _words(tried: Tried) -> str:
    walk = metres(tried.then["mean_m"])
    if tried.gained > 0:
        return _("{count} households more within the limit, mean walk {walk}.", count=number(tried.gained), walk=walk)
    if tried.gained < 0:
        return _("{count} households fewer within the limit, mean walk {walk}.", count=number(-tried.gained), walk=walk)
    return _("as many households within the limit, mean walk {walk}.", walk=walk)
