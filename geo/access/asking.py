"""Calls of the functions of the schema personal; what they refuse becomes an error people can read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, CursorResult, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from geo.errors import BadInput, NotFound, YizhanError
from geo.i18n import N_

NOT_YOURS, WRONG = "42501", "22023"
MOST_WORDS = 500


def call(session: Connection | Session, function: str, **values: Any) -> CursorResult[Any]:
    """Return the rows of a function of the schema personal, called with named values.

    Raises NotFound for a person the actor may not look at, BadInput for what the function does not take.
    """
    given = ", ".join(f":{name}" for name in values)
    with refusals_told():
        return session.execute(text(f"SELECT * FROM personal.{function}({given})"), values)  # type: ignore[return-value]  # noqa: S608


@contextmanager
def refusals_told() -> Iterator[None]:
    """Turn what the database refuses into errors without the values of the statement."""
    try:
        yield
    except DBAPIError as error:
        told = _told(getattr(error.orig, "sqlstate", None))
        if told is None:
            raise
        raise told from None


def _told(state: str | None) -> YizhanError | None:
    if state == NOT_YOURS:
        return NotFound(N_("This person does not exist, or you may not look at them. Open the list of needs again."))
    if state == WRONG:
        return BadInput(N_("This cannot be asked of personal data. Open the list of needs again, then choose there."))
    return None


def reasoned(reason: str) -> str:
    """Return a reason as it is logged; BadInput when it says nothing or is longer than 500 characters.

    >>> reasoned("  she asked   for a call ")
    'she asked for a call'
    """
    worded = " ".join(reason.split())
    if not worded:
        raise BadInput(N_("Write down the reason: every look at personal data is recorded with it."))
    if len(worded) > MOST_WORDS:
        raise BadInput(N_("The reason is too long. Say it in at most {count} characters."), count=MOST_WORDS)
    return worded
