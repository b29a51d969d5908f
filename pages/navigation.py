"""The navigation: pages by work, the language, the page's frame. Streamlit starts every session here."""

from pathlib import Path

import streamlit as st

from geo.i18n import LANGUAGES, N_, _
from pages.parts.failures import telling
from pages.parts.language import choose_language, speak
from pages.parts.style import apply_style

HERE = Path(__file__).parent
ICON = HERE.parent / "geo" / "maps" / "assets" / "house.svg"
GROUPS = (
    (N_("Map"), (("neighbourhood_map", N_("Neighbourhood map"), ":material/map:"),)),
    (N_("Look after"), (("my_doors", N_("My doors"), ":material/door_front:"),)),
    (
        N_("Data and admin"),
        (
            ("places", N_("Places"), ":material/location_city:"),
            ("import_files", N_("Import"), ":material/upload_file:"),
            ("export", N_("Export"), ":material/download:"),
            ("parameters", N_("Parameters"), ":material/tune:"),
            ("jobs", N_("Running work"), ":material/pending_actions:"),
        ),
    ),
)

speak()
st.set_page_config(page_title=_("Yizhan"), page_icon=ICON.read_text(), layout="wide")
apply_style()
pages = {
    _(group): [
        st.Page(HERE / f"{name}.py", title=_(title), icon=icon, default=name == "neighbourhood_map")
        for name, title, icon in listed
        if (HERE / f"{name}.py").exists()
    ]
    for group, listed in GROUPS
}
chosen = st.navigation({group: listed for group, listed in pages.items() if listed})
with st.sidebar:
    choose_language(LANGUAGES)
with telling():
    chosen.run()
