"""What if: heads who leave and people who step in, tried on the map beside today, then kept as a study or dropped."""

import streamlit as st

from geo.briefing.coverage_state import CoverageState
from geo.briefing.coverage_what_if import ROWS, Outcome, what_if, wish_words
from geo.briefing.overview import Stand
from geo.errors import YizhanError
from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.people.volunteer_reads import teams
from geo.planning.study_writes import keep_study
from pages.parts.coverage_tries import WISHES, add_wish
from pages.parts.language import rerun_part
from pages.parts.session import act, actor, looking, may


def outcome_of(state: CoverageState) -> Outcome | None:
    """Return what the changes being tried lead to, None while nothing is tried."""
    if not state.wishes:
        return None
    try:
        return what_if(actor(), state.wishes)
    except YizhanError as error:
        st.warning(plain(error.text()), icon=":material/search_off:")
        st.session_state[WISHES] = ()
        return None


def _remove(wish: str) -> None:
    st.session_state[WISHES] = tuple(one for one in st.session_state.get(WISHES, ()) if one != wish)


def _drop() -> None:
    st.session_state[WISHES] = ()


def show_what_if(stand: Stand, tried: Outcome | None) -> None:
    """Show what is tried beside today: households by gap, the changes, and what to do with them."""
    if tried is None:
        return
    with st.container(border=True, key="what_if"):
        st.markdown(_("Tried, not decided: {count} buildings change.", count=number(len(tried.buildings))))
        words = wish_words(stand, tried.wishes)
        for wish, said in zip(tried.wishes, words, strict=True):
            st.button(plain(said), key=f"wish_{wish}", icon=":material/close:", help=_("Take this back"),
                      on_click=_remove, args=(wish,), type="tertiary")  # fmt: skip
        st.button(_("Drop all"), icon=":material/delete_sweep:", key="what_if_drop", on_click=_drop)
        _side_by_side(tried)
        with st.expander(_("Try more, or keep it"), key="what_if_more"):
            _add_to_team()
            _keep(stand, tried)


def _side_by_side(tried: Outcome) -> None:
    found = tried.figures()
    st.dataframe(
        {
            _("Households"): [_(label) for _name, label in ROWS],
            _("Today"): [found["today"][name] for name, _label in ROWS],
            _("Then"): [found["then"][name] for name, _label in ROWS],
            _("Change"): [f"{found['then'][name] - found['today'][name]:+,}" for name, _label in ROWS],
        },
        hide_index=True,
    )


def _add_to_team() -> None:
    with looking() as connection:
        known = {team.id: team.name for team in teams(connection)}
    chosen = st.selectbox(
        _("What if somebody joined a team?"), [None, *known], key="what_if_team", placeholder=_("Choose a team"),
        format_func=lambda key: known[key] if key else _("Choose a team"),
    )  # fmt: skip
    if chosen and f"joins:{chosen}:new" not in st.session_state.get(WISHES, ()):
        add_wish(f"joins:{chosen}:new")
        rerun_part()


def _keep(stand: Stand, tried: Outcome) -> None:
    if not may("run_studies"):
        return
    name = st.text_input(_("Keep it as"), key="what_if_name", max_chars=120)
    keep = st.button(_("Keep as a study"), icon=":material/save:", key="what_if_keep", disabled=not name.strip())
    if keep and act(lambda session: keep_study(session, tried.draft(name.strip()), data_on=stand.on)):
        st.toast(_("The study is kept; it is in the list of studies below."), icon=":material/check:")
