"""The drawing tool: what the map is told, and what is taken from it."""

import json
import re

import pytest

from geo.maps.city_map import Look, rerun_group
from geo.maps.drawing import LONGEST_DRAWING, DrawingMap, Tool, drawn_geometry, with_tool

BOUNDS = (115.9, 36.4, 116.0, 36.5)


def test_the_map_with_the_tool_loads_files_of_this_host_only() -> None:
    rendered = DrawingMap(BOUNDS).get_root().render()
    addresses = re.findall(r"""(?:src|href)=["']([^"']+)""", rendered)
    assert all(address.startswith("/assets/") for address in addresses)
    assert sum("yizhan-draw.js" in address for address in addresses) == 1


@pytest.mark.parametrize("mode", ["point", "outline"])
def test_the_tool_tells_the_map_its_mode_and_what_to_do(mode: str) -> None:
    config = Tool(mode, 3).config()  # type: ignore[arg-type]
    assert (config["mode"], config["nonce"], config["shape"]) == (mode, 3, None)
    assert all(config["texts"].values())


def test_a_rerun_takes_the_tool_out_or_puts_it_away() -> None:
    look = Look(tiles={}, classes={}, names_version="1")
    shape = {"type": "Point", "coordinates": [115.95, 36.45]}
    for tool, expected in (
        (Tool("point", 1, shape), '"coordinates": [115.95, 36.45]'),
        (None, "YizhanDraw.update(null)"),
    ):
        group = with_tool(rerun_group(look), tool)
        scripts = "".join(child._template.module.script(child, {}) for child in group._children.values())
        assert expected in scripts


@pytest.mark.parametrize(
    "delivered",
    [
        "", "draw:", "building:7", "draw:[1, 2]", 'draw:"text"', "draw:{", "draw:" + "[" * 60_000,
        "draw:" + " " * LONGEST_DRAWING,
    ],
)  # fmt: skip
def test_what_is_no_geometry_is_not_taken_for_one(delivered: str) -> None:
    assert drawn_geometry(delivered) is None


def test_a_drawing_is_taken_as_it_was_sent() -> None:
    outline = {"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [5, 6], [1, 2]]]}
    assert drawn_geometry("draw:" + json.dumps(outline)) == outline
