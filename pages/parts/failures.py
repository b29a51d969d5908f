"""What a page shows when it cannot go on: what happened and what to do, never a trace."""

import logging
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from geo.errors import YizhanError
from geo.i18n import _
from geo.maps.safe_text import plain

log = logging.getLogger(__name__)


@contextmanager
def telling() -> Iterator[None]:
    """Show an error of what runs inside in the reader's language; the details of an unexpected one go to the log."""
    try:
        yield
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
    except Exception:
        reference = secrets.token_hex(4)
        log.exception("A page failed, reference %s", reference)
        st.error(
            _(
                "Something unexpected happened (reference {reference}). Try again; if it happens again, tell the "
                "administrator the reference: the details are in the server's log.",
                reference=reference,
            ),
            icon=":material/error:",
        )
