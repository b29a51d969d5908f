"""The words of care needs, and the numbers people call them by."""

import secrets

from geo.i18n import N_

TASK_LABELS = {
    "visit": N_("visit"),
    "shopping": N_("shopping"),
    "medicine": N_("medicine"),
    "meal": N_("meal"),
}
STATUS_LABELS = {"open": N_("open"), "paused": N_("paused"), "ended": N_("ended")}
SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
NUMBER_LENGTH = 6


def new_number() -> str:
    """Return a number for a need: six signs by chance, that say nothing about anybody.

    >>> len(new_number())
    6
    """
    return "".join(secrets.choice(SIGNS) for _sign in range(NUMBER_LENGTH))


def typed_number(written: str) -> str:
    """Return a number of a need as it is kept, however it was typed.

    >>> typed_number(" k7p-3qx ")
    'K7P3QX'
    """
    return "".join(sign for sign in written.upper() if sign in SIGNS)
