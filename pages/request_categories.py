"""Categories of requests: what can a request be about, and what is promised for each?"""

import streamlit as st

from geo.i18n import _
from geo.requests.numbers import numbers
from geo.requests.request_reads import categories
from pages.parts.category_form import show_category_form, show_category_list, show_new_category
from pages.parts.language import fragment
from pages.parts.session import looking


@fragment
def work() -> None:
    """Show the list and beside it the category that is chosen, or a new one."""
    with looking() as connection:
        known, hours = categories(connection, active=False), numbers(connection)
    left, right = st.columns([3, 2])
    with left:
        show_category_list(known, hours)
    with right.container(key="card"):
        chosen = next((one for one in known if one.code == st.query_params.get("category")), None)
        if chosen:
            show_category_form(chosen)
        else:
            show_new_category()


st.title(_("Categories of requests"), anchor=False)
st.caption(_("What can a request be about, and by when is it answered and solved? Requests keep what was promised."))
work()
