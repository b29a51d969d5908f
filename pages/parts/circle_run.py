"""Having circles proposed: what is wished for, and the run at work."""

import streamlit as st

from geo.errors import YizhanError
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.tables import CIRCLE_SIZE
from geo.people.volunteer_reads import teams
from geo.planning.reads import parameters
from pages.parts.circle_state import RotaState, put
from pages.parts.language import rerun_part
from pages.parts.rota_job import show_job
from pages.parts.session import hand_in, looking

USUAL_CIRCLE = 3


def show_run(state: RotaState, *, first: bool) -> bool:
    """Show the way to have circles proposed (opened when it would be the first run); return whether one is at work."""
    if state.job_id is not None and show_job(state.job_id):
        return True
    with looking() as connection:
        most = min(int(parameters(connection)["circle_size"]), CIRCLE_SIZE)
        known = {team.id: team.name for team in teams(connection, community_id=state.community_id)}
    with st.expander(_("Look for volunteers near every need"), icon=":material/person_search:", expanded=first):
        with st.form("pairing", border=False):
            wanted = st.number_input(_("Volunteers for a need"), 1, most, min(USUAL_CIRCLE, most), key="pair_circle")
            team = st.selectbox(
                _("Team"), [None, *known], key="pair_team", placeholder=_("All volunteers"),
                format_func=lambda key: known[key] if key else _("All volunteers"),
            )  # fmt: skip
            anew = st.toggle(_("Also suggest changes to circles at work"), key="pair_anew")
            st.caption(
                _(
                    "Needs are read under made-up names, only of persons who agreed to planning; the run is recorded. "
                    "Circles at work stay as they are unless you ask."
                )
            )
            if not st.form_submit_button(_("Propose circles"), type="primary", icon=":material/lightbulb:"):
                return False
    asked = {"community_id": state.community_id, "circle": int(wanted), "team_id": team, "anew": anew}
    try:
        put(job=hand_in("pairing", asked))
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return False
    rerun_part()
    return True
