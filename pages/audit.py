"""Audit: who did and who saw what, and is the log as it was written?"""

import streamlit as st

from geo.i18n import _
from pages.parts.log_chain import show_chain
from pages.parts.log_choices import chosen_filter, show_choices
from pages.parts.log_table import show_log
from pages.parts.session import may

st.title(_("Audit"), anchor=False)
everything = may("read_log")
st.caption(
    _("Who did and who saw what, in the whole city?")
    if everything
    else _("Who did and who saw what in your communities, and what did you do yourself?")
)
wanted = chosen_filter()
show_choices(wanted)
show_log(wanted)
if everything:
    with st.expander(_("Is the log as it was written?")):
        show_chain()
