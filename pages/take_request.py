"""Take a request: where, what about, what they say, a telephone number. Keyboard only, made for the station desk."""

import streamlit as st

from geo.i18n import _
from pages.parts.language import fragment
from pages.parts.take_done import show_taken
from pages.parts.take_form import show_take_form

NARROW = """<style>
.stMainBlockContainer { max-width: 860px; }
@media (max-width: 640px) { .stMainBlockContainer button, .stMainBlockContainer input { min-height: 44px; } }
</style>"""


@fragment
def work() -> None:
    """Show what was just taken, and the form for the next one."""
    show_taken()
    show_take_form()


st.html(NARROW)
st.title(_("Take a request"), anchor=False)
st.caption(_("Type, press Enter or Tab, go on: a usual request takes four fields and a button."))
work()
