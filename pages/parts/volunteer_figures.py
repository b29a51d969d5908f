"""The key figures of volunteers: how many, what they offer and gave, what is missing; each leads to its list."""

import streamlit as st

from geo.i18n import N_, _, day, number
from geo.people.volunteer_reads import VolunteerFigures
from geo.store.clock import today
from pages.parts.volunteer_state import ALL
from pages.parts.volunteer_words import hours_words, short_hours

FOUND_LABELS = {
    "no_place": N_("without a place"),
    "no_times": N_("without times"),
    "over_hours": N_("more hours bound than offered"),
    "checked_in": N_("checked in"),
    "unconfirmed": N_("hours to confirm"),
}


def show_figures(figures: VolunteerFigures) -> None:
    """Show how many volunteers there are, what they offer and gave, and what is missing."""
    columns = st.columns(5)
    columns[0].metric(_("Volunteers"), number(figures.active))
    columns[0].caption(_("active, of {count} recorded, on {day}", count=number(figures.records), day=day(today())))
    _lead(columns[0], "checked_in", figures.checked_in)
    columns[1].metric(_("Hours offered a week"), short_hours(figures.hours_offered))
    columns[1].caption(_("{hours} of them bound in care circles", hours=hours_words(figures.hours_bound)))
    _lead(columns[1], "over_hours", figures.over_hours)
    columns[2].metric(_("Hours given and confirmed"), short_hours(round(figures.hours_confirmed)))
    since = day(today().replace(day=1))
    columns[2].caption(
        _("since {day}, of {hours} recorded", day=since, hours=hours_words(round(figures.hours_given)))
    )  # fmt: skip
    if figures.waiting:
        _lead(columns[2], "unconfirmed", None)
    columns[3].metric(_("Without a place"), number(figures.without_place))
    columns[3].caption(_("nobody can be paired with them yet"))
    _lead(columns[3], "no_place", figures.without_place)
    columns[4].metric(_("Without times"), number(figures.without_times))
    columns[4].caption(_("they stand in no rota"))
    _lead(columns[4], "no_times", figures.without_times)


def _lead(column: st.delta_generator.DeltaGenerator, found: str, count: int | None) -> None:
    """Show the way to the list behind a figure; nothing where the list is empty."""
    if count == 0:
        return
    words = _(FOUND_LABELS[found])
    label = words if count is None else _("{count} {what}", count=number(count), what=words)
    column.button(label, key=f"lead_{found}", type="tertiary", icon=":material/filter_alt:", on_click=_narrow,
                  args=(found,))  # fmt: skip


def _narrow(found: str) -> None:
    st.session_state["volunteer_found"] = found
    st.session_state["volunteer_status"] = ALL if found == "unconfirmed" else "active"
