"""The list of care needs by place and number, with its downloads; never a name."""

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, current_language, number, use_language
from geo.people.need_figures import CompoundWithNeeds
from geo.people.need_reads import NeedChoice, NeedView
from geo.people.needs import STATUS_LABELS
from geo.store.clock import today
from pages.parts.need_state import open_need_card
from pages.parts.need_words import SHOWN, listed_needs, tasks_in_words

EVERY = 1_000_000
TOO_MANY = 10_000
HEIGHT_PX = 560
WIDE = 6
DAYS = {"en": "D MMM YYYY", "zh_CN": "YYYY年M月D日"}


def show_list(choice: NeedChoice) -> None:
    """Show the needs that are chosen, by building, door and number; a click on a row opens its card."""
    found = listed_needs(choice)
    if not found:
        st.info(
            _("No need is like this. Choose another status, kind of help or place above."),
            icon=":material/filter_alt_off:",
        )
        return
    if len(found) == SHOWN:
        st.caption(_("The first {count}, by place. Choose a community; the files hold all.", count=number(SHOWN)))
    rows = [_row(need) for need in found]
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(_titles()) if at < WIDE},
        hide_index=True, column_config={_("Since"): st.column_config.DateColumn(format=DAYS[current_language()])},
        height=min(HEIGHT_PX, 38 + 35 * len(rows)), on_select="rerun", selection_mode="single-row",
        key=f"needs_{st.session_state.get('needs_turn', 0)}",
    )  # fmt: skip
    st.caption(_("{count} needs. Click a row to open its card.", count=number(len(found))))
    _downloads(choice)
    if picked.selection.rows:
        st.session_state["needs_turn"] = st.session_state.get("needs_turn", 0) + 1
        open_need_card(found[picked.selection.rows[0]].number)


def show_communities(known: Sequence[CompoundWithNeeds]) -> None:
    """Show how many needs are open in each community, where there are too many to list."""
    counted = Counter[str]()
    for row in known:
        counted[row.community] += row.open
    st.info(_("There are too many needs for one list. Choose a community above."), icon=":material/filter_alt:")
    st.dataframe(
        {_("Community"): list(counted), _("Open needs"): list(counted.values())}, hide_index=True, height=HEIGHT_PX
    )


def _titles() -> list[str]:
    return [
        _("Place"), _("Door"), _("Number"), _("Help needed"), _("Status"), _("Since"), _("Ended"), _("Community"),
    ]  # fmt: skip


def _row(need: NeedView) -> list[Cell]:
    return [
        need.place, need.room, need.number, tasks_in_words(need.tasks), _(STATUS_LABELS[need.status]), need.opened_on,
        need.ended_on, need.community,
    ]  # fmt: skip


def _downloads(choice: NeedChoice) -> None:
    language = current_language()

    def every() -> list[list[Cell]]:
        use_language(language)
        return [_row(need) for need in listed_needs(choice, limit=EVERY)]

    titles, name = _titles(), f"care_needs_{today()}"
    left, right, _rest = st.columns([1, 1, 3])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, every()), f"{name}.xlsx", icon=":material/download:", key="needs_xlsx",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, every()), f"{name}.csv", icon=":material/download:", key="needs_csv",
        on_click="ignore",
    )  # fmt: skip
