"""What helped persons agreed to: recorded with purpose and day, taken back, never overwritten."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from geo.access.asking import call
from geo.access.reads import require
from geo.access.tables import CONSENT_PURPOSES, CONSENT_WAYS
from geo.errors import BadInput, Conflict
from geo.i18n import N_
from geo.store.clock import today

PURPOSE_LABELS = {
    "care": N_("help and visits by the neighbourhood station"),
    "volunteers": N_("name and telephone are shown to volunteers who help"),
    "planning": N_("used under a made-up name for pairing, rotas and siting"),
}
WAY_LABELS = {"written": N_("in writing"), "spoken": N_("spoken"), "guardian": N_("by a guardian")}


class ConsentView(NamedTuple):
    """A consent: withdrawn_on is the first day without it (None: it holds)."""

    id: int
    purpose: str
    given_on: date
    withdrawn_on: date | None
    how: str
    recorded_by: str


def consents_of(session: Connection | Session, person_id: int) -> list[ConsentView]:
    """Return the consents of a helped person by purpose and day; none for a person the actor may not know of."""
    return [ConsentView._make(row) for row in call(session, "consents_of", wanted=person_id)]


def without_consent(session: Connection | Session, person_ids: Sequence[int], purpose: str) -> set[int]:
    """Return which of some persons have not agreed to a purpose today, as far as the actor works with them."""
    return set(call(session, "without_consent", wanted=list(person_ids), what_for=purpose).scalars())


def record_consent(session: Session, person_id: int, purpose: str, *, given_on: date, how: str) -> int:
    """Record that a person agreed to a purpose on a day and return the key of the consent.

    Raises BadInput for a day to come or words the lists do not know, NotAllowed, NotFound.
    """
    require(session, "edit_needs")
    if purpose not in CONSENT_PURPOSES or how not in CONSENT_WAYS:
        raise BadInput(N_("Choose what was agreed to, and how."))
    if given_on > today():
        raise BadInput(N_("The day of the consent lies in the future. Correct it."))
    call_values = {"wanted": person_id, "what_for": purpose, "since": given_on, "way": how}
    return int(call(session, "record_consent", **call_values).scalar_one())


def withdraw_consent(session: Session, consent_id: int, *, on: date) -> None:
    """Record that a consent was taken back; on is the first day without it.

    Raises Conflict when it was taken back already or was not given yet on that day, NotAllowed, NotFound.
    """
    require(session, "edit_needs")
    done = call(session, "withdraw_consent", wanted=consent_id, since=on).scalar_one()
    if not done:
        raise Conflict(
            N_("This consent was not given yet on that day, or it was taken back already. Nothing was changed.")
        )
