"""The key figures of a page: value, unit, date, how many records are behind it, a warning when many are unknown."""

import streamlit as st

from geo.briefing.overview import Overview
from geo.i18n import _, day, number
from geo.people.rules import HeadClass


def percent(part: int, whole: int) -> str:
    """Write a share; unknown when there is nothing to share."""
    return f"{100 * part / whole:.0f} %" if whole else _("unknown")


def show_figures(seen: Overview) -> None:
    """Show the five figures of the map page."""
    on, roster = day(seen.on), number(seen.in_roster)
    unknown = number(seen.buildings - seen.in_roster)
    figures = (
        (_("Buildings"), number(seen.buildings), _("{unknown} of them not in the roster yet", unknown=unknown)),
        (
            _("Known households"),
            number(seen.households) if seen.uncounted < seen.buildings else _("unknown"),
            _("Buildings without a count: {count}", count=number(seen.uncounted)),
        ),
        (
            _("Buildings with a head"),
            percent(seen.held, seen.in_roster),
            _("{held} of {roster} in the roster", held=number(seen.held), roster=roster),
        ),
        (
            _("Without a head"),
            number(seen.heads[HeadClass.VACANT]),
            _("buildings, of {roster} in the roster", roster=roster),
        ),
        (
            _("Terms ending soon"),
            number(seen.heads[HeadClass.TERM_ENDING]),
            _("buildings, on {day}", day=on),
        ),
    )
    for column, (label, value, note) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, value, help=_("As of {day}", day=on))
        column.caption(note)
