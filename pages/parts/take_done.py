"""What was taken last at the desk: its number to say, when an answer is due, and the way to its card."""

import streamlit as st

from geo.i18n import _, moment
from geo.maps.safe_text import plain
from geo.requests.request_reads import request_by_number
from pages.parts.links import link_to
from pages.parts.request_times import present
from pages.parts.session import looking

TAKEN = "take_done"


def remember(number: str) -> None:
    """Keep which request was taken last in this session."""
    st.session_state[TAKEN] = number


def show_taken() -> None:
    """Show the number to tell, and what was promised."""
    number = st.session_state.get(TAKEN)
    if not number:
        return
    with looking() as connection:
        found = request_by_number(connection, number)
    if found is None:
        return
    with st.container(border=True, key="taken"):
        st.markdown(_(":material/check: Received as {number}: {category}, {place}.", number=plain(found.number),
                      category=plain(found.category_name), place=plain(found.place)))  # fmt: skip
        st.caption(
            _("Tell them: an answer by {answer}, solved by {solved}.", answer=moment(found.respond_by),
              solved=moment(found.solve_by(present())))
        )  # fmt: skip
        link_to("requests", _("Open its card, add photos"), icon=":material/inbox:", query={"request": found.number})
