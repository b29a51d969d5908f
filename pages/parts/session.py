"""Who is signed in, and how a page reads and writes in their name; a browser names nobody but by its cookie."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import streamlit as st

from geo.access.rules import JOB_ACTIONS, refusal
from geo.access.sessions import COOKIE, Visitor, hash_of, visitor_of
from geo.errors import YizhanError
from geo.i18n import _
from geo.jobs import runner
from geo.maps.safe_text import plain
from geo.store.session import Actor, reading, writing

T = TypeVar("T")

LOOK_AGAIN_S = 1.0
SIGN_IN = "/sign-in"
KEPT = "visitor"
PLAIN_LINK = '<a href="{address}" style="color: inherit">{label}</a>'


def session_token() -> str | None:
    """Return the token in the browser's cookie: the one place where a page learns who is there."""
    return st.context.cookies.get(COOKIE)


def visitor() -> Visitor:
    """Return who is signed in, looked up again once a second; the page ends with a way to sign in when nobody is."""
    token = session_token()
    key = hash_of(token or "")
    kept = st.session_state.get(KEPT)
    if kept is not None and kept[0] == key and time.monotonic() - kept[1] < LOOK_AGAIN_S:
        found: Visitor = kept[2]
        return found
    looked_up = visitor_of(token) if token else None
    if looked_up is None:
        st.session_state.pop(KEPT, None)
        show_sign_in()
        st.stop()
    st.session_state[KEPT] = (key, time.monotonic(), looked_up)
    return looked_up


def show_sign_in() -> None:
    """Say that nobody is signed in here any more, with the way back."""
    st.info(_("You are not signed in any more. Sign in again to go on."), icon=":material/lock:")
    st.html(PLAIN_LINK.format(address=SIGN_IN, label=_("Sign in")))


def actor() -> Actor:
    """Return who acts; the page ends with a way to sign in when nobody does."""
    return visitor().actor


def may(action: str) -> bool:
    """Tell whether who is signed in may do an action of geo.access.rules."""
    return visitor().may(action)


@contextmanager
def looking() -> Iterator[Any]:
    """Open a read-only transaction of the actor."""
    with reading(actor()) as connection:
        yield connection


def act(command: Callable[[Any], T]) -> T | None:
    """Run one command in a transaction; an error is shown as what happened and what to do, and gives None."""
    try:
        with writing(actor()) as session:
            return command(session)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return None


def hand_in(kind: str, params: dict[str, Any]) -> int:
    """Hand in long work and return its number; raises NotAllowed when the roles do not reach for its kind."""
    if not may(JOB_ACTIONS[kind]):
        raise refusal(JOB_ACTIONS[kind])
    return runner.submit(actor(), kind, params)
