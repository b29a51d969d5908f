"""The view of clusters: those of a kept search, on the map, in words and in a table."""

import streamlit as st

from geo.briefing.hotspot_clusters import cluster_cells, kept_searches, opened_search
from geo.briefing.hotspot_findings import categories
from geo.briefing.hotspot_state import HotspotState
from geo.briefing.overview import Stand
from geo.errors import NotFound
from geo.i18n import _, number
from geo.maps.safe_text import plain
from pages.parts import hotspot_below, hotspot_panel
from pages.parts.hotspot_view import Choose, View


def clusters_view(stand: Stand, state: HotspotState) -> View:
    """Return the clusters of the search that is open, else of the latest kept."""
    study_id = state.study_id or next((view.id for view in kept_searches(stand)), None)
    if study_id is None:
        return View(None, (), _no_search)
    try:
        found = opened_search(stand, study_id)
    except NotFound as error:
        message = plain(error.text())
        return View(None, (), lambda _choose: st.warning(message, icon=":material/search_off:"))
    category = categories(stand).get(found.asked.category_id or 0)
    sure = sum(one.code < 3 for one in found.clusters)
    return View(
        cluster_cells(found, category, state.cell),
        (
            (_("Requests counted"), number(found.view.figures["requests"])),
            (_("Clusters found"), number(len(found.clusters))),
            (_("Hardly chance (p up to 0.05)"), number(sure)),
            (_("Weeks looked at"), number(found.view.figures["weeks"])),
        ),
        lambda choose: hotspot_panel.show_clusters(stand, found, state.cell, choose, category),
        lambda: hotspot_below.show_clusters(found),
        left_out=found.view.figures["left_out"],
    )


def _no_search(_choose: Choose) -> None:
    st.info(
        _("No search for clusters is kept yet. Choose category and period, then press “Look for clusters”."),
        icon=":material/radar:",
    )
