"""What the colours of the map mean: one legend for one meaning on every page."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geo.i18n import N_, _, current_language

HIDDEN = 255
NO_PLACE = 254
UNKNOWN_GREY = "#d9d9d9"


@dataclass(frozen=True)
class Style:
    """How a class is drawn: its code in the class arrays, label (a msgid), fill, outline, hollow or hatched."""

    code: int
    label: str
    fill: str
    stroke: str = "#8c8577"
    hollow: bool = False
    hatched: bool = False


HEAD_STYLES = (
    Style(1, N_("Has a building head"), "#56b4e9", "#2b7fb0"),
    Style(2, N_("No building head"), "#ffffff", "#d55e00", hollow=True),
    Style(3, N_("Term ends soon"), "#e69f00", "#9a6a00"),
    Style(4, N_("Head has too many households"), "#cc79a7", "#8f4470"),
    Style(0, N_("Unknown: not in the roster yet"), UNKNOWN_GREY, "#a6a6a6", hatched=True),
)
"""Okabe-Ito; vacant is hollow, so that it is never told by colour alone."""

SHARE_EDGES = (0.5, 0.7, 0.85, 0.95)
SHARE_STYLES = (
    Style(5, N_("95 % and more"), "#ffffb2"),
    Style(4, N_("85 to 95 %"), "#fecc5c"),
    Style(3, N_("70 to 85 %"), "#fd8d3c"),
    Style(2, N_("50 to 70 %"), "#f03b20"),
    Style(1, N_("below 50 %"), "#bd0026"),
    Style(0, N_("Unknown: no roster yet"), UNKNOWN_GREY, "#a6a6a6", hatched=True),
)
"""ColorBrewer YlOrRd, darkest where most buildings are without a head."""

COVERED_BLUE, OVERLOADED_PURPLE, GAP_RED = "#56b4e9", "#cc79a7", "#d55e00"
_UNKNOWN = Style(0, N_("Unknown: nobody has written it down"), UNKNOWN_GREY, "#a6a6a6", hatched=True)
HANGS_ON_ONE = 5
DUTY_STYLES = (
    Style(1, N_("Looked after"), COVERED_BLUE, "#2b7fb0"),
    Style(2, N_("Nobody looks after some doors"), "#ffffff", GAP_RED, hollow=True),
    Style(3, N_("Term ends soon"), "#e69f00", "#9a6a00"),
    Style(4, N_("Head has too many households"), OVERLOADED_PURPLE, "#8f4470"),
    Style(HANGS_ON_ONE, N_("Hangs on one person"), "#f0e442", "#a39a12"),
    _UNKNOWN,
)
STATION_STYLES = (
    Style(1, N_("Station within 5 minutes"), "#b5de2b", "#6f8a12"),
    Style(2, N_("Station within 10 minutes"), "#1f9e89", "#125e52"),
    Style(3, N_("Station within 15 minutes"), "#3e4989", "#252c55"),
    Style(6, N_("Station in reach, but too small"), OVERLOADED_PURPLE, "#8f4470"),
    Style(4, N_("No station within 15 minutes"), "#ffffff", GAP_RED, hollow=True),
    Style(5, N_("Cut off: no road leads there"), "#ffffff", "#4d4d4d", hollow=True),
    _UNKNOWN,
)
"""Viridis, darker with the distance; who has nothing in reach is hollow."""
SKILL_STYLES = (
    Style(1, N_("Volunteers with hours left in reach"), COVERED_BLUE, "#2b7fb0"),
    Style(2, N_("No volunteer in reach"), "#ffffff", GAP_RED, hollow=True),
    Style(3, N_("Volunteers in reach, hours used up"), OVERLOADED_PURPLE, "#8f4470"),
    Style(4, N_("Cut off: no road leads there"), "#ffffff", "#4d4d4d", hollow=True),
    _UNKNOWN,
)
AWAY_STYLES = (
    Style(1, N_("Stays looked after"), COVERED_BLUE, "#2b7fb0"),
    Style(2, N_("Would lose whoever looks after it"), "#ffffff", GAP_RED, hollow=True),
    Style(3, N_("Somebody could stand in"), "#f0e442", "#a39a12"),
    Style(4, N_("Nobody looks after it already"), "#efebe2", "#b8ae9a"),
    _UNKNOWN,
)
VISIT_STYLES = (
    Style(1, N_("Visits in time"), COVERED_BLUE, "#2b7fb0"),
    Style(2, N_("A visit is overdue"), "#ffffff", GAP_RED, hollow=True),
    Style(3, N_("Never visited yet"), "#e69f00", "#9a6a00"),
    Style(0, N_("No open care need known"), UNKNOWN_GREY, "#a6a6a6", hatched=True),
)
KEPT_SHARE_STYLES = (
    Style(5, N_("95 % in time and more"), "#ffffb2"),
    Style(4, N_("85 to 95 % in time"), "#fecc5c"),
    Style(3, N_("70 to 85 % in time"), "#fd8d3c"),
    Style(2, N_("50 to 70 % in time"), "#f03b20"),
    Style(1, N_("below 50 % in time"), "#bd0026"),
    Style(0, N_("No open care need known"), UNKNOWN_GREY, "#a6a6a6", hatched=True),
)
HELPER_EDGES = (0.8, 1.0, 1.2, 1.5)
HELPER_STYLES = (
    Style(5, N_("150 % of the helpers needed, or more"), "#ffffb2"),
    Style(4, N_("120 to 150 % of the helpers needed"), "#fecc5c"),
    Style(3, N_("100 to 120 % of the helpers needed"), "#fd8d3c"),
    Style(2, N_("80 to 100 %: too few helpers"), "#f03b20"),
    Style(1, N_("below 80 %: far too few helpers"), "#bd0026"),
    Style(0, N_("Unknown: ages not counted, or not to be seen"), UNKNOWN_GREY, "#a6a6a6", hatched=True),
)
"""Darkest where helpers are fewest; broken where there is one for everybody."""
COVERED_SHARE_EDGES = (0.5, 0.7, 0.85, 0.99)
COVERED_SHARE_STYLES = (
    Style(5, N_("99 % and more"), "#ffffb2"),
    Style(4, N_("85 to 99 %"), "#fecc5c"),
    Style(3, N_("70 to 85 %"), "#fd8d3c"),
    Style(2, N_("50 to 70 %"), "#f03b20"),
    Style(1, N_("below 50 %"), "#bd0026"),
    Style(0, N_("Unknown: no households counted"), UNKNOWN_GREY, "#a6a6a6", hatched=True),
)
"""The same ramp as for shares of heads, broken at the two targets of coverage."""


@dataclass(frozen=True)
class Theme:
    """What a map is coloured by: styles of buildings and of shares, and the legend's titles by kind of place."""

    building: tuple[Style, ...]
    share: tuple[Style, ...]
    titles: tuple[tuple[str, str], ...]


HEADS = Theme(
    HEAD_STYLES,
    SHARE_STYLES,
    (
        ("building", N_("Buildings by head")),
        ("compound", N_("Compounds by share of buildings with a head")),
        ("community", N_("Communities by share of buildings with a head")),
    ),
)


def _coverage(styles: tuple[Style, ...], title: str) -> Theme:
    shares = (
        ("compound", N_("Compounds by share of households covered")),
        ("community", N_("Communities by share of households covered")),
    )
    return Theme(styles, COVERED_SHARE_STYLES, (("building", title), *shares))


PATCH_FILLS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#56b4e9", "#d55e00")
PATCH_CODES = tuple(range(101, 101 + len(PATCH_FILLS)))
PATCH_STYLES = tuple(
    Style(code, N_("Patches being planned"), fill, "#1f2328")
    for code, fill in zip(PATCH_CODES, PATCH_FILLS, strict=True)
)
"""Neighbouring patches differ in colour; which is which is written beside the map."""

COVERAGE_THEMES = {
    "duty": _coverage(DUTY_STYLES, N_("Buildings by who looks after the doors")),
    "station": _coverage(STATION_STYLES, N_("Buildings by the way to the next station")),
    "skill": _coverage(SKILL_STYLES, N_("Buildings by volunteers in reach")),
    "away": _coverage(AWAY_STYLES, N_("Buildings if this person is away")),
    "visits": Theme(
        VISIT_STYLES,
        KEPT_SHARE_STYLES,
        (
            ("building", N_("Buildings by visits to people who need care")),
            ("compound", N_("Compounds by share of care needs visited in time")),
            ("community", N_("Communities by share of care needs visited in time")),
        ),
    ),
    "years": Theme(
        HELPER_STYLES,
        HELPER_STYLES,
        (
            ("building", N_("Compounds by helpers for those helped, in the chosen year")),
            ("compound", N_("Compounds by helpers for those helped, in the chosen year")),
            ("community", N_("Communities by helpers for those helped, in the chosen year")),
        ),
    ),
}

WITHOUT_TEAMS = _coverage(
    tuple(style for style in DUTY_STYLES if style.code != HANGS_ON_ONE), N_("Buildings by who looks after the doors")
)
"""The duty chain for who does not see volunteers: nobody can tell them which doors hang on one person."""


def coverage_theme(topic: str, *, sees_teams: bool) -> Theme:
    """Return what a coverage map is coloured by."""
    return WITHOUT_TEAMS if topic == "duty" and not sees_teams else COVERAGE_THEMES[topic]


LAYER_LABELS = {
    "community": N_("Communities"),
    "compound": N_("Compounds"),
    "building": N_("Buildings"),
    "unit": N_("Unit entrances"),
    "gate": N_("Gates"),
    "station": N_("Stations"),
    "candidate_site": N_("Candidate sites"),
}


def share_classes(
    shares: NDArray[np.float64], edges: tuple[float, float, float, float] = SHARE_EDGES
) -> NDArray[np.uint8]:
    """Return the class of each share (0 to 1, NaN unknown) between edges: 0 unknown, 1 lowest to 5 highest.

    >>> share_classes(np.array([np.nan, 0.2, 0.5, 0.86, 1.0])).tolist()
    [0, 1, 2, 4, 5]
    """
    classes = np.searchsorted(edges, np.nan_to_num(shares), side="right") + 1
    return np.where(np.isnan(shares), 0, classes).astype(np.uint8)


def described(styles: Iterable[Style]) -> list[dict[str, Any]]:
    """Return styles as the map's script takes them, labels translated."""
    return [{**asdict(style), "label": _(style.label)} for style in styles]


def layer_label(name: str) -> str:
    """Return the name of a layer in the current language."""
    return _(LAYER_LABELS[name])


def texts(theme: Theme = HEADS) -> dict[str, str]:
    """Return the words of the legend in the current language."""
    return {
        "legend": _("Legend and layers"),
        **{f"title_{kind}": _(title) for kind, title in theme.titles},
        "filtered": _("Paler ones are outside the filter."),
        "layers": _("Layers"),
        "base_map": _("Base map"),
        "own_base": _("Own data"),
        "numbers": current_language().replace("_", "-"),
    }
