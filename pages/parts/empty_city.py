"""The first steps in an empty city: what to import, in which order, and what comes next."""

import streamlit as st

from geo.i18n import N_, _
from geo.places.reads import kinds_present
from pages.parts.links import is_open
from pages.parts.session import looking

STEPS = (
    (
        "area",
        "areas",
        N_("Areas"),
        N_("District, street offices and communities: official boundaries, or the list of codes."),
    ),
    (
        "compound",
        "compounds",
        N_("Compounds"),
        N_("The residential compounds with their boundaries or at least their names."),
    ),
    (
        "building",
        "buildings",
        N_("Buildings"),
        N_("Footprints from a map or survey, with floors and addresses where known."),
    ),
    ("post", "posts", N_("Roster"), N_("The list of building heads a community office keeps in a spreadsheet.")),
)
IMPORTING = "import_files"
IMPORT_PAGE = f"{IMPORTING}.py"
"""As seen from the navigation script, which lies beside it."""


def show_first_steps() -> None:
    """Lead from an empty city through areas, compounds, buildings and the roster to the import."""
    if not is_open(IMPORTING):
        st.info(_("There is no city here yet. An administrator brings it in."), icon=":material/location_city:")
        return
    st.caption(_("There is no city here yet. Four files make the map; each step is one upload."))
    for at, step in enumerate(STEPS, start=1):
        _step(step, _("{number}. {step}", number=at, step=_(step[2])), first=at == 1)
    st.caption(_("To look around first, load the demo city: yizhan demo --size city"))


def show_next_step() -> None:
    """Say which file comes next while one of the four is missing; nothing once all are there."""
    if not is_open(IMPORTING):
        return
    with looking() as connection:
        present = kinds_present(connection)
    missing = [step for step in STEPS if step[0] not in present]
    if missing:
        _step(missing[0], _("The next file for this map: {step}", step=_(missing[0][2])), first=True)


def _step(step: tuple[str, str, str, str], title: str, *, first: bool) -> None:
    kind, asked, _title, what = step
    with st.container(border=True):
        text, button = st.columns([4, 1], vertical_alignment="center")
        text.markdown(title.replace(".", "\\."))
        text.caption(_(what))
        look = "primary" if first else "secondary"
        if button.button(_("Import"), icon=":material/upload_file:", key=f"step_{kind}", type=look, width="stretch"):
            st.switch_page(IMPORT_PAGE, query_params={"kind": asked})
