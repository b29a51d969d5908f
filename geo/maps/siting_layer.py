"""The stations of a plan on the city map: where they are, how far people walk to them, and where one was moved."""

import json
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.i18n import _
from geo.maps.city_map import Bounds, asset_address
from geo.maps.drawing import DrawingMap
from geo.maps.safe_text import script_value

SCRIPT = "yizhan-siting.js"
PREFIX = "siting:"
LONGEST_MESSAGE = 300
LATER = "{count}"
"""The script puts the number in."""


@dataclass(frozen=True)
class PlanStation:
    """A station of a plan, lon and lat in degrees (EPSG:4326); area: GeoJSON of the walks within the limit."""

    id: int
    name: str
    lon: float
    lat: float
    area: dict[str, Any] | None = None


@dataclass(frozen=True)
class Moved:
    """A station of a plan at another place, in degrees."""

    site: int
    lon: float
    lat: float


@dataclass(frozen=True)
class SitingLayer:
    """What the map shows of a plan: its stations by rank, a place that was asked about, a station that was moved.

    code: the class of buildings newly within the limit; weights: names of what else is counted; turn is new whenever
    the page, not the map, changed what is moved.
    """

    study: int | None
    stations: tuple[PlanStation, ...]
    code: int
    weights: dict[str, str]
    spot: tuple[float, float] | None = None
    moved: Moved | None = None
    turn: int = 0

    def config(self) -> dict[str, Any]:
        """Return what the map's script needs, texts in the reader's language."""
        return {
            "study": self.study,
            "stations": [vars(station) for station in self.stations],
            "code": self.code,
            "spot": self.spot,
            "moved": vars(self.moved) if self.moved else None,
            "turn": self.turn,
            "texts": self._texts(),
        }

    def _texts(self) -> dict[str, Any]:
        return {
            "today": _("Today"),
            "plan": _("Plan"),
            "then": _("Moved"),
            "within": _("Households within the limit"),
            "mean": _("Mean walk"),
            "farthest": _("Longest walk"),
            "unknown": _("unknown"),
            "few": _("fewer than 5"),
            "weights": {name: _(label) for name, label in self.weights.items()},
            "more": _("{count} households more within the limit than by the plan.", count=LATER),
            "fewer": _("{count} households fewer within the limit than by the plan.", count=LATER),
            "same": _("As many households within the limit as by the plan."),
            "how": _("Drag it, use the arrow keys, or choose its new place with a click."),
            "placing": _("Click where it should go."),
            "refused": _("No road leads there. Choose a place nearer to a road."),
            "place": _("Choose a new place"),
            "back": _("Put it back"),
        }


class ShowPlan(MacroElement):
    """Hands the script the stations of a plan."""

    _template = Template("{% macro script(this, kwargs) %}YizhanSiting.update({{ this.plan }});{% endmacro %}")

    def __init__(self, layer: SitingLayer) -> None:
        super().__init__()
        self.plan = script_value(layer.config())


class SitingMap(DrawingMap):
    """The city map with the scripts that draw a place and move the stations of a plan."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(bounds)
        self.default_js = [*self.default_js, (SCRIPT, asset_address(SCRIPT))]


def with_plan(group: folium.FeatureGroup, layer: SitingLayer) -> folium.FeatureGroup:
    """Return the group that reruns run again, with the stations of a plan added."""
    group.add_child(ShowPlan(layer))
    return group


def siting_message(delivered: str) -> dict[str, Any] | None:
    """Return what the map says of a plan: moved (Moved), back (True) or spot (lon, lat); None for anything else.

    >>> siting_message('siting:{"site": 7, "lon": 115.9, "lat": 36.4}')
    {'moved': Moved(site=7, lon=115.9, lat=36.4)}
    >>> siting_message('siting:{"spot": [115.9, 36.4]}'), siting_message("building:7"), siting_message("siting:[1]")
    ({'spot': (115.9, 36.4)}, None, None)
    """
    if not delivered.startswith(PREFIX) or len(delivered) > LONGEST_MESSAGE:
        return None
    try:
        told = json.loads(delivered.removeprefix(PREFIX))
        if told.get("back") is True:
            return {"back": True}
        if "spot" in told:
            lon, lat = told["spot"]
            return {"spot": (float(lon), float(lat))}
        return {"moved": Moved(int(told["site"]), float(told["lon"]), float(told["lat"]))}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
