"""What a planner asks for: the area, the goal, how many stations or how much money, and what is said of each site."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from geo.errors import BadInput
from geo.i18n import N_
from geo.siting.question import GOALS, Goal

GOAL_LABELS: dict[Goal, str] = {
    "cover": N_("Most households within the limit"),
    "median": N_("Shortest mean walk"),
    "set-cover": N_("Fewest stations for everybody"),
    "center": N_("Shortest walk of the worst-off"),
    "backup": N_("Two stations within the limit"),
}
CIRCLES = (5, 10, 15)
MOST_NUMBER, MOST_SECONDS, USUAL_SECONDS = 500, 600, 30
FEN = 100

UNKNOWN_GOAL = N_("There is no goal called {goal}. Choose one on the page.")
ODD_NUMBER = N_("Say how many new stations there may be: a number from 1 to {most}.")
ODD_BUDGET = N_("A budget is a number of yuan above 0.")
ONE_OF_TWO = N_("Say either how many new stations there may be, or how much they may cost.")
PIN_AND_BAN = N_("A candidate site is both pinned and banned. Choose one.")
ODD_CIRCLE = N_("The walking limit is that of 5, 10 or 15 minutes. Choose one of them.")


@dataclass(frozen=True)
class Wanted:
    """One question of a planner.

    community_id: None for the whole city; number: new stations at most, None when the budget (yuan) decides or the
    goal is the fewest; circle: minutes of the life circle whose metres are the limit; seconds: how long to search;
    pinned, banned: ids of candidate sites; cost_fen: costs that replace those on record.
    """

    goal: Goal
    community_id: int | None = None
    number: int | None = None
    budget_yuan: float | None = None
    circle: int = 10
    seconds: int = USUAL_SECONDS
    curve: bool = False
    pinned: tuple[int, ...] = ()
    banned: tuple[int, ...] = ()
    cost_fen: Mapping[int, int] = field(default_factory=dict)

    def plain(self) -> dict[str, Any]:
        """Return the question as plain values, as jobs and studies keep it.

        >>> Wanted.read(Wanted("cover", number=2, pinned=(7,)).plain()).pinned
        (7,)
        """
        return {
            "goal": self.goal,
            "community_id": self.community_id,
            "number": self.number,
            "budget_yuan": self.budget_yuan,
            "circle": self.circle,
            "seconds": self.seconds,
            "curve": self.curve,
            "pinned": list(self.pinned),
            "banned": list(self.banned),
            "cost_fen": {str(site): cost for site, cost in self.cost_fen.items()},
        }

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Wanted":
        """Return a question from plain values; raises BadInput for what makes no sense."""
        return checked(
            cls(
                goal=values["goal"],
                community_id=values.get("community_id"),
                number=values.get("number"),
                budget_yuan=values.get("budget_yuan"),
                circle=values.get("circle", 10),
                seconds=min(int(values.get("seconds", USUAL_SECONDS)), MOST_SECONDS),
                curve=bool(values.get("curve")),
                pinned=tuple(values.get("pinned", ())),
                banned=tuple(values.get("banned", ())),
                cost_fen={int(site): int(cost) for site, cost in values.get("cost_fen", {}).items()},
            )
        )


def checked(wanted: Wanted) -> Wanted:
    """Return a question that makes sense; raises BadInput in words for another.

    >>> checked(Wanted("cover", number=3)).number
    3
    """
    if wanted.goal not in GOALS:
        raise BadInput(UNKNOWN_GOAL, goal=wanted.goal)
    if wanted.circle not in CIRCLES:
        raise BadInput(ODD_CIRCLE)
    if set(wanted.pinned) & set(wanted.banned):
        raise BadInput(PIN_AND_BAN)
    if wanted.budget_yuan is not None and not wanted.budget_yuan > 0:
        raise BadInput(ODD_BUDGET)
    if wanted.number is not None and not 1 <= wanted.number <= MOST_NUMBER:
        raise BadInput(ODD_NUMBER, most=MOST_NUMBER)
    if wanted.goal != "set-cover" and (wanted.number is None) == (wanted.budget_yuan is None):
        raise BadInput(ONE_OF_TWO)
    return wanted
