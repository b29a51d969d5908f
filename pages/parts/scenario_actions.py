"""What a planner does with a scenario: propose it, take it back, put it away, approve it with a yearly budget."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from geo.i18n import _, labelled, listed, number
from geo.maps.safe_text import plain
from geo.planning.scenario_reads import ScenarioSiteView, ScenarioView
from geo.planning.scenario_rules import phased
from geo.planning.scenario_writes import approve_scenario, move_scenario
from geo.siting.wanted import FEN
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.session import act, may

MOST_BUDGET = 10**9


def show_actions(view: ScenarioView, sites: Sequence[ScenarioSiteView]) -> None:
    """Show what can be done with a scenario in its present state."""
    if not may("plan_sites"):
        return
    with st.popover(_("{name}: what to do", name=plain(view.name)), key=f"do_scenario_{view.id}", width="stretch"):
        if view.status == "draft":
            _step(view, "proposed", _("Propose"), ":material/send:", _("The scenario is proposed."))
        if view.status == "proposed":
            _approve(view, sites)
            _step(view, "draft", _("Take back to a draft"), ":material/undo:", _("It is a draft again."))
        if view.status in {"draft", "proposed"}:
            _step(view, "dropped", _("Put away"), ":material/archive:", _("Put away. It can be taken out again."))
        if view.status == "dropped":
            _step(view, "draft", _("Take out again"), ":material/unarchive:", _("It is a draft again."))
        if view.status == "approved":
            st.caption(_("Approved: its stations are planned. Their status is changed on their cards on the map."))


def _step(view: ScenarioView, status: str, label: str, icon: str, said: str) -> None:
    if st.button(label, icon=icon, key=f"{status}_{view.id}", width="stretch"):
        _do(lambda session: move_scenario(session, view.id, status, version=view.version) or True, said)


def _approve(view: ScenarioView, sites: Sequence[ScenarioSiteView]) -> None:
    count = sum(one.chosen for one in sites)
    st.caption(
        _("Approving makes {count} planned stations. Years follow from the yearly budget: first those that bring most "
          "households for their money.", count=number(count))
    )  # fmt: skip
    budget = st.number_input(_("Budget a year (yuan)"), 1, MOST_BUDGET, 300_000, 10_000, key=f"yearly_{view.id}")
    first = st.number_input(_("First year"), 2000, 2200, today().year + 1, key=f"first_year_{view.id}")
    for line in _phases(view, sites, int(budget) * FEN, int(first)):
        st.caption(plain(line))
    if st.button(
        _("Approve: plan {count} stations", count=number(count)), type="primary", icon=":material/task_alt:",
        key=f"approve_{view.id}", width="stretch",
    ):  # fmt: skip
        _do(
            lambda session: approve_scenario(
                session, view.id, version=view.version, on=today(), yearly_fen=int(budget) * FEN, first_year=int(first)
            ),
            _("Approved: {count} stations are planned.", count=number(count)),
        )


def _phases(view: ScenarioView, sites: Sequence[ScenarioSiteView], yearly_fen: int, first: int) -> list[str]:
    """Say which stations each year would pay for, in the order of the rollout."""
    chosen = [one for one in sites if one.chosen]
    gained = {row["site_id"]: row["new_households"] for row in view.figures.get("sites", [])}
    years = phased(
        [one.cost_fen for one in chosen], [gained.get(one.candidate_site_id, 0) for one in chosen],
        yearly_fen=yearly_fen, first_year=first,
    )  # fmt: skip
    lines = []
    for year in sorted({year for year in years if year is not None}):
        names = listed(one.name for one, paid in zip(chosen, years, strict=True) if paid == year)
        lines.append(labelled(_("{year}, pilot", year=year) if year == first else str(year), names))
    open_ones = [one.name for one, paid in zip(chosen, years, strict=True) if paid is None]
    return [*lines, labelled(_("Year open: cost unknown"), listed(open_ones))] if open_ones else lines


def _do(command: Callable[[Any], Any], said: str) -> None:
    if act(command):
        st.toast(said, icon=":material/check:")
        rerun_part()
