"""Rules of asking somebody to take a post: the states a request goes through, and which posts do not go together."""

from collections.abc import Iterable

from geo.errors import BadInput, Conflict
from geo.i18n import N_, _, listed

STATUS_LABELS = {
    "asked": N_("asked"),
    "accepted": N_("said yes"),
    "declined": N_("said no"),
    "appointed": N_("appointed"),
    "refused": N_("not taken"),
    "withdrawn": N_("taken back"),
}
ACTION_LABELS = {
    "ask_candidate": N_("Somebody asked to take a post"),
    "answer_candidate": N_("Answer of a candidate recorded"),
    "appoint_candidate": N_("Candidate appointed"),
}
NEXT = {
    "asked": ("accepted", "declined", "appointed", "refused", "withdrawn"),
    "accepted": ("declined", "appointed", "refused", "withdrawn"),
    "declined": (),
    "appointed": (),
    "refused": (),
    "withdrawn": (),
}
WITH_REASON = frozenset({"declined", "refused"})
OVER = frozenset({"declined", "refused"})
"""Who ended so is not proposed for the same post again."""
AGAINST_HEADS = frozenset({"committee_member:property_company"})
"""A head goes from door to door for the owners' votes on the company, and so does not work for it."""


def checked_answer(status: str, wanted: str, reason: str | None) -> None:
    """Raise Conflict when an answer does not follow the present state, BadInput when a no has no reason.

    >>> checked_answer("asked", "accepted", None)
    """
    if wanted not in NEXT[status]:
        steps = listed(_(STATUS_LABELS[step]) for step in NEXT[status]) or _("nothing")
        raise Conflict(
            N_("After “{status}” comes: {steps}. Choose one of these."), status=_(STATUS_LABELS[status]), steps=steps
        )
    if wanted in WITH_REASON and reason is None:
        raise BadInput(N_("Write down why not, so that nobody asks the same again without knowing."))


def conflicts(posts: Iterable[str]) -> bool:
    """Tell whether somebody who holds these posts should not be a head as well.

    posts: kinds, with the organisation's kind where it is one's.

    >>> conflicts(["building_head"]), conflicts(["committee_member:property_company"])
    (False, True)
    """
    return any(post in AGAINST_HEADS for post in posts)
