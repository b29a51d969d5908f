"""Layers, tile addresses and queries."""

import pytest

from geo.errors import BadInput
from geo.web.layers import LAYERS, Address, is_due, parse_names, query


@pytest.mark.parametrize("address", [Address(-1, 0, 0), Address(2, 4, 0), Address(2, 0, -1), Address(23, 0, 0)])
def test_a_tile_outside_the_pyramid_is_refused(address: Address) -> None:
    with pytest.raises(BadInput, match="no map tile"):
        address.check()


def test_neighbouring_tiles_share_their_edge() -> None:
    left, right = Address(14, 13475, 6404).box(), Address(14, 13476, 6404).box()
    assert left[2] == right[0]
    assert left[1] == right[1]


def test_a_margin_widens_the_box_on_all_sides() -> None:
    inner, outer = Address(14, 13475, 6404).box(), Address(14, 13475, 6404).box(1 / 64)
    assert outer[0] < inner[0]
    assert outer[1] < inner[1]
    assert outer[2] > inner[2]
    assert outer[3] > inner[3]


@pytest.mark.parametrize("names", ["", "nothing", "building+nothing", "building+building", "building;drop table x"])
def test_unknown_or_repeated_layers_are_refused(names: str) -> None:
    with pytest.raises(BadInput):
        parse_names(names)


@pytest.mark.parametrize("name", LAYERS)
@pytest.mark.parametrize("by_index", [True, False])
def test_every_layer_has_a_query_that_names_its_table_once_in_the_box(name: str, by_index: bool) -> None:
    text = query((name,), 16, by_index=by_index)
    assert ("p.geom && " in text) is by_index
    assert ("app_within" in text) is not by_index
    assert "{" not in text


def test_layers_are_due_between_their_zooms() -> None:
    due = [zoom for zoom in range(20) if is_due("district", zoom, from_afar=False)]
    assert due == list(range(13))
    assert not is_due("building", 13, from_afar=False)
    assert is_due("building", 14, from_afar=False)
