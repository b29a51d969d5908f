"""The list of posts nobody holds, worst off first, with its downloads."""

from collections.abc import Callable, Sequence

import streamlit as st

from geo.briefing.map_state import Place
from geo.briefing.overview import Choice, Stand, overview, vacant_heads
from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, current_language, day, use_language
from geo.people.reads import Vacancy, vacancies
from geo.people.rules import POST_LABELS
from pages.parts.session import looking

ALL = 1_000_000


def _titles() -> list[str]:
    return [_("Place"), _("Post"), _("Community"), _("Households"), _("Vacant since")]


def _rows(found: Sequence[Vacancy]) -> list[list[Cell]]:
    return [[v.place_name, _(POST_LABELS[v.kind]), v.community, v.households, v.since] for v in found]


def show_vacancies(stand: Stand, community_id: int | None, choose: Callable[[Place], None]) -> None:
    """Show the vacant posts of building heads; a click on a row opens its building."""
    st.subheader(_("Without a building head"))
    found = vacant_heads(stand, community_id)
    if not found and not overview(stand, Choice(community_id)).in_roster:
        st.info(_("No roster here yet: import one, or assign heads on the map."), icon=":material/group_off:")
        return
    if not found:
        st.success(_("Every building in the roster has a head."), icon=":material/check_circle:")
        return
    st.caption(_("Most households first, on {day}. Click a row to open the building.", day=day(stand.on)))
    rows = _rows(found)
    columns = {_("Place"): 0, _("Households"): 3, _("Community"): 2}
    picked = st.dataframe(
        {title: [row[at] for row in rows] for title, at in columns.items()},
        hide_index=True,
        column_config={_("Households"): st.column_config.NumberColumn(width="small")},
        height=430,
        on_select="rerun",
        selection_mode="single-row",
        key=f"vacancies_{community_id}_{stand.posts}_{st.session_state.get('vacancy_turn', 0)}",
    )
    if picked.selection.rows:
        chosen = found[picked.selection.rows[0]]
        st.session_state["vacancy_turn"] = st.session_state.get("vacancy_turn", 0) + 1
        choose((chosen.place_kind, chosen.place_id))
    _downloads(stand, community_id)


def _downloads(stand: Stand, community_id: int | None) -> None:
    language = current_language()

    def every() -> list[list[Cell]]:
        use_language(language)
        with looking() as connection:
            return _rows(vacancies(connection, on=stand.on, community_id=community_id, limit=ALL))

    titles, name = _titles(), f"vacancies_{stand.on}"
    left, right = st.columns(2)
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, every()), f"{name}.xlsx", icon=":material/download:", width="stretch",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, every()), f"{name}.csv", icon=":material/download:", width="stretch",
        on_click="ignore",
    )  # fmt: skip
