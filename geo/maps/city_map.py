"""The folium map of a city: our own vector layer, no file from elsewhere, and a state that reruns may change."""

from dataclasses import dataclass
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.i18n import current_language
from geo.maps import base_maps, legend
from geo.maps.cells import Cells
from geo.maps.files import fingerprint
from geo.maps.safe_text import script_value

SCRIPT, STYLESHEET = "map.js", "map.css"
DEEPEST_LOOK = 18
FEW_BUILDINGS = 30_000
"""A town of at most so many buildings, without outlines of compounds, is drawn building by building even from afar."""

Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Look:
    """What the map shows now: everything a rerun may change without moving the map.

    tiles: data version in the addresses of the "base" and "places" tiles; classes: address of the class array per
    kind; selected: kind and id; statuses: head classes shown in colour (None: all); focus: where to look, with a
    number that is new whenever the map should go there; theme: what the classes mean; marked: classes of single
    buildings, over those of the array; sites: candidate sites a plan has chosen; outlines: GeoJSON geometries to draw
    over everything, the innermost first; tried: the wishes of a what-if with its numbers (None: nothing is tried
    here); cells: hexagons or outlines over the buildings, with a legend of their own.
    """

    tiles: dict[str, str]
    classes: dict[str, str]
    names_version: str
    few_buildings: bool = False
    selected: tuple[str, int] | None = None
    statuses: tuple[int, ...] | None = None
    focus: tuple[Bounds, int] | None = None
    layers: tuple[str, ...] = tuple(legend.LAYER_LABELS)
    theme: legend.Theme = legend.HEADS
    marked: dict[int, int] | None = None
    sites: tuple[int, ...] = ()
    outlines: tuple[dict[str, Any], ...] = ()
    tried: dict[str, Any] | None = None
    cells: Cells | None = None

    def state(self) -> dict[str, Any]:
        """Return the state as the map's script takes it."""
        kind_id = {"kind": self.selected[0], "id": self.selected[1]} if self.selected else None
        focus = {"bounds": list(self.focus[0]), "nonce": self.focus[1], "deepest": DEEPEST_LOOK} if self.focus else None
        return {
            "versions": self.tiles,
            "classes": self.classes,
            "names_version": self.names_version,
            "few_buildings": self.few_buildings,
            "selected": kind_id,
            "marked": {str(place): code for place, code in self.marked.items()} if self.marked else None,
            "sites": list(self.sites),
            "outlines": list(self.outlines),
            "tried": self.tried,
            "cells": self.cells.state() if self.cells else None,
            "statuses": list(self.statuses) if self.statuses is not None else None,
            "focus": focus,
            "language": current_language(),
            "styles": {
                "building": legend.described(self.theme.building),
                "patch": legend.described(legend.PATCH_STYLES),
                "share": legend.described(self.theme.share),
            },
            "layers": [{"name": name, "label": legend.layer_label(name)} for name in self.layers],
            "base_maps": base_maps.described(),
            "texts": legend.texts(self.theme),
        }


class Start(MacroElement):
    """Hands the new Leaflet map to our script with the first view; the same for a whole session."""

    _template = Template(
        "{% macro script(this, kwargs) %}Yizhan.start({{ this._parent.get_name() }}, {{ this.config }});{% endmacro %}"
    )

    def __init__(self, bounds: Bounds) -> None:
        super().__init__()
        west, south, east, north = bounds
        self.config = script_value({"west": west, "south": south, "east": east, "north": north})


class Update(MacroElement):
    """Hands our script what a rerun changed."""

    _template = Template("{% macro script(this, kwargs) %}Yizhan.update({{ this.state }});{% endmacro %}")

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.state = script_value(look.state())


class CityMap(folium.Map):
    """A folium map without tiles of others; its scripts and styles come from this host.

    bounds: what to show first, west, south, east, north in degrees.
    """

    def __init__(self, bounds: Bounds) -> None:
        west, south, east, north = bounds
        super().__init__(
            location=[(south + north) / 2, (west + east) / 2], zoom_start=13, tiles=None, prefer_canvas=True
        )
        self.default_js = [(SCRIPT, asset_address(SCRIPT))]
        self.default_css = [(STYLESHEET, asset_address(STYLESHEET))]
        self.add_child(Start(bounds))


def asset_address(name: str) -> str:
    """Return the address of an asset with the fingerprint of its content."""
    return f"/assets/{name}?v={fingerprint(name)}"


def rerun_group(look: Look) -> folium.FeatureGroup:
    """Return the feature group streamlit-folium runs again whenever the look has changed."""
    group = folium.FeatureGroup(name="look")
    group.add_child(Update(look))
    return group
