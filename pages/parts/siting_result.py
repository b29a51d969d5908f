"""The answer of a siting study below the map: stations with reasons, worst-off and unreached doors, files."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.map_state import Place
from geo.briefing.siting_results import KeptSiting, SiteRow
from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.exchange.siting_maps import siting_geopackage
from geo.i18n import _, labelled, number
from geo.maps.safe_text import plain
from geo.siting.wanted import FEN
from pages.parts.session import looking

SHOWN = 200
TOLD = 10
Choose = Callable[[Place], None]


def show_stations(found: KeptSiting, choose: Choose) -> None:
    """Show each station of the plan with what it adds and what is lost without it; a click goes there."""
    st.subheader(_("Stations of this plan"), anchor=False)
    if not found.sites:
        st.info(_("No new station is part of this plan."), icon=":material/location_off:")
        return
    counted = found.wanted.goal == "cover" and set(found.wanted.weights) == {"households"}
    titles, rows = _station_table(found.sites, counted=counted)
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(titles[:-1])}, hide_index=True,
        on_select="rerun", selection_mode="single-row",
        key=f"siting_sites_{found.view.id}_{st.session_state.get('siting_turn', 0)}",
    )  # fmt: skip
    for row in rows[:TOLD]:
        st.caption(plain(f"{row[0]}. {labelled(str(row[1]), row[-1])}"))
    _downloads(found, titles, rows)
    if picked.selection.rows:
        st.session_state["siting_turn"] = st.session_state.get("siting_turn", 0) + 1
        choose(("candidate_site", found.sites[picked.selection.rows[0]].id))


def _station_table(sites: list[SiteRow], *, counted: bool) -> tuple[list[str], list[list[Cell]]]:
    titles = [
        _("No."), _("Site"), _("Cost (yuan)"), _("Households it brings within the limit"),
        _("Households it is nearest to"), _("Lost without it"), _("Best substitute"), _("Why there"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            at,
            row.name,
            _("unknown") if row.cost_fen is None else number(row.cost_fen / FEN),
            row.new_households,
            row.households,
            row.only_here,
            row.substitute,
            _reason(row, counted=counted),
        ]
        for at, row in enumerate(sites, 1)
    ]  # fmt: skip
    return titles, rows


def _reason(row: SiteRow, *, counted: bool) -> str:
    """Say what a station does; counted: what is lost is a number of households."""
    said = _("It brings {count} households within the limit; {lost} would have no other station within it.",
             count=number(row.new_households), lost=number(row.only_here))  # fmt: skip
    site = row.substitute
    if site is None or row.substitute_loss is None:
        return said
    loss = number(row.substitute_loss)
    if row.substitute_loss <= 0:
        other = _("{site} would do as well.", site=site)
    elif counted:
        other = _("{site} in its place would bring {count} households fewer.", site=site, count=loss)
    else:
        other = _("{site} in its place would be worse by {loss} in the goal's own measure.", site=site, loss=loss)
    return f"{said} {other}"


def _downloads(found: KeptSiting, titles: list[str], rows: list[list[Cell]]) -> None:
    name = f"siting_{found.view.id}"

    def geopackage() -> bytes:
        with looking() as connection:
            return siting_geopackage(connection, found.sites, found.frame)

    offered = (
        (_("Excel"), lambda: as_xlsx(titles, rows), "xlsx"),
        (_("CSV"), lambda: as_csv(titles, rows), "csv"),
        (_("GeoPackage"), geopackage, "gpkg"),
        (_("All doors (CSV)"), lambda: as_csv(found.titles, found.rows), "doors.csv"),
    )
    for column, (label, content, ending) in zip(st.columns(len(offered)), offered, strict=True):
        column.download_button(
            label, content, f"{name}.{ending}", icon=":material/download:", key=f"siting_{ending}", on_click="ignore",
            width="stretch",
        )  # fmt: skip
