"""The list of requests with its downloads; several chosen ones can be given to somebody at once."""

from functools import partial

import streamlit as st

from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, current_language, number, use_language
from geo.requests.board import MOST, BoardChoice, RequestView, board, matching
from geo.requests.rules import CHANNEL_LABELS, CLASS_LABELS, STATUS_LABELS
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.request_assign import show_bulk_assign
from pages.parts.request_state import open_request
from pages.parts.request_times import local, present
from pages.parts.request_words import assignee_text, due_text
from pages.parts.session import looking, may

EVERY = 1_000_000
HEIGHT_PX = 560
WIDE = 6
MOMENTS = {"en": "D MMM YYYY HH:mm", "zh_CN": "YYYY年M月D日 HH:mm"}


def show_request_list(choice: BoardChoice) -> None:
    """Show the requests that are chosen; a click on a row opens its card."""
    with looking() as connection:
        found = board(connection, choice, limit=MOST)
        count = matching(connection, choice) if len(found) == MOST else len(found)
    if not found:
        st.info(_("No request is like this. Choose another view, place or time above."), icon=":material/inbox:")
        return
    several = may("work_requests") and st.toggle(_("Choose several"), key="requests_several")
    rows = [_row(one) for one in found]
    received = st.column_config.DatetimeColumn(format=MOMENTS[current_language()])
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(_titles()) if at < WIDE},
        hide_index=True, column_config={_("Received"): received},
        height=min(HEIGHT_PX, 38 + 35 * len(rows)), on_select="rerun",
        selection_mode="multi-row" if several else "single-row",
        key=f"requests_{several}_{st.session_state.get('requests_turn', 0)}",
    )  # fmt: skip
    shown = _("{count} requests. Click a row to open its card.", count=number(count))
    more = _("The first {count} are listed; the files hold all.", count=number(MOST)) if count > MOST else ""
    st.caption(f"{shown} {more}")
    _downloads(choice)
    chosen = [found[at] for at in picked.selection.rows]
    if several:
        show_bulk_assign(chosen)
    elif chosen:
        st.session_state["requests_turn"] = st.session_state.get("requests_turn", 0) + 1
        open_request(chosen[0].number)
        rerun_part()


def _titles() -> list[str]:
    return [
        _("Place"), _("Category"), _("Due"), _("How it stands"), _("Received"), _("Number"), _("Who sees to it"),
        _("Class"), _("Channel"), _("Community"), _("Overdue"),
    ]  # fmt: skip


def _row(one: RequestView) -> list[Cell]:
    return [
        one.place, one.category_name, due_text(one), _(STATUS_LABELS[one.status]), local(one.clock.received_at),
        one.number, assignee_text(one), _(CLASS_LABELS[one.class_code]), _(CHANNEL_LABELS[one.channel]), one.community,
        _("yes") if one.is_overdue(present()) else _("no"),
    ]  # fmt: skip


def _every(choice: BoardChoice, language: str) -> list[list[Cell]]:
    use_language(language)
    with looking() as connection:
        return [_row(one) for one in board(connection, choice, limit=EVERY)]


def _downloads(choice: BoardChoice) -> None:
    titles, name = _titles(), f"requests_{today()}"
    every = partial(_every, choice, current_language())
    left, right, _rest = st.columns([1, 1, 3])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, every()), f"{name}.xlsx", icon=":material/download:", key="requests_xlsx",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, every()), f"{name}.csv", icon=":material/download:", key="requests_csv",
        on_click="ignore",
    )  # fmt: skip
