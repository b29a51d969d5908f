"""Scenarios as files: the comparison as a table, each scenario as a GeoPackage."""

from collections.abc import Sequence

import streamlit as st

from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.exchange.siting_maps import scenario_geopackage
from geo.i18n import _, labelled
from geo.maps.safe_text import plain
from geo.planning.scenario_reads import ScenarioSiteView, ScenarioView, scenario_doors
from pages.parts.session import looking


def show_table_files(titles: list[str], rows: list[list[Cell]]) -> None:
    """Show the buttons that take the comparison along."""
    excel, text, _rest = st.columns([1, 1, 4])
    for column, label, content, ending in (
        (excel, _("Excel"), lambda: as_xlsx(titles, rows), "xlsx"),
        (text, _("CSV"), lambda: as_csv(titles, rows), "csv"),
    ):
        column.download_button(
            label, content, f"scenarios.{ending}", icon=":material/download:", key=f"scenarios_{ending}",
            on_click="ignore", width="stretch",
        )  # fmt: skip


def show_geopackage(view: ScenarioView, sites: Sequence[ScenarioSiteView], *, alone: bool) -> None:
    """Show the button that takes a scenario along; alone: no other stands beside it."""

    def content() -> bytes:
        with looking() as connection:
            return scenario_geopackage(connection, sites, scenario_doors(connection, view))

    st.download_button(
        _("GeoPackage") if alone else labelled(_("GeoPackage"), plain(view.name)), content, f"scenario_{view.id}.gpkg",
        icon=":material/download:", key=f"scenario_gpkg_{view.id}", on_click="ignore",
    )  # fmt: skip
