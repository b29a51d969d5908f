"""Inviting a user, and the one-time password that is shown once."""

import streamlit as st

from geo.access.user_rules import NewUser
from geo.access.user_writes import invite
from geo.i18n import _, labelled
from geo.maps.safe_text import plain
from pages.parts.session import act
from pages.parts.user_places import show_grant

TOLD = "one_time_password"


def show_invitation() -> None:
    """Show the form that makes a user with a first role."""
    turn = st.session_state.get("invite_turn", 0)
    key = f"invite_{turn}"
    st.subheader(_("Invite somebody"), anchor=False)
    name = st.text_input(_("Name to sign in with"), max_chars=64, key=f"{key}_name")
    shown = st.text_input(_("Name others read"), max_chars=80, key=f"{key}_shown")
    email = st.text_input(_("E-mail address (only for signing in with the organisation)"), key=f"{key}_email")
    grant = show_grant(key)
    if st.button(_("Invite"), type="primary", icon=":material/person_add:", key="invite"):
        password = act(lambda session: invite(session, NewUser(name, shown, email), grant))
        if password:
            tell_password(name.strip(), password)
            st.session_state["invite_turn"] = turn + 1
            st.rerun()


def tell_password(name: str, password: str) -> None:
    """Have a one-time password shown by the next run, and by no other."""
    st.session_state[TOLD] = (name, password)


def show_one_time_password() -> None:
    """Show a password that was just made; it is nowhere kept."""
    told = st.session_state.pop(TOLD, None)
    if told is None:
        return
    name, password = told
    with st.container(border=True):
        st.success(
            _("Give {name} this password. It is shown only now, and must be changed at the first sign-in.",
              name=plain(name)),
            icon=":material/key:",
        )  # fmt: skip
        st.code(password, language=None)
        st.caption(labelled(_("Name to sign in with"), plain(name)))
