"""The navigation: pages by work and role, who is signed in, the language. Streamlit starts every session here."""

from pathlib import Path

import streamlit as st

from geo.access.rules import PAGE_ACTIONS, home_page, refusal
from geo.i18n import LANGUAGES, N_, _
from geo.maps.safe_text import plain
from pages.parts.failures import telling
from pages.parts.identity import show_identity
from pages.parts.language import choose_language, speak
from pages.parts.links import link_to
from pages.parts.session import visitor
from pages.parts.style import apply_style

HERE = Path(__file__).parent
ICON = HERE.parent / "geo" / "maps" / "assets" / "house.svg"
FIRST = "neighbourhood_map"
OWN = "my_account"
GROUPS = (
    (N_("Map"), (("neighbourhood_map", N_("Neighbourhood map"), ":material/map:"),)),
    (
        N_("Look after"),
        (
            ("coverage", N_("Coverage"), ":material/shield_person:"),
            ("care_and_rota", N_("Care and rota"), ":material/diversity_1:"),
            ("requests", N_("Requests"), ":material/inbox:"),
            ("take_request", N_("Take a request"), ":material/edit_note:"),
            ("incidents", N_("Incidents"), ":material/warning:"),
            ("care_needs", N_("Care needs"), ":material/volunteer_activism:"),
            ("visits", N_("Visits"), ":material/handshake:"),
            ("volunteers", N_("Volunteers"), ":material/groups:"),
            ("my_doors", N_("My doors"), ":material/door_front:"),
        ),
    ),
    (
        N_("Planning"),
        (
            ("hotspots", N_("Hotspots"), ":material/local_fire_department:"),
            ("answer_rates", N_("How requests are answered"), ":material/percent:"),
            ("siting", N_("Siting"), ":material/add_location_alt:"),
            ("scenarios", N_("Scenarios"), ":material/compare:"),
        ),
    ),
    (
        N_("Data and admin"),
        (
            ("places", N_("Places"), ":material/location_city:"),
            ("import_files", N_("Import"), ":material/upload_file:"),
            ("export", N_("Export"), ":material/download:"),
            ("users", N_("Users and roles"), ":material/group:"),
            ("parameters", N_("Parameters"), ":material/tune:"),
            ("request_categories", N_("Categories of requests"), ":material/category:"),
            ("interfaces", N_("Interfaces"), ":material/hub:"),
            ("audit", N_("Audit"), ":material/history:"),
            ("jobs", N_("Running work"), ":material/pending_actions:"),
            ("my_account", N_("My account"), ":material/account_circle:"),
        ),
    ),
)
TITLES = {name: title for _group, listed in GROUPS for name, title, _icon in listed}


def _page(name: str, title: str, icon: str) -> st.Page:
    shown = name != OWN and visitor().may(PAGE_ACTIONS[name]) and not visitor().must_change
    look = "visible" if shown else "hidden"
    return st.Page(HERE / f"{name}.py", title=_(title), icon=icon, default=name == FIRST, visibility=look)


def _refuse(name: str) -> None:
    st.title(_(TITLES[name]), anchor=False)
    st.warning(plain(refusal(PAGE_ACTIONS[name]).text()), icon=":material/lock:")
    home = home_page(held.role for held in visitor().roles)
    link_to(home, _(TITLES[home]), icon=":material/arrow_back:")


def _go_home(name: str) -> None:
    """Lead from the bare address to where the roles work, once a session."""
    home = home_page(held.role for held in visitor().roles)
    if not st.session_state.get("came_in") and name == FIRST and "place" not in st.query_params and home != name:
        st.session_state["came_in"] = True
        st.switch_page(f"{home}.py")
    st.session_state["came_in"] = True


speak()
st.set_page_config(page_title=_("Yizhan"), page_icon=ICON.read_text(), layout="wide")
apply_style()
with telling():
    known = {
        name: _page(name, title, icon)
        for _group, listed in GROUPS
        for name, title, icon in listed
        if (HERE / f"{name}.py").exists()
    }
    grouped = {_(group): [known[name] for name, *_rest in listed if name in known] for group, listed in GROUPS}
    chosen = st.navigation(grouped, expanded=True)
    chosen_name = next(name for name, page in known.items() if page == chosen)
    _go_home(chosen_name)
    with st.sidebar:
        show_identity(visitor())
        choose_language(LANGUAGES)
    if not visitor().roles:
        st.info(_("You hold no role today, so there is nothing to see. Ask an administrator."), icon=":material/lock:")
    elif visitor().must_change and chosen_name != OWN:
        st.switch_page(f"{OWN}.py")
    elif visitor().may(PAGE_ACTIONS[chosen_name]):
        chosen.run()
    else:
        _refuse(chosen_name)
