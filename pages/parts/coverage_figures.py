"""The key figures of the coverage page: the share covered beside the targets, and households by what is missing."""

import streamlit as st

from geo.briefing.coverage_overview import Targets
from geo.briefing.coverage_state import CoverageState
from geo.briefing.coverage_tallies import Tally
from geo.briefing.overview import Stand
from geo.i18n import _, day, number
from geo.maps.legend import coverage_theme
from pages.parts.coverage_controls import sees_teams

MOST = 5


def percent(share: float | None) -> str:
    """Write a share of 0 to 1 with one digit; unknown for None."""
    return f"{100 * share:.1f} %" if share is not None else _("unknown")


def show_figures(stand: Stand, state: CoverageState, found: Tally, wanted: Targets) -> None:
    """Show the share of known households covered, then households by class, the unknown last."""
    asked = state.asked
    share = found.share(asked.covered)
    on = _("As of {day}", day=day(stand.on))
    figures = [
        (_("Households covered"), percent(share), _against(share, wanted)),
        *_by_class(state, found),
        (
            _("Unknown"),
            number(found.buildings[0]),
            _("buildings; {parts} entrances without a count", parts=number(sum(found.uncounted))),
        ),
    ]
    for column, (label, value, note) in zip(st.columns(len(figures)), figures, strict=True):
        column.metric(label, value, help=on)
        column.caption(note)
    st.caption(
        _("{known} known households on {day}; a household counts as covered when somebody is there who can take it on.",
          known=number(found.known), day=day(stand.on))
    )  # fmt: skip


def _against(share: float | None, wanted: Targets) -> str:
    if share is None:
        return _("No household is counted here yet.")
    first, later = f"{100 * wanted.first:.0f} %", f"{100 * wanted.later:.0f} %"
    if share >= wanted.later:
        return _("Both targets are met: {first} and {later}", first=first, later=later)
    if share >= wanted.first:
        return _("First target {first} is met; next: {later}", first=first, later=later)
    return _("Targets: {first}, then {later}", first=first, later=later)


def _by_class(state: CoverageState, found: Tally) -> list[tuple[str, str, str]]:
    covered = set(state.asked.covered)
    styles = coverage_theme(state.asked.topic, sees_teams=sees_teams()).building
    missing = [style for style in styles if style.code and style.code not in covered]
    others = [style for style in styles if style.code in covered and style.code != 1]
    return [
        (_(style.label), number(found.households[style.code]),
         _("households in {count} buildings", count=number(found.buildings[style.code])))
        for style in [*missing, *reversed(others)][: MOST - 2]
    ]  # fmt: skip
