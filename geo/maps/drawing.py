"""Drawing on the city map: which tool is out, and what was drawn with it."""

import json
from dataclasses import dataclass
from typing import Any, Literal

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.i18n import N_, _
from geo.maps.city_map import Bounds, CityMap, asset_address
from geo.maps.safe_text import script_value

SCRIPT = "yizhan-draw.js"
PREFIX = "draw:"
LONGEST_DRAWING = 200_000
HINTS = {
    "point": N_("Click where it is. Drag the dot to move it."),
    "outline": N_("Click corner by corner; click the first corner or Finish to close the outline."),
}


@dataclass(frozen=True)
class Tool:
    """The drawing tool: for a point or an outline, perhaps starting from a shape (GeoJSON, EPSG:4326).

    nonce is new whenever drawing starts anew.
    """

    mode: Literal["point", "outline"]
    nonce: int
    shape: dict[str, Any] | None = None

    def config(self) -> dict[str, Any]:
        """Return what the map's script needs, texts in the reader's language."""
        texts = {
            "hint": _(HINTS[self.mode]),
            "adjust": _("Drag a corner to correct it, then save beside the map."),
            "finish": _("Finish"),
            "back": _("Take back a corner"),
            "again": _("Start again"),
        }
        return {"mode": self.mode, "nonce": self.nonce, "shape": self.shape, "texts": texts}


class TakeOut(MacroElement):
    """Takes the tool out, or puts it away (None)."""

    _template = Template("{% macro script(this, kwargs) %}YizhanDraw.update({{ this.tool }});{% endmacro %}")

    def __init__(self, tool: Tool | None) -> None:
        super().__init__()
        self.tool = script_value(tool.config() if tool else None)


class DrawingMap(CityMap):
    """The city map with the drawing tool's script."""

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(bounds)
        self.default_js = [*self.default_js, (SCRIPT, asset_address(SCRIPT))]


def with_tool(group: folium.FeatureGroup, tool: Tool | None) -> folium.FeatureGroup:
    """Return the group that reruns run again, with the tool added."""
    group.add_child(TakeOut(tool))
    return group


def drawn_geometry(delivered: str) -> dict[str, Any] | None:
    """Return the GeoJSON geometry the map delivered, None when it delivered something else.

    >>> drawn_geometry('draw:{"type": "Point", "coordinates": [115.98, 36.45]}')["type"]
    'Point'
    >>> drawn_geometry("building:7") is None
    True
    """
    if not delivered.startswith(PREFIX) or len(delivered) > LONGEST_DRAWING:
        return None
    try:
        found = json.loads(delivered.removeprefix(PREFIX))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
