"""Cells as the map's script takes them."""

import json

from geo.maps.cells import Cell, Cells
from geo.maps.hotspot_legend import CLUSTER_STYLES, GROWTH_STYLES, SILENCE_STYLES, WHERE_STYLES


def test_cells_are_sent_compactly_and_an_outline_only_where_there_is_one() -> None:
    square = ((116.0, 36.0), (116.001, 36.0), (116.001, 36.0010004))
    made = Cells(
        "Clusters that still last", CLUSTER_STYLES,
        (Cell(1, 2, 116.1234567, 36.7654321, "a\nb"), Cell(2, 1, 116.0, 36.0, "<b>", (square,))),
        ((0.0012345678, -0.001),),
    )  # fmt: skip
    state = made.state()
    assert state["rows"] == [
        [1, 2, 116.12346, 36.76543, "a\nb"],
        [2, 1, 116.0, 36.0, "<b>", [[[116.0, 36.0], [116.001, 36.0], [116.001, 36.001]]]],
    ]
    assert state["corners"] == [[0.001235, -0.001]]
    assert [style["code"] for style in state["styles"]] == [1, 2, 3]
    assert json.loads(json.dumps(state)) == state


def test_no_class_has_two_meanings_in_one_legend() -> None:
    for styles in (WHERE_STYLES, GROWTH_STYLES, CLUSTER_STYLES, SILENCE_STYLES):
        codes = [style.code for style in styles]
        assert len(codes) == len(set(codes))
