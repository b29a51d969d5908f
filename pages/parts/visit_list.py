"""The list of due visits, the longest overdue first, with its downloads and a message to send on; never a name."""

from collections.abc import Sequence

import streamlit as st

from geo.exchange.downloads import Cell, as_csv, as_xlsx
from geo.i18n import _, current_language, day, number, use_language
from geo.maps.safe_text import plain
from geo.people.visit_reads import DueNeed, VisitChoice, due_needs
from geo.people.visit_rules import RESULT_LABELS, STATE_LABELS
from geo.store.clock import today
from pages.parts.need_list import DAYS, EVERY, HEIGHT_PX
from pages.parts.session import looking
from pages.parts.visit_state import open_visit_card
from pages.parts.visit_words import door_text, form_address

SHOWN = 2000
IN_A_MESSAGE = 15
WIDE = 7


def show_visit_list(choice: VisitChoice) -> None:
    """Show the needs by the day their next visit is due; a click on a row opens its card."""
    found = _listed(choice, SHOWN)
    if not found:
        st.info(_("No visit is like this. Choose another place, visitor or state above."), icon=":material/event:")
        return
    if len(found) == SHOWN:
        st.caption(_("The first {count}, longest overdue. The files hold all.", count=number(SHOWN)))
    rows = [_row(need) for need in found]
    a_day = st.column_config.DateColumn(format=DAYS[current_language()])
    picked = st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(_titles()) if at < WIDE},
        hide_index=True, column_config={_("Due"): a_day, _("Last met"): a_day}, placeholder="–",
        height=min(HEIGHT_PX, 38 + 35 * len(rows)), on_select="rerun", selection_mode="single-row",
        key=f"visits_{st.session_state.get('visits_turn', 0)}",
    )  # fmt: skip
    st.caption(_("{count} needs, longest overdue first. Click a row to open its card.", count=number(len(found))))
    _downloads(choice)
    with st.popover(_("Message with this list"), icon=":material/forward_to_inbox:"):
        st.caption(_("Copy it and send it to whoever goes. It names doors and numbers, nobody's name."))
        st.code(_message(found), language=None, wrap_lines=True)
    if picked.selection.rows:
        st.session_state["visits_turn"] = st.session_state.get("visits_turn", 0) + 1
        open_visit_card(found[picked.selection.rows[0]].number)


def _listed(choice: VisitChoice, limit: int) -> list[DueNeed]:
    with looking() as connection:
        return due_needs(connection, choice, limit=limit)


def _message(found: Sequence[DueNeed]) -> str:
    lines = [
        _("{door} (need {number}), due {day}", door=door_text(need), number=plain(need.number), day=day(need.due_on))
        for need in found[:IN_A_MESSAGE]
    ]
    more = len(found) - len(lines)
    lines += [_("and {count} more, on the form", count=number(more))] if more else []
    ask = _("Please visit these doors and record each visit on the phone:")
    return "\n".join([ask, *lines, form_address(whole=True)])


def _titles() -> list[str]:
    return [
        _("Place"), _("Door"), _("Due"), _("How it stands"), _("Number"), _("Last met"), _("Last try"), _("By"),
        _("Community"),
    ]  # fmt: skip


def _row(need: DueNeed) -> list[Cell]:
    tried = _(RESULT_LABELS[need.last_result]) if need.last_result else None
    return [
        need.place, need.room, need.due_on, _(STATE_LABELS[need.state]), need.number, need.last_met_on, tried,
        need.last_by, need.community,
    ]  # fmt: skip


def _downloads(choice: VisitChoice) -> None:
    language = current_language()

    def every() -> list[list[Cell]]:
        use_language(language)
        return [_row(need) for need in _listed(choice, EVERY)]

    titles, name = _titles(), f"visits_{today()}"
    left, right, _rest = st.columns([1, 1, 3])
    left.download_button(
        _("Excel"), lambda: as_xlsx(titles, every()), f"{name}.xlsx", icon=":material/download:", key="visits_xlsx",
        on_click="ignore",
    )  # fmt: skip
    right.download_button(
        _("CSV"), lambda: as_csv(titles, every()), f"{name}.csv", icon=":material/download:", key="visits_csv",
        on_click="ignore",
    )  # fmt: skip
