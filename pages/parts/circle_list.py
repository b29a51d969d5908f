"""The list of care circles by place and number of the need, and the needs that have none; the helped are not named."""

from collections.abc import Sequence

import streamlit as st

from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, number
from geo.people.circle_reads import CURRENT as NOT_ENDED
from geo.people.circle_reads import CircleView, circles, needs_without_circle
from geo.people.circle_rules import STATUS_LABELS
from geo.people.needs import STATUS_LABELS as NEED_LABELS
from geo.store.clock import today
from pages.parts.circle_state import CURRENT, RotaState, open_circle, open_view
from pages.parts.circle_words import circle_hours, member_words, name_words
from pages.parts.need_words import door_of, tasks_in_words
from pages.parts.session import looking

HEIGHT_PX = 480
WIDE = 7


def show_circles(state: RotaState) -> None:
    """Show the circles of a choice; a click on a row opens its card."""
    statuses = NOT_ENDED if state.status == CURRENT else (state.status,)
    with looking() as connection:
        found = circles(connection, community_id=state.community_id, statuses=statuses)
    if found:
        _show_list(found)
    else:
        st.info(
            _("No circle is like this here. Go to Proposals to have some proposed, or choose another status."),
            icon=":material/diversity_1:",
        )


def _show_list(found: Sequence[CircleView]) -> None:
    rows = [_row(one) for one in found]
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(_titles()) if at < WIDE},
        hide_index=True, height=min(HEIGHT_PX, 38 + 35 * len(rows)), on_select="rerun", selection_mode="single-row",
        key=f"circles_{st.session_state.get('circles_turn', 0)}",
    )  # fmt: skip
    st.caption(_("{count} circles. Click a row to open its card.", count=number(len(found))))
    _downloads(rows)
    if picked.selection.rows:
        st.session_state["circles_turn"] = st.session_state.get("circles_turn", 0) + 1
        open_circle(found[picked.selection.rows[0]].id)
        st.rerun()


def _titles() -> list[str]:
    return [
        _("Place"), _("Door"), _("Number"), _("Status"), _("Comes first"), _("Volunteers"), _("Hours a week"),
        _("Help needed"), _("Who"), _("Team"), _("Status of the need"), _("Since"),
    ]  # fmt: skip


def _row(circle: CircleView) -> list[Cell]:
    first = next((one for one in circle.members if one.role == "primary"), None)
    return [
        circle.place, circle.room, circle.number, _(STATUS_LABELS[circle.status]),
        name_words(first.name, first.volunteer_id) if first else "", len(circle.members), circle_hours(circle),
        tasks_in_words(circle.tasks), "; ".join(map(member_words, circle.members)), circle.team,
        _(NEED_LABELS[circle.need_status]), circle.started_on,
    ]  # fmt: skip


def _downloads(rows: Sequence[Sequence[Cell]]) -> None:
    titles, name = _titles(), f"care_circles_{today()}"
    left, right, _rest = st.columns([1, 1, 3])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, rows), f"{name}.xlsx", icon=":material/download:", key="circles_xlsx",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, rows), f"{name}.csv", icon=":material/download:", key="circles_csv",
        on_click="ignore",
    )  # fmt: skip


def show_needs_without(state: RotaState) -> None:
    """Show which open needs have no circle: what is worst off here."""
    with looking() as connection:
        alone = needs_without_circle(connection, community_id=state.community_id)
    if not alone:
        st.success(_("Every open need has a circle here."), icon=":material/check_circle:")
        return
    st.markdown(_("Open needs without a circle at work ({count})", count=number(len(alone))))
    st.dataframe(
        {
            _("Place"): [door_of(need) for need in alone],
            _("Number"): [need.number for need in alone],
            _("Help needed"): [tasks_in_words(need.tasks) for need in alone],
        },
        hide_index=True, height=min(HEIGHT_PX, 38 + 35 * len(alone)),
    )  # fmt: skip
    st.button(_("Go to the proposals"), key="to_proposals", icon=":material/lightbulb:", on_click=open_view,
              args=("proposals",))  # fmt: skip
