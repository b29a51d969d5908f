"""The siting studies that are kept: open one, or put it away."""

import streamlit as st

from geo.access.actor import shown_name
from geo.briefing.overview import Stand
from geo.briefing.siting_results import kept_sitings
from geo.i18n import _, day, moment
from geo.maps.safe_text import plain
from geo.planning.study_writes import drop_study
from pages.parts.language import rerun_part
from pages.parts.session import act

SHOWN = 20
TURN = "siting_map_turn"


def show_studies(stand: Stand) -> None:
    """Show the kept studies, newest first."""
    found = kept_sitings(stand)
    if not found:
        st.info(_("No search was made yet. Say above what you want, then find sites; the result is kept here."),
                icon=":material/inventory_2:")  # fmt: skip
    for view in found[:SHOWN]:
        with st.container(border=True, key=f"siting_study_{view.id}"):
            stale = f" :orange-badge[{_('the data changed since')}]" if view.stale else ""
            st.markdown(f"{plain(view.name)}{stale}")
            by, made, on = plain(shown_name(view.made_by)), moment(view.made_at), day(view.data_on)
            st.caption(_("{moment} by {name}, data of {day}", moment=made, name=by, day=on))
            open_it, drop_it = st.columns(2)
            open_it.button(_("Show on the map"), key=f"open_siting_{view.id}", on_click=open_study, args=(view.id,),
                           width="stretch")  # fmt: skip
            if drop_it.button(_("Put away"), key=f"drop_siting_{view.id}", width="stretch"):
                act(lambda session, study_id=view.id: drop_study(session, study_id))
                open_study(None)
                rerun_part()


def open_study(study_id: int | None) -> None:
    """Open a study, or close the one that is open; what was tried on its map is forgotten."""
    put_back()
    st.query_params.pop("spot", None)
    if study_id is None:
        st.query_params.pop("study", None)
    else:
        st.query_params["study"] = str(study_id)


def put_back() -> None:
    """Put a station that was moved back to its place in the plan."""
    st.query_params.pop("moved", None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
