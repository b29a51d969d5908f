"""The list of volunteers with what they offer, and its downloads; a click on a row opens the card."""

import streamlit as st

from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, current_language, number, use_language
from geo.people.volunteer_reads import VolunteerChoice, VolunteerView, volunteers
from geo.people.volunteer_rules import STATUS_LABELS, skills_in_words
from geo.store.clock import today
from pages.parts.session import looking
from pages.parts.volunteer_state import open_card
from pages.parts.volunteer_words import name_of, place_of

SHOWN, EVERY = 1000, 1_000_000
HEIGHT_PX = 560
WIDE = 7


def show_list(choice: VolunteerChoice) -> None:
    """Show the volunteers of a choice, by community and name."""
    found = _listed(choice, SHOWN)
    if not found:
        st.info(
            _("No volunteer is like this. Choose another skill, team, place or status above."),
            icon=":material/filter_alt_off:",
        )
        return
    if len(found) == SHOWN:
        st.caption(_("The first {count}, by name. Choose a community; the files hold all.", count=number(SHOWN)))
    rows = [_row(one) for one in found]
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(_titles()) if at < WIDE},
        hide_index=True, height=min(HEIGHT_PX, 38 + 35 * len(rows)), on_select="rerun", selection_mode="single-row",
        key=f"volunteers_{st.session_state.get('volunteers_turn', 0)}",
    )  # fmt: skip
    st.caption(_("{count} volunteers. Click a row to open their card.", count=number(len(found))))
    _downloads(choice)
    if picked.selection.rows:
        st.session_state["volunteers_turn"] = st.session_state.get("volunteers_turn", 0) + 1
        open_card(found[picked.selection.rows[0]].id)


def _listed(choice: VolunteerChoice, limit: int) -> list[VolunteerView]:
    with looking() as connection:
        return volunteers(connection, choice, limit=limit)


def _titles() -> list[str]:
    return [
        _("Name of the person"), _("Place"), _("Hours a week"), _("Free a week"), _("Times"), _("Skills"), _("Team"),
        _("Status"), _("Checked in on"), _("Confirmed this month (h)"), _("Walks at most (m)"), _("Community"),
    ]  # fmt: skip


def _row(one: VolunteerView) -> list[Cell]:
    return [
        name_of(one), place_of(one), one.hours_week, one.free_hours, one.windows, skills_in_words(one.skills), one.team,
        _(STATUS_LABELS[one.status]), one.checked_in_on, one.confirmed_hours, one.limit_m, one.community,
    ]  # fmt: skip


def _downloads(choice: VolunteerChoice) -> None:
    language = current_language()

    def every() -> list[list[Cell]]:
        use_language(language)
        return [_row(one) for one in _listed(choice, EVERY)]

    titles, name = _titles(), f"volunteers_{today()}"
    left, right, _rest = st.columns([1, 1, 3])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, every()), f"{name}.xlsx", icon=":material/download:", key="volunteers_xlsx",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, every()), f"{name}.csv", icon=":material/download:", key="volunteers_csv",
        on_click="ignore",
    )  # fmt: skip
