"""The first steps in an empty city: what to import, in which order, and how far it is."""

import streamlit as st

from geo.i18n import N_, _, number
from geo.places.reads import counts
from pages.parts.session import looking

STEPS = (
    ("area", N_("Areas"), N_("District, street offices and communities: official boundaries, or the list of codes.")),
    ("compound", N_("Compounds"), N_("The residential compounds with their boundaries or at least their names.")),
    ("building", N_("Buildings"), N_("Footprints from a map or survey, with floors and addresses where known.")),
    ("post", N_("Roster"), N_("The list of building heads a community office keeps in a spreadsheet.")),
)
IMPORT_PAGE = "import_files.py"
"""As seen from the navigation script, which lies beside it."""


def show_first_steps() -> None:
    """Lead through areas, compounds, buildings and the roster to the import."""
    st.caption(_("There is no city here yet. Four files make the map; each step is one upload."))
    with looking() as connection:
        known = counts(connection)
    for at, (kind, title, what) in enumerate(STEPS, start=1):
        with st.container(border=True):
            text, state = st.columns([5, 1], vertical_alignment="center")
            text.markdown(f"{at}. {_(title)}")
            text.caption(_(what))
            state.markdown(number(known[kind]) if known.get(kind) else _("not yet"))
    st.page_link(IMPORT_PAGE, label=_("Import files"), icon=":material/upload_file:")
    st.caption(_("To look around first, load the demo city: yizhan demo --size city"))
