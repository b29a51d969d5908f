"""The key figures of a siting study: before and after, with how good the plan is, in words that are true."""

from typing import Any

import streamlit as st

from geo.briefing.siting_results import KeptSiting
from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.siting.plan import MAXIMISED
from geo.siting.wanted import FEN, GOAL_LABELS, MEASURES
from pages.parts.siting_lines import rule_lines, weight_lines
from pages.parts.siting_studies import open_study


def yuan(fen: int | None) -> str:
    """Write an amount in fen as yuan, unknown for None."""
    return _("unknown") if fen is None else _("{amount} yuan", amount=number(fen / FEN))


def metres(value: float | None) -> str:
    """Write a walk in metres."""
    return _("no way") if value is None else _("{metres} m", metres=number(value))


def share_within(figures: dict[str, Any], moment: str) -> str:
    """Write the share of known households within the limit before or after."""
    known = figures["households"]
    return f"{100 * figures[moment]['within'] / known:.1f} %" if known else _("unknown")


def show_answer(found: KeptSiting) -> None:
    """Show the name of a study, whether its data has changed since, and its figures."""
    said, close = st.columns([5, 1], vertical_alignment="center")
    said.subheader(plain(found.view.name), anchor=False)
    close.button(_("Close the result"), icon=":material/close:", key="siting_close", on_click=open_study, args=(None,))
    if found.view.stale:
        st.warning(_("Places changed since this was computed. Find sites again for today's answer."),
                   icon=":material/update:")  # fmt: skip
    _show_figures(found)


def _show_figures(found: KeptSiting) -> None:
    """Show the figures after the plan beside those of today, then how good the plan is."""
    figures = found.figures
    before, after = figures["before"], figures["after"]
    gained = figures["new_households"]
    rows = (
        (_("Households within the limit"), share_within(figures, "after"),
         _("today {share}; {count} more", share=share_within(figures, "before"), count=number(gained))),
        (_("Mean walk"), metres(after["mean_m"]), _("today {metres}", metres=metres(before["mean_m"]))),
        (_("Longest walk"), metres(after["farthest_m"]), _("today {metres}", metres=metres(before["farthest_m"]))),
        (_("New stations"), number(len(figures["sites"])), _money(figures)),
        (_("Unknown"), number(figures["uncounted"]), _("entrances without a count, never taken as 0 households")),
    )  # fmt: skip
    on = _("As of {day}", day=day(found.view.data_on))
    for column, (label, value, note) in zip(st.columns(len(rows)), rows, strict=True):
        column.metric(label, value, help=on)
        column.caption(note)
    st.markdown(f"{plain(_(GOAL_LABELS[found.wanted.goal]))} · {plain(found.words)}")
    st.caption(_bounds(found))
    for line in (*weight_lines(figures), *rule_lines(figures, yuan)):
        st.caption(plain(line))


def _money(figures: dict[str, Any]) -> str:
    said = _("{cost} in all", cost=yuan(figures["cost_fen"]))
    if figures["cost_unknown"]:
        said += _("; {count} of unknown cost", count=number(figures["cost_unknown"]))
    gained = figures["new_households"]
    if not gained or not figures["cost_fen"]:
        return said
    each = number(figures["cost_fen"] / FEN / gained)
    least = _("; at least {amount} yuan for each household newly within", amount=each)
    return said + (least if figures["cost_unknown"] else
                   _("; {amount} yuan for each household newly within", amount=each))  # fmt: skip


def _bounds(found: KeptSiting) -> str:
    figures = found.figures
    if figures["objective"] is None or figures["lower"] is None or figures["upper"] is None:
        return ""
    best = figures["upper"] if found.wanted.goal in MAXIMISED else figures["lower"]
    return _(
        "This plan: {value} ({measure}); proven: no plan reaches better than {bound} (gap {gap} %). {known} known "
        "households on {day}.",
        measure=_(MEASURES[found.wanted.goal]),
        value=number(figures["objective"]), bound=number(best), gap=f"{100 * (found.plan.gap or 0):.2f}",
        known=number(figures["households"]), day=day(found.view.data_on),
    )  # fmt: skip
