"""Rules of siting scenarios: the states one goes through, and in which year each station can be paid for (pure)."""

from collections.abc import Sequence

from geo.errors import BadInput, Conflict
from geo.i18n import N_, _

STATUS_LABELS = {
    "draft": N_("Draft"),
    "proposed": N_("Put forward"),
    "approved": N_("Approved"),
    "dropped": N_("Put away"),
}
ACTION_LABELS = {
    "save_scenario": N_("Scenario saved"),
    "move_scenario": N_("Scenario proposed, put away or taken back"),
    "approve_scenario": N_("Scenario approved"),
}
"""The words of what the log says about scenarios."""
NEXT: dict[str, tuple[str, ...]] = {
    "draft": ("proposed", "dropped"),
    "proposed": ("approved", "draft", "dropped"),
    "approved": (),
    "dropped": ("draft",),
}
NO_STEP = N_("A scenario that is “{status}” cannot become “{wanted}”. Open it again and look at its present state.")
NO_BUDGET = N_("A yearly budget is a number of yuan above 0.")


def checked_move(status: str, wanted: str) -> str:
    """Return the wanted status of a scenario; raises Conflict when it does not follow the present one.

    >>> checked_move("draft", "proposed")
    'proposed'
    """
    if wanted not in NEXT[status]:
        raise Conflict(NO_STEP, status=_(STATUS_LABELS[status]), wanted=_(STATUS_LABELS[wanted]))
    return wanted


def phased(
    cost_fen: Sequence[int | None], gained: Sequence[int], *, yearly_fen: int, first_year: int
) -> list[int | None]:
    """Return the year in which each station can be paid for, those that bring most for their money first.

    Money that is left goes into the next year. gained: households each brings within the limit. None for a station
    whose cost nobody knows; raises BadInput for a budget that is none.

    >>> phased([100, 100, None, 150], [10, 40, 5, 20], yearly_fen=150, first_year=2027)
    [2029, 2027, None, 2028]
    """
    if yearly_fen <= 0:
        raise BadInput(NO_BUDGET)
    known = [at for at, cost in enumerate(cost_fen) if cost is not None]
    order = sorted(known, key=lambda at: (-gained[at] / max(cost_fen[at] or 0, 1), at))
    years: list[int | None] = [None] * len(cost_fen)
    spent = 0
    for at in order:
        spent += cost_fen[at] or 0
        years[at] = first_year + max(spent - 1, 0) // yearly_fen
    return years
