"""Offers to try a change on the map before anybody decides it."""

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.reads import PostView

WISHES = "coverage_wishes"


def offer_to_try(seat: PostView) -> None:
    """Offer to try on the map that a head leaves, or that somebody takes a vacant post."""
    place = f"{seat.place_kind}:{seat.place_id}"
    if seat.current:
        offer_to_leave(seat.current.person_id, key=f"try_{place}", name=seat.current.person_name)
    else:
        st.button(
            _("What if somebody took this post?"), icon=":material/science:", key=f"try_{place}", type="tertiary",
            on_click=add_wish, args=(f"head:{place}:new",),
        )  # fmt: skip


def offer_to_leave(person_id: int, *, key: str = "try_leaving", name: str | None = None) -> None:
    """Offer to try on the map that somebody leaves every post."""
    who = plain(name or _("this person"))
    st.button(
        _("What if {name} left?", name=who), icon=":material/science:", key=key, type="tertiary",
        on_click=add_wish, args=(f"leaves:{person_id}",),
    )  # fmt: skip


def add_wish(wish: str) -> None:
    """Try one more change, and show it where it is seen: in the duty chain."""
    known = st.session_state.get(WISHES, ())
    st.session_state[WISHES] = known if wish in known else (*known, wish)
    st.session_state["coverage_view"] = "duty"
