"""Years ahead: where today's helpers become tomorrow's helped, year by year, and which compounds come first."""

from collections.abc import Callable

import streamlit as st

from geo.briefing.coverage_paint import LEAST_EACH, MOST_EACH
from geo.briefing.coverage_years import YearsSeen, compounds_soonest, years_of
from geo.briefing.map_state import Place
from geo.briefing.overview import Stand
from geo.i18n import _, listed, number
from geo.maps.safe_text import plain

HELPERS_COLOUR, HELPED_COLOUR = "#0072b2", "#d55e00"
SHOWN = 100


def show_years(stand: Stand, community_id: int | None, choose: Callable[[Place], None]) -> None:
    """Show helpers and helped over the next 20 years, and the compounds that come first."""
    st.subheader(_("Years ahead"))
    each = st.number_input(
        _("People aged 70 to 89 that one resident aged 40 to 59 can help"), LEAST_EACH, MOST_EACH, step=0.05,
        key="coverage_each", help=_("Averaged over everybody of that age, whether they volunteer or not."),
    )  # fmt: skip
    found = years_of(stand, community_id, each)
    if found is None:
        st.info(
            _("No counts of residents by age can be told here. Publish counts below the map page's lists, or choose "
              "all communities."),
            icon=":material/elderly:",
        )  # fmt: skip
        return
    _show_chart(found)
    _show_soonest(stand, community_id, each, choose)


def _show_chart(found: YearsSeen) -> None:
    helpers, helped = _("Of helping age"), _("Of helped age")
    years = [str(found.first + step) for step in range(len(found.helpers))]
    st.line_chart(
        {_("Year"): years, helpers: list(found.helpers), helped: list(found.helped)},
        x=_("Year"), y=[helpers, helped], color=[HELPERS_COLOUR, HELPED_COLOUR], height=260,
    )  # fmt: skip
    if found.short_from is None:
        st.success(_("Enough helpers for the next 20 years, if nobody moves."), icon=":material/check_circle:")
    else:
        early, late = found.between
        latest = str(late) if late else _("perhaps never")
        st.warning(
            _("Too few helpers from {year} on (between {early} and {late}).", year=str(found.short_from),
              early=str(early), late=latest),
            icon=":material/trending_down:",
        )  # fmt: skip
    if found.counted_with:
        names = listed(plain(name) for name in found.counted_with)
        st.caption(_("Counts here are too small to tell: these are the numbers of {places} together.", places=names))
    if found.records is not None:
        known, unknown = number(found.records), number(found.unknown)
        st.caption(_("{known} buildings with numbers, {unknown} unknown.", known=known, unknown=unknown))


def _show_soonest(stand: Stand, community_id: int | None, each: float, choose: Callable[[Place], None]) -> None:
    soonest = compounds_soonest(stand, community_id, each)
    if not soonest:
        return
    st.markdown(_("Compounds that will have too few first:"))
    picked = st.dataframe(
        {
            _("Compound"): [row.name for row in soonest[:SHOWN]],
            _("Too few from"): [str(row.short_from) for row in soonest[:SHOWN]],
            _("At the earliest"): [str(row.earliest) for row in soonest[:SHOWN]],
        },
        hide_index=True, height=220, on_select="rerun", selection_mode="single-row",
        key=f"coverage_years_{community_id}_{st.session_state.get('coverage_turn', 0)}",
    )  # fmt: skip
    if picked.selection.rows:
        st.session_state["coverage_turn"] = st.session_state.get("coverage_turn", 0) + 1
        choose(("compound", soonest[picked.selection.rows[0]].id))
