"""What is chosen on the page of rates: by what, which months, which community; the address says it too."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import streamlit as st

from geo.i18n import N_, _
from geo.requests.rate_reads import DIMENSION_LABELS, last_months
from geo.store.clock import today

SPANS = {"3": N_("3 months"), "6": N_("6 months"), "12": N_("12 months"), "24": N_("24 months")}
USUAL_SPAN, USUAL = "12", "community"


@dataclass(frozen=True)
class RateChoice:
    """By what is counted, of the requests received from since to before until, in one community or all."""

    dimension: str
    since: date
    until: date
    community_id: int | None


def chosen_rates(places: Mapping[str, str], *, free: bool) -> RateChoice:
    """Return what is chosen; who sees no requests one by one chooses only by what is counted."""
    asked, kept = st.query_params.to_dict(), st.session_state
    by, span = asked.get("by", USUAL), asked.get("months", USUAL_SPAN)
    by = kept.setdefault("rates_by", by if by in DIMENSION_LABELS else USUAL) or USUAL
    span = kept.setdefault("rates_months", span if span in SPANS else USUAL_SPAN)
    place = kept.setdefault("rates_place", asked.get("community"))
    place = place if free and place in places else None
    span = span if free else USUAL_SPAN
    kept.update(rates_by=by, rates_place=place)
    told = {"by": by if by != USUAL else "", "months": span if span != USUAL_SPAN else "", "community": place or ""}
    others = {name: value for name, value in asked.items() if name not in told}
    wanted = others | {name: value for name, value in told.items() if value}
    if wanted != asked:
        st.query_params.from_dict(wanted)
    since, until = last_months(today(), int(span))
    return RateChoice(by, since, until, int(place) if place else None)


def show_rate_controls(places: Mapping[str, str], *, free: bool) -> None:
    """Show the controls in one row."""
    by, when, where = st.columns([2, 1, 1], vertical_alignment="bottom")
    by.segmented_control(
        _("By what?"), list(DIMENSION_LABELS), key="rates_by", format_func=lambda code: _(DIMENSION_LABELS[code])
    )
    if free:
        when.selectbox(_("Received in the last"), list(SPANS), key="rates_months",
                       format_func=lambda span: _(SPANS[span]))  # fmt: skip
        where.selectbox(
            _("Community"), [None, *places], key="rates_place", placeholder=_("All communities"),
            format_func=lambda key: places[key] if key else _("All communities"),
        )  # fmt: skip
