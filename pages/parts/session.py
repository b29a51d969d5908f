"""Who acts in this session, and how a page reads and writes in their name."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import streamlit as st

from geo.access.actor import OPERATOR
from geo.errors import YizhanError
from geo.maps.safe_text import plain
from geo.store.session import Actor, reading, writing

T = TypeVar("T")


def actor() -> Actor:
    """Return who acts; the page ends with a message when nobody may."""
    try:
        return OPERATOR
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/lock:")
        st.stop()


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
