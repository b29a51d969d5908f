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

LAYER_LABELS = {
    "community": N_("Communities"),
    "compound": N_("Compounds"),
    "building": N_("Buildings"),
    "unit": N_("Unit entrances"),
    "gate": N_("Gates"),
    "station": N_("Stations"),
    "candidate_site": N_("Candidate sites"),
}


def share_classes(shares: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return the class of each share of buildings with a head (0 to 1, NaN unknown): 0 unknown, 1 lowest to 5 highest.

    >>> share_classes(np.array([np.nan, 0.2, 0.5, 0.86, 1.0])).tolist()
    [0, 1, 2, 4, 5]
    """
    classes = np.searchsorted(SHARE_EDGES, np.nan_to_num(shares), side="right") + 1
    return np.where(np.isnan(shares), 0, classes).astype(np.uint8)


def described(styles: Iterable[Style]) -> list[dict[str, Any]]:
    """Return styles as the map's script takes them, labels translated."""
    return [{**asdict(style), "label": _(style.label)} for style in styles]


def layer_label(name: str) -> str:
    """Return the name of a layer in the current language."""
    return _(LAYER_LABELS[name])


def texts() -> dict[str, str]:
    """Return the words of the legend in the current language."""
    return {
        "legend": _("Legend and layers"),
        "title_building": _("Buildings by head"),
        "title_compound": _("Compounds by share of buildings with a head"),
        "title_community": _("Communities by share of buildings with a head"),
        "filtered": _("Paler ones are outside the filter."),
        "layers": _("Layers"),
        "base_map": _("Base map"),
        "own_base": _("Own data"),
        "numbers": current_language().replace("_", "-"),
    }
