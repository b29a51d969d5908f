"""Below the map of hotspots: the table with files, what was left out and why, how it was computed."""

from collections.abc import Callable, Sequence

import streamlit as st

from geo.briefing.hotspot_cells import SilentRow, SpotRow
from geo.briefing.hotspot_clusters import KeptClusters
from geo.briefing.hotspot_findings import bounds_told
from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.exchange.hotspot_maps import cell_shapes, outlines_geopackage
from geo.hotspots.tallies import LEFT_OUT
from geo.i18n import _, day, number
from geo.maps.cells import Cells
from pages.parts.links import link_to
from pages.parts.session import may


def show_spots(rows: Sequence[SpotRow], words: dict[int, str], cells: Cells) -> None:
    """Show the places that stand out as a table with files."""
    months = any(row.months for row in rows)
    titles = [_("Near"), _("Requests"), _("Households"), _("Finding")]
    table: list[list[Cell]] = [
        [row.near, row.requests, _("unknown") if row.households != row.households else int(row.households),
         row.pattern or words.get(row.code, "")]
        for row in rows
    ]  # fmt: skip
    shown = {title: [line[at] for line in table] for at, title in enumerate(titles)}
    if months:
        shown[_("Month by month")] = [list(row.months) for row in rows]
    columns = {_("Month by month"): st.column_config.LineChartColumn(_("Month by month"))} if months else None
    st.dataframe(shown, hide_index=True, column_config=columns)
    ids = [row.id for row in rows]
    _files(titles, table, "hotspots", lambda: outlines_geopackage(titles, table, cell_shapes(cells, ids)))


def show_clusters(found: KeptClusters) -> None:
    """Show the clusters as a table with files."""
    titles = [
        _("Rank"), _("Near"), _("Since"), _("Radius (m)"), _("Requests"), _("Expected"), _("Times as many"), _("p"),
        _("By chance once in (days)"),
    ]  # fmt: skip
    table: list[list[Cell]] = [
        [one.rank, one.near, day(one.since), round(one.radius_m), one.observed, round(one.expected, 1),
         round(one.relative_risk, 2), one.p, None if one.recurrence_days is None else round(one.recurrence_days)]
        for one in found.clusters
    ]  # fmt: skip
    st.dataframe({title: [line[at] for line in table] for at, title in enumerate(titles)}, hide_index=True)
    _files(titles, table, "clusters", lambda: outlines_geopackage(titles, table, [one.shape for one in found.clusters]))


def show_unheard(rows: Sequence[SilentRow]) -> None:
    """Show the unheard buildings as a table with files, and the way to plan a visit."""
    titles = [_("Building"), _("Households"), _("Requests"), _("Expected requests"), _("Visits"), _("Expected visits")]
    table: list[list[Cell]] = [
        [row.name, round(row.households), row.requests, round(row.expected_requests, 1), round(row.visits),
         round(row.expected_visits, 1)]
        for row in rows
    ]  # fmt: skip
    st.dataframe({title: [line[at] for line in table] for at, title in enumerate(titles)}, hide_index=True)
    _files(titles, table, "unheard")
    link_to("visits", _("Plan a visit"), icon=":material/handshake:")


def _files(
    titles: list[str], table: list[list[Cell]], name: str, geopackage: Callable[[], bytes] | None = None
) -> None:
    offered = [(_("Excel"), lambda: as_xlsx(titles, table), "xlsx"), (_("CSV"), lambda: as_csv(titles, table), "csv")]
    if geopackage:
        offered.append((_("GeoPackage"), geopackage, "gpkg"))
    for column, (label, content, ending) in zip(st.columns(4), offered, strict=False):
        column.download_button(
            label, content, f"{name}.{ending}", icon=":material/download:", key=f"hot_{name}_{ending}",
            on_click="ignore", width="stretch", disabled=not table,
        )  # fmt: skip


def show_left_out(left_out: dict[str, int], points: int) -> None:
    """Say how many requests are not counted, and why; between which bounds for who may not see requests."""
    for reason, count in left_out.items():
        told = number(count) if may("see_requests") else bounds_told(count)
        values = {"count": told} | ({"points": number(points)} if reason == "default" else {})
        st.caption(_(LEFT_OUT[reason], **values))
