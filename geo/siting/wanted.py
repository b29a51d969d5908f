"""What a planner asks for: area, goal, size, who counts, how far is near, what stations and money must keep to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

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
MEASURES: dict[Goal, str] = {
    "cover": N_("what is weighed, within the limit"),
    "median": N_("metres walked, by weight"),
    "set-cover": N_("stations, open ones included"),
    "center": N_("metres of the longest walk"),
    "backup": N_("what is weighed, with two stations within the limit"),
}
"""What each goal counts, in words."""


class WeightKind(NamedTuple):
    """Something doors can be weighed by: its name, what is counted, and the function that loads it (module:function).

    The function takes a geo.siting.weights_study.Asking and returns its Weights. logged: each loading leaves an entry
    in the log, so it is not loaded again for every try on the map.
    """

    label: str
    counted: str
    loader: str
    logged: bool = False


WEIGHTS: dict[str, WeightKind] = {
    "households": WeightKind(
        N_("Households"), N_("Households within the limit"), "geo.siting.weights_study:households"
    ),
    "old": WeightKind(
        N_("People over 70"), N_("People over 70 within the limit"), "geo.siting.weights_study:people_over_70"
    ),
    "needs": WeightKind(
        N_("Care needs no station reaches yet"), N_("Care needs newly within the limit"),
        "geo.siting.weights_study:needs_not_reached", logged=True,
    ),
    "requests": WeightKind(
        N_("Requests of the last year"), N_("Requests of the last year within the limit"),
        "geo.siting.requests_study:requests_of_last_year", logged=True,
    ),
}  # fmt: skip
"""Every weight a planner may choose; another room adds its own here."""

DEMANDS = {
    "today": N_("Today"),
    "mean": N_("The mean of today, in 10 and in 20 years"),
    "worst": N_("The worst of today, in 10 and in 20 years"),
}
AHEAD = (0, 10, 20)
SOURCES = {
    "community": N_("Service money of the community"),
    "party": N_("Party dues managed by the city"),
    "city": N_("City"),
    "district": N_("District"),
    "street": N_("Street office"),
    "other": N_("Other"),
}
CIRCLES = (5, 10, 15)
MOST_NUMBER, MOST_SECONDS, USUAL_SECONDS = 500, 600, 30
SPEEDS = (0.2, 2.5)
FEN = 100

UNKNOWN_GOAL = N_("There is no goal called {goal}. Choose one on the page.")
ODD_NUMBER = N_("Say how many new stations there may be: a number from 1 to {most}.")
ODD_BUDGET = N_("A budget is a number of yuan above 0.")
ONE_OF_TWO = N_("Say either how many new stations there may be, or how much they may cost.")
PIN_AND_BAN = N_("A candidate site is both pinned and banned. Choose one.")
ODD_CIRCLE = N_("The walking limit is that of 5, 10 or 15 minutes. Choose one of them.")
ODD_WEIGHT = N_("Say what the doors are weighed by: at least one of the offered weights with a share above 0.")
ODD_DEMAND = N_("Demand is that of today, or the mean or the worst of today and of years ahead. Choose one of them.")
NO_YEARS = N_("Years ahead are known only for people over 70. Weigh by them, or choose today's demand.")
NO_WORST = N_("The worst of several years can only be sought for most within the limit and for the shortest mean walk.")
ODD_SPEED = N_("A walking speed is a number from {least} to {most} metres a second.")
ODD_RULE = N_("Capacities, distances and numbers of stations are numbers above 0. Correct them, or leave them empty.")
NO_ROOM = N_("How many a station can serve cannot be kept for this goal. Choose another goal, or leave it empty.")
NO_FADING = N_("Only “most within the limit” can fade, and only beyond the limit.")
ODD_SHARE = N_("The share that must be reached is a number above 0 up to 1.")
ODD_SOURCE = N_("There is no source of money called {source}. Choose one on the page.")


@dataclass(frozen=True)
class Near:
    """How far is near: minutes of a life circle, the limits of people over 70, another speed (m/s, then the limit is
    minutes times speed), how far coverage fades beyond the limit (metres), the share a set cover must reach.
    """

    circle: int = 10
    old: bool = False
    speed_m_s: float | None = None
    fade_to_m: float | None = None
    share: float = 1.0


@dataclass(frozen=True)
class Rules:
    """What stations keep to: households a new one can serve (room; by site: rooms), metres on foot between stations,
    new ones in a community at most, and one open or new one in each community that has a candidate site.
    """

    room: int | None = None
    rooms: Mapping[int, int] = field(default_factory=dict)
    apart_m: float | None = None
    at_most: int | None = None
    at_least_one: bool = False


@dataclass(frozen=True)
class Purse:
    """Where money comes from: yuan each community has for its own sites, yuan by source, and who pays for a site
    (its id) when it is not its community.
    """

    community_yuan: float | None = None
    pots: Mapping[str, float] = field(default_factory=dict)
    paid_by: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """One question of a planner.

    community_id: None for the whole city; number: new stations at most, None when the budget (yuan) decides or the
    goal is the fewest; weights: shares of what doors are weighed by; demand: one of DEMANDS; seconds: how long to
    search; pinned, banned: ids of candidate sites; cost_fen: costs that replace those on record.
    """

    goal: Goal
    community_id: int | None = None
    number: int | None = None
    budget_yuan: float | None = None
    near: Near = field(default_factory=Near)
    weights: Mapping[str, float] = field(default_factory=lambda: {"households": 1.0})
    demand: str = "today"
    rules: Rules = field(default_factory=Rules)
    purse: Purse = field(default_factory=Purse)
    seconds: int = USUAL_SECONDS
    curve: bool = False
    pinned: tuple[int, ...] = ()
    banned: tuple[int, ...] = ()
    cost_fen: Mapping[int, int] = field(default_factory=dict)

    @property
    def counts_money(self) -> bool:
        """Tell whether costs decide what can be chosen."""
        return self.budget_yuan is not None or self.purse.community_yuan is not None or bool(self.purse.pots)

    def plain(self) -> dict[str, Any]:
        """Return the question as plain values, as jobs and studies keep it.

        >>> Wanted.read(Wanted("cover", number=2, pinned=(7,), rules=Rules(rooms={7: 300})).plain()).rules.rooms
        {7: 300}
        """
        return {
            "goal": self.goal,
            "community_id": self.community_id,
            "number": self.number,
            "budget_yuan": self.budget_yuan,
            "near": dict(vars(self.near)),
            "weights": dict(self.weights),
            "demand": self.demand,
            "rules": {**vars(self.rules), "rooms": _named(self.rules.rooms)},
            "purse": {
                "community_yuan": self.purse.community_yuan,
                "pots": dict(self.purse.pots),
                "paid_by": _named(self.purse.paid_by),
            },
            "seconds": self.seconds,
            "curve": self.curve,
            "pinned": list(self.pinned),
            "banned": list(self.banned),
            "cost_fen": _named(self.cost_fen),
        }

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> "Wanted":
        """Return a question from plain values; raises BadInput for what makes no sense."""
        near, rules, purse = (dict(values.get(name) or {}) for name in ("near", "rules", "purse"))
        near.setdefault("circle", values.get("circle", 10))
        return checked(
            cls(
                goal=values["goal"],
                community_id=values.get("community_id"),
                number=values.get("number"),
                budget_yuan=values.get("budget_yuan"),
                near=Near(**near),
                weights=dict(values.get("weights") or {"households": 1.0}),
                demand=values.get("demand", "today"),
                rules=Rules(**{**rules, "rooms": _by_id(rules.get("rooms"))}),
                purse=Purse(
                    purse.get("community_yuan"), dict(purse.get("pots") or {}), _by_id(purse.get("paid_by"))
                ),
                seconds=min(int(values.get("seconds", USUAL_SECONDS)), MOST_SECONDS),
                curve=bool(values.get("curve")),
                pinned=tuple(values.get("pinned", ())),
                banned=tuple(values.get("banned", ())),
                cost_fen=_by_id(values.get("cost_fen")),
            )
        )  # fmt: skip


def _named(by_id: Mapping[int, Any]) -> dict[str, Any]:
    return {str(site): value for site, value in by_id.items()}


def _by_id(named: Mapping[str, Any] | None) -> dict[int, Any]:
    return {int(site): value for site, value in (named or {}).items()}


def checked(wanted: Wanted) -> Wanted:
    """Return a question that makes sense; raises BadInput in words for another.

    >>> checked(Wanted("cover", number=3)).number
    3
    """
    if wanted.goal not in GOALS:
        raise BadInput(UNKNOWN_GOAL, goal=wanted.goal)
    if set(wanted.pinned) & set(wanted.banned):
        raise BadInput(PIN_AND_BAN)
    if wanted.number is not None and not 1 <= wanted.number <= MOST_NUMBER:
        raise BadInput(ODD_NUMBER, most=MOST_NUMBER)
    if wanted.goal != "set-cover" and (wanted.number is None) == (wanted.budget_yuan is None):
        raise BadInput(ONE_OF_TWO)
    _check_near(wanted)
    _check_demand(wanted)
    _check_rules(wanted)
    _check_money(wanted)
    return wanted


def _check_near(wanted: Wanted) -> None:
    near, (least, most) = wanted.near, SPEEDS
    if near.circle not in CIRCLES:
        raise BadInput(ODD_CIRCLE)
    if near.speed_m_s is not None and not least <= near.speed_m_s <= most:
        raise BadInput(ODD_SPEED, least=least, most=most)
    if near.fade_to_m is not None and (wanted.goal != "cover" or not near.fade_to_m > 0):
        raise BadInput(NO_FADING)
    if not 0 < near.share <= 1:
        raise BadInput(ODD_SHARE)


def _check_demand(wanted: Wanted) -> None:
    known = set(wanted.weights) <= set(WEIGHTS) and all(share >= 0 for share in wanted.weights.values())
    if not known or not sum(wanted.weights.values()) > 0:
        raise BadInput(ODD_WEIGHT)
    if wanted.demand not in DEMANDS:
        raise BadInput(ODD_DEMAND)
    if wanted.demand != "today" and not wanted.weights.get("old"):
        raise BadInput(NO_YEARS)
    if wanted.demand == "worst" and wanted.goal not in {"cover", "median"}:
        raise BadInput(NO_WORST)


def _check_rules(wanted: Wanted) -> None:
    rules = wanted.rules
    if any(value is not None and not value > 0 for value in (rules.room, rules.apart_m, rules.at_most)) or any(
        not room > 0 for room in rules.rooms.values()
    ):
        raise BadInput(ODD_RULE)
    if (rules.room or rules.rooms) and (wanted.goal in {"center", "backup"} or wanted.demand == "worst"):
        raise BadInput(NO_ROOM)


def _check_money(wanted: Wanted) -> None:
    amounts = (wanted.budget_yuan, wanted.purse.community_yuan, *wanted.purse.pots.values())
    if any(amount is not None and not amount > 0 for amount in amounts):
        raise BadInput(ODD_BUDGET)
    for source in (*wanted.purse.pots, *wanted.purse.paid_by.values()):
        if source not in SOURCES:
            raise BadInput(ODD_SOURCE, source=source)
