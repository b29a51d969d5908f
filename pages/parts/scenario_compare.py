"""Scenarios side by side: what was asked, the figures before and after, and the chosen sites with their years."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.exchange.downloads import Cell
from geo.i18n import _, day, labelled, listed, number
from geo.planning.scenario_reads import ScenarioSiteView, ScenarioView
from geo.siting.wanted import FEN, GOAL_LABELS, WEIGHTS
from pages.parts.scenario_files import show_geopackage, show_table_files
from pages.parts.scenario_list import area_of
from pages.parts.siting_figures import metres, share_within, yuan
from pages.parts.siting_lines import told_amount

LABEL_PX = 230
Sites = dict[int, list[ScenarioSiteView]]


def show_comparison(views: Sequence[ScenarioView], sites: Sites) -> None:
    """Show the chosen scenarios in columns: figures first, then the sites each of them chose."""
    st.subheader(_("Side by side"), anchor=False)
    titles = [_("What"), *_unlike(views)]
    rows = [[label, *cells] for label, cells in _figures(views)]
    st.dataframe(
        {title: [row[at] for row in rows] for at, title in enumerate(titles)},
        hide_index=True,
        height="content",
        column_config={titles[0]: st.column_config.TextColumn(width=LABEL_PX)},
    )
    st.subheader(_("Chosen sites"), anchor=False)
    names = sorted({one.name for view in views for one in sites[view.id] if one.chosen})
    chosen = {view.id: {one.name: one for one in sites[view.id] if one.chosen} for view in views}
    table: list[list[Cell]] = [
        [name, *(_said(chosen[view.id].get(name), view) for view in views)] for name in names
    ]  # fmt: skip
    titles[0] = _("Site")
    st.dataframe({title: [row[at] for row in table] for at, title in enumerate(titles)}, hide_index=True)
    show_table_files(titles, [*rows, *table])
    for view in views:
        show_geopackage(view, sites[view.id], alone=len(views) == 1)


def _unlike(views: Sequence[ScenarioView]) -> list[str]:
    """Return a title for each scenario, with its number where two have the same name."""
    names = [view.name for view in views]
    return [
        name if names.count(name) == 1 else f"{name} ({view.id})" for name, view in zip(names, views, strict=True)
    ]  # fmt: skip


def _figures(views: Sequence[ScenarioView]) -> list[tuple[str, list[str]]]:
    known = [view.figures for view in views]
    return [
        (_("Community"), [area_of(view) for view in views]),
        (_("Goal"), [_(GOAL_LABELS[view.asked["goal"]]) for view in views]),
        (_("Weighed by"), [_weighed(view) for view in views]),
        (_("Walking limit"), [metres(one["limit_m"]) for one in known]),
        (_("Data of"), [day(view.data_on) for view in views]),
        (_("Saved by"), [shown_name(view.made_by) for view in views]),
        (_("New stations"), [number(len(one["sites"])) for one in known]),
        (_("Cost"), [_cost(one["cost_fen"], one["cost_unknown"]) for one in known]),
        (_("Households within the limit, today"), [share_within(one, "before") for one in known]),
        (_("Households within the limit, then"), [share_within(one, "after") for one in known]),
        (_("Newly within the limit"), [number(one["new_households"]) for one in known]),
        (_("Yuan for each of them"), [_each(one) for one in known]),
        (_("Mean walk, today"), [metres(one["before"]["mean_m"]) for one in known]),
        (_("Mean walk, then"), [metres(one["after"]["mean_m"]) for one in known]),
        (_("Longest walk, then"), [metres(one["after"]["farthest_m"]) for one in known]),
        *_other_weights(known),
        (_("Gap to the best there is"), [_gap(one["gap"]) for one in known]),
        (_("Entrances without a count"), [number(one["uncounted"]) for one in known]),
    ]


def _weighed(view: ScenarioView) -> str:
    weights = view.asked.get("weights") or {"households": 1.0}
    if len(weights) == 1:
        return listed(_(WEIGHTS[name].label) for name in weights if name in WEIGHTS)
    return listed(labelled(_(WEIGHTS[name].label), number(share)) for name, share in weights.items() if name in WEIGHTS)


def _other_weights(known: Sequence[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    """Return what the scenarios do for whatever but households one of them was weighed by."""
    told = [one.get("weights", {}) for one in known]
    names = [name for name in WEIGHTS if name != "households" and any(name in one for one in told)]
    return [
        (_(WEIGHTS[name].counted), [told_amount(one[name]["after"]) if name in one else "–" for one in told])
        for name in names
    ]


def _cost(fen: int, unknown: int) -> str:
    return yuan(fen) + (_("; {count} of unknown cost", count=number(unknown)) if unknown else "")


def _each(figures: dict[str, Any]) -> str:
    if not figures["new_households"]:
        return "–"
    if figures["cost_unknown"] and not figures["cost_fen"]:
        return _("unknown")
    each = number(figures["cost_fen"] / FEN / figures["new_households"])
    return _("at least {amount}", amount=each) if figures["cost_unknown"] else each


def _gap(gap: float | None) -> str:
    return "–" if gap is None else f"{100 * gap:.2f} %"


def _said(one: ScenarioSiteView | None, view: ScenarioView) -> str:
    if one is None:
        return ""
    words = [yuan(one.cost_fen)]
    if one.phase_year:
        words.append(str(one.phase_year))
    elif view.status == "approved":
        words.append(_("year open: cost unknown"))
    return " · ".join(words)
