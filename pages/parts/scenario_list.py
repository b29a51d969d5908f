"""The scenarios that are kept, each with its state, and the choice of those to compare."""

from collections.abc import Sequence

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.planning.scenario_reads import ScenarioView
from geo.planning.scenario_rules import STATUS_LABELS
from geo.siting.wanted import GOAL_LABELS

COLOURS = {"draft": "gray", "proposed": "blue", "approved": "green", "dropped": "gray"}
COMPARED = "scenarios_compared"


def area_of(view: ScenarioView) -> str:
    """Return the area of a scenario in words."""
    return view.community or _("The whole city")


def show_list(found: Sequence[ScenarioView]) -> list[int]:
    """Show the scenarios and return the ids of those chosen to compare."""
    known = {view.id: view.name for view in found}
    told = [int(part) for part in st.query_params.get("compare", "").split(",") if part.isdecimal() and len(part) < 10]
    st.session_state.setdefault(COMPARED, [key for key in told if key in known] or list(known)[:1])
    st.session_state[COMPARED] = [key for key in st.session_state[COMPARED] if key in known]
    chosen = st.multiselect(
        _("Scenarios side by side"), list(known), key=COMPARED, format_func=lambda key: known[key],
        placeholder=_("Choose two or more"),
    )  # fmt: skip
    for view in found:
        with st.container(border=True, key=f"scenario_{view.id}"):
            status = f":{COLOURS[view.status]}-badge[{_(STATUS_LABELS[view.status])}]"
            st.markdown(f"{plain(view.name)} {status}")
            goal = _(GOAL_LABELS[view.asked["goal"]])
            stations = labelled(_("New stations"), number(len(view.figures.get("sites", []))))
            st.caption(
                _("{area} · {goal} · {stations} · by {name}, data of {day}",
                  area=plain(area_of(view)), goal=goal, stations=stations, name=plain(shown_name(view.made_by)),
                  day=day(view.data_on))
            )  # fmt: skip
    return chosen
