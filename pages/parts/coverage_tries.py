"""Offers to try a change on the map before anybody decides it."""

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.reads import PostView

WISHES = "coverage_wishes"


def offer_to_try(seat: PostView) -> None:
    """Offer to try on the map that a head leaves, or that somebody takes a vacant post."""
    if seat.current:
        offer_to_leave(seat.current.person_id, name=seat.current.person_name)
    else:
        _offer(f"head:{seat.place_kind}:{seat.place_id}:new", _("What if somebody took this post?"))


def offer_to_leave(person_id: int, *, name: str | None = None) -> None:
    """Offer to try on the map that somebody leaves every post."""
    _offer(f"leaves:{person_id}", _("What if {name} left?", name=plain(name or _("this person"))))


def _offer(wish: str, said: str) -> None:
    """Show the button of a wish; the map's script reads the wish from its key and does not wait for the rerun."""
    st.button(said, icon=":material/science:", key=f"try_{wish}", type="tertiary", on_click=add_wish, args=(wish,))


def add_wish(wish: str) -> None:
    """Try one more change, and show it where it is seen: in the duty chain."""
    known = st.session_state.get(WISHES, ())
    st.session_state[WISHES] = known if wish in known else (*known, wish)
    st.session_state["coverage_view"] = "duty"
