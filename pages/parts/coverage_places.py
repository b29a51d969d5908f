"""The table of places of the coverage page: communities, or the compounds of one, filtered and as files."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.coverage_overview import PlaceNeed, places_by_need
from geo.briefing.coverage_state import CoverageState
from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.exchange.coverage_files import as_geopackage
from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, number
from geo.maps.legend import COVERAGE_THEMES
from pages.parts.session import looking

SHOWN = 200
FIELDS = ("name", "known_households", "covered_percent")


def show_places(stand: Stand, state: CoverageState, choose: Callable[[Place], None]) -> None:
    """Show communities or compounds, most households not covered first; a click on a row opens the place."""
    every = places_by_need(stand, state.asked, state.community_id)
    wanted = st.text_input(
        _("Only places whose name contains"), key="coverage_filter", icon=":material/filter_alt:", max_chars=80
    )
    found = [row for row in every if wanted.strip().casefold() in row.name.casefold()]
    titles = _titles(state)
    rows = [_cells(row) for row in found]
    if len(rows) > SHOWN:
        st.caption(_("The {shown} worst off; the files hold all {count}.", shown=SHOWN, count=number(len(rows))))
    picked = st.dataframe(
        {title: [row[at] for row in rows[:SHOWN]] for at, title in enumerate(titles)},
        hide_index=True, on_select="rerun", selection_mode="single-row", height=300,
        key=f"coverage_places_{state.asked}_{state.community_id}_{st.session_state.get('coverage_turn', 0)}",
    )  # fmt: skip
    _downloads(state, titles, found, f"coverage_{state.view}_{stand.on}")
    if picked.selection.rows:
        st.session_state["coverage_turn"] = st.session_state.get("coverage_turn", 0) + 1
        row = found[picked.selection.rows[0]]
        choose((row.kind, row.id))


def _titles(state: CoverageState) -> list[str]:
    name = _("Compound") if state.community_id else _("Community")
    styles = sorted(COVERAGE_THEMES[state.asked.topic].building, key=lambda style: style.code)
    return [name, _("Known households"), _("Covered, %"), *(_(style.label) for style in styles)]


def _cells(row: PlaceNeed) -> list[Cell]:
    share = None if row.share is None else round(100 * row.share, 1)
    return [row.name, row.known, share, *row.households]


def _downloads(state: CoverageState, titles: list[str], found: list[PlaceNeed], name: str) -> None:
    rows = [_cells(row) for row in found]

    def geopackage() -> bytes:
        fields = [*FIELDS, *(f"class_{code}" for code in range(len(titles) - len(FIELDS)))]
        columns = {field: [row[at] for row in rows] for at, field in enumerate(fields)}
        with looking() as connection:
            kind = "compound" if state.community_id else "community"
            return as_geopackage(connection, kind, [row.id for row in found], columns)

    excel, text, shapes, _rest = st.columns([1, 1, 1, 3])
    for column, label, content, ending in (
        (excel, _("Excel"), lambda: as_xlsx(titles, rows), "xlsx"),
        (text, _("CSV"), lambda: as_csv(titles, rows), "csv"),
        (shapes, _("GeoPackage"), geopackage, "gpkg"),
    ):
        column.download_button(
            label, content, f"{name}.{ending}", icon=":material/download:", key=f"coverage_{ending}", on_click="ignore",
            width="stretch",
        )  # fmt: skip
