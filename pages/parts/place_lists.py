"""Lists of the places page: areas without a boundary, places outside their parent, organisations."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.map_state import Place
from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.governance.reads import organisations
from geo.governance.rules import ORGANISATION_LABELS
from geo.i18n import _, number
from geo.places.reads import areas_without_boundary, communities, findings_inside_parent
from geo.places.rules import KIND_LABELS
from pages.parts.session import looking

MOST_FINDINGS = 500


def show_areas_without_boundary(choose: Callable[[Place], None]) -> None:
    """List the areas known by code and name only; a click on a row opens the area, so that it can be drawn."""
    with looking() as connection:
        found = areas_without_boundary(connection)
    if not found:
        st.success(_("Every area has a boundary."), icon=":material/check:")
        return
    st.caption(_("Areas with a code and no boundary yet, never drawn: {count}", count=number(len(found))))
    titles = [_("Level"), _("Code"), _("Name"), _("Belongs to")]
    rows: list[list[Cell]] = [[_(KIND_LABELS[area.kind]), area.code, area.name, area.parent] for area in found]
    st.caption(_("Import a file with the same codes to give them their boundaries, or choose one and draw it."))
    picked = _table(titles, rows, "areas_without_boundary")
    if picked is not None:
        choose((found[picked].kind, found[picked].id))


def show_outside_parent(choose: Callable[[Place], None]) -> None:
    """List places less than 90 % inside what they belong to; a click on a row opens the place."""
    with looking() as connection:
        known = {row.id: row.name for row in communities(connection) if not row.placeholder}
    community_id = st.selectbox(
        _("Community"), [None, *known], format_func=lambda key: known[key] if key else _("All communities"),
        key="outside_community", placeholder=_("All communities"),
    )  # fmt: skip
    if not st.session_state.get("outside_asked") and not st.button(
        _("Look for them"), icon=":material/search:", key="look_outside"
    ):
        st.caption(_("Compares every shape with what it belongs to; a large city takes up to a minute."))
        return
    st.session_state["outside_asked"] = True
    with st.spinner(_("Comparing shapes …")), looking() as connection:
        found = findings_inside_parent(connection, community_id=community_id, limit=MOST_FINDINGS)
    if not found:
        st.success(_("Every place lies at least 90 % inside what it belongs to."), icon=":material/check:")
        return
    titles = [_("Kind"), _("Name"), _("Belongs to"), _("Inside, %")]
    rows: list[list[Cell]] = [
        [_(KIND_LABELS[place.kind]), place.name, place.parent_name, round(100 * place.share, 1)] for place in found
    ]
    picked = _table(titles, rows, "outside_parent")
    if picked is not None:
        choose((found[picked].kind, found[picked].id))


def show_organisations(choose: Callable[[Place], None]) -> None:
    """List the organisations; a click on a row opens the compound or community it belongs to."""
    with looking() as connection:
        found = organisations(connection)
    if not found:
        st.caption(_("No organisation is known yet: import a file of organisations to list them here."))
        return
    titles = [_("Kind"), _("Name"), _("Code"), _("Community"), _("Compound")]
    rows: list[list[Cell]] = [
        [_(ORGANISATION_LABELS[one.kind]), one.name, one.code, one.community, one.compound] for one in found
    ]
    picked = _table(titles, rows, "organisations")
    if picked is not None:
        one = found[picked]
        choose(("compound", one.compound_id) if one.compound_id else ("community", one.community_id))


def _table(titles: list[str], rows: list[list[Cell]], name: str) -> int | None:
    """Show a table with its downloads; return the row that was clicked, once."""
    picked = st.dataframe(
        dict(zip(titles, zip(*rows, strict=True), strict=True)), hide_index=True, height=420, on_select="rerun",
        selection_mode="single-row", key=f"{name}_{st.session_state.get(f'{name}_turn', 0)}",
    )  # fmt: skip
    _downloads(titles, rows, name)
    if not picked.selection.rows:
        return None
    st.session_state[f"{name}_turn"] = st.session_state.get(f"{name}_turn", 0) + 1
    return int(picked.selection.rows[0])


def _downloads(titles: list[str], rows: list[list[Cell]], name: str) -> None:
    left, right, _rest = st.columns([1, 1, 4])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, rows), f"{name}.xlsx", icon=":material/download:", key=f"{name}_xlsx",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, rows), f"{name}.csv", icon=":material/download:", key=f"{name}_csv",
        on_click="ignore",
    )  # fmt: skip
