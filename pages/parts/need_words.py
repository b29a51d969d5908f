"""Care needs in words: what help, at which door; and the ones that are chosen."""

from collections.abc import Sequence

from geo.i18n import _, listed
from geo.people.need_reads import NeedChoice, NeedView, chosen_needs
from geo.people.needs import TASK_LABELS
from pages.parts.session import looking

SHOWN = 2000


def tasks_in_words(tasks: Sequence[str]) -> str:
    """Return what help is needed, in words."""
    return listed(_(TASK_LABELS[task]) for task in tasks)


def door_of(need: NeedView) -> str:
    """Return the place of a need as people say it, with its room where it is known."""
    return f"{need.place} {need.room}" if need.room else need.place


def listed_needs(choice: NeedChoice, *, limit: int = SHOWN) -> list[NeedView]:
    """Return the needs that are chosen, by place."""
    with looking() as connection:
        return chosen_needs(connection, choice, limit=limit)
