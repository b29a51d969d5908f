"""The table below the map: communities, or the compounds of one, by what is missing; and how it was computed."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.map_state import Place
from geo.briefing.overview import AreaRow, Stand, areas_by_need
from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, day, number
from geo.planning.reads import parameters
from pages.parts.residents import show_residents, show_residents_of_city
from pages.parts.session import looking

SHOWN = 200


def _cells(row: AreaRow) -> list[Cell]:
    share = None if row.share is None else round(100 * row.share, 1)
    return [row.name, row.buildings, row.in_roster, row.with_head, share, row.households_without]


def _titles(kind: str) -> list[str]:
    name = _("Community") if kind == "community" else _("Compound")
    return [name, _("Buildings"), _("In the roster"), _("With a head"), _("Share, %"), _("Households without a head")]


def show_areas(stand: Stand, community_id: int | None, choose: Callable[[Place], None]) -> None:
    """Show the table with its downloads; a click on a row opens the place."""
    found = areas_by_need(stand, community_id)
    with looking() as connection:
        chosen = parameters(connection)
    titles = _titles("compound" if community_id else "community")
    rows = [_cells(row) for row in found]
    st.subheader(_("Compounds of this community") if community_id else _("Communities"))
    if len(rows) > SHOWN:
        said = _("The {shown} with most households without a head; the files hold all {count}.",
                 shown=SHOWN, count=number(len(rows)))  # fmt: skip
        st.caption(said)
    picked = st.dataframe(
        {title: [row[at] for row in rows[:SHOWN]] for at, title in enumerate(titles)},
        hide_index=True, on_select="rerun", selection_mode="single-row", height=300,
        key=f"areas_{community_id}_{st.session_state.get('areas_turn', 0)}",
    )  # fmt: skip
    _downloads(titles, rows, f"heads_{stand.on}")
    with st.expander(_("How this was computed")):
        st.markdown(
            _(
                "State of {day}. A building is in the roster when a post of building head is known for it; the share "
                "is buildings with a current head, divided by buildings in the roster. A term ends soon within {days} "
                "days; a head has too many households above {households}, doors under a unit head counting for the "
                "unit head only. Unknown household counts are left out, never taken as 0.",
                day=day(stand.on), days=chosen["term_ending_days"], households=chosen["head_alarm_households"],
            )
        )  # fmt: skip
    if community_id:
        show_residents(("community", community_id))
    else:
        show_residents_of_city()
    if picked.selection.rows:
        st.session_state["areas_turn"] = st.session_state.get("areas_turn", 0) + 1
        row = found[picked.selection.rows[0]]
        choose((row.kind, row.id))


def _downloads(titles: list[str], rows: list[list[Cell]], name: str) -> None:
    left, right, _rest = st.columns([1, 1, 4])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, rows), f"{name}.xlsx", icon=":material/download:", key="areas_xlsx",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, rows), f"{name}.csv", icon=":material/download:", key="areas_csv",
        on_click="ignore",
    )  # fmt: skip
