"""What a volunteer takes along: their calendar without names, and the list that names whom they visit, for a reason."""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.access.asking import MOST_WORDS
from geo.access.consents import without_consent
from geo.access.reveals import reveal_list
from geo.errors import YizhanError
from geo.exchange.rota_sheets import NAMES, SheetLine, rota_sheet, sheet_cells
from geo.i18n import _, day, number
from geo.maps.safe_text import plain, safe_table
from geo.people.needs import TASK_LABELS
from geo.planning.shift_reads import ShiftView
from geo.planning.shift_rules import STANDING
from geo.store.clock import today
from pages.parts.circle_state import RotaState
from pages.parts.circle_words import name_words, turn_words, week_words
from pages.parts.names_table import PRINTED, SHOWN_S
from pages.parts.reveal import forget_after
from pages.parts.rota_calendar import offer_calendar
from pages.parts.session import actor, looking, may, visitor

PURPOSE = "rota"
FIELDS = ("name", "phone")


def show_papers(state: RotaState, shifts: Sequence[ShiftView]) -> None:
    """Show a choice of volunteers with turns this week, their calendar file and their list to print."""
    found: dict[int, list[ShiftView]] = {}
    for one in shifts:
        if one.volunteer_id is not None and one.status in STANDING:
            found.setdefault(one.volunteer_id, []).append(one)
    if not found:
        return
    with st.container(border=True, key="papers"):
        st.markdown(_("For a volunteer: calendar and list"))
        names = {key: name_words(turns[0].volunteer, key) for key, turns in found.items()}
        chosen = st.selectbox(
            _("Volunteer"), sorted(found, key=lambda key: names[key]), index=None, key="papers_of",
            placeholder=_("Choose somebody"), format_func=lambda key: names[key],
        )  # fmt: skip
        if chosen is None:
            st.caption(_("The calendar carries doors and numbers of needs, no names; the list names who is helped."))
            return
        offer_calendar(state, names[chosen], found[chosen])
        if may("reveal_persons"):
            _ask(state, names[chosen], found[chosen])


def _ask(state: RotaState, name: str, turns: Sequence[ShiftView]) -> None:
    persons = sorted({one.helped_person_id for one in turns if one.helped_person_id is not None})
    with looking() as connection:
        silent = without_consent(connection, persons, "volunteers")
    agreed = [one for one in persons if one not in silent]
    if silent:
        st.caption(
            _("{count} persons have not agreed that volunteers see their data: they stand there by door and number.",
              count=number(len(silent)))
        )  # fmt: skip
    st.info(
        _("Looks that will be recorded: {count}, one for each person, with your name, the purpose and the reason. "
          "The community and the auditor see them.", count=number(len(agreed))),
        icon=":material/visibility:",
    )  # fmt: skip
    with st.form("rota_sheet", border=False, enter_to_submit=False):
        reason = st.text_input(_("Reason"), max_chars=MOST_WORDS, key="sheet_reason", autocomplete="off",
                               placeholder=_("Such as: her visits of this week"))  # fmt: skip
        if not st.form_submit_button(_("Make the list"), type="primary", icon=":material/print:"):
            return
    known: Mapping[int, Mapping[str, object]] = {}
    if agreed:
        try:
            shown = reveal_list(actor(), agreed, FIELDS, purpose=PURPOSE, reason=reason)
        except YizhanError as error:
            st.error(plain(error.text()), icon=":material/error:")
            return
        known = {one.person_id: one.values for one in shown}
    _show_sheet(state, name, [_line(one, known) for one in turns])


def _line(shift: ShiftView, known: Mapping[int, Mapping[str, object]]) -> SheetLine:
    person = known.get(shift.helped_person_id or 0, {})
    return SheetLine(
        turn_words(shift.turn), shift.door, shift.number, _(TASK_LABELS[shift.task]),
        str(person.get("name") or ""), str(person.get("phone") or ""),
    )  # fmt: skip


def _show_sheet(state: RotaState, name: str, lines: Sequence[SheetLine]) -> None:
    title = _("Week of {name}, {week}", name=name, week=week_words(state.monday))
    made = _("Made on {day} by {who}", day=day(today()), who=plain(visitor().shown_name))
    forget_after(
        SHOWN_S, _("Print it now (Ctrl+P) or take the file: the list is gone as soon as you do anything else.")
    )
    st.download_button(
        _("List to print"), rota_sheet(title, lines, made=made).encode(), f"rota_{state.monday}.html",
        mime="text/html", icon=":material/download:", key="sheet_html", on_click="ignore",
    )  # fmt: skip
    with st.container(key="printed"):
        st.html(PRINTED)
        st.markdown(plain(title))
        st.caption(plain(made))
        titles, cells = sheet_cells(lines)
        st.html(safe_table(titles, cells, style=NAMES))
