from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.exchange.network import edge_spans, lengths_m, node_numbers, span_lines
from geo.exchange.prepare import prepare
from geo.exchange.prepared import Prepared

Maker = Callable[..., Path]
LON, LAT = 115.98, 36.45


def line(*points: tuple[float, float]) -> shapely.LineString:
    return shapely.LineString([(LON + x * 1e-3, LAT + y * 1e-3) for x, y in points])


def roads(written: Maker, lines: list[object], **columns: list[object]) -> Prepared:
    frame = gpd.GeoDataFrame(columns or {"name": [f"路{n}" for n in range(len(lines))]}, geometry=lines, crs=4326)
    return prepare(written("r.gpkg", frame), "roads", datum="wgs84")


def test_lines_are_cut_where_they_share_a_vertex_and_the_junction_is_one_node(written: Maker) -> None:
    edges = roads(written, [line((0, 0), (1, 0), (2, 0)), line((1, 0), (1, 1))]).rows
    assert edges["row"].tolist() == [1, 1, 2]
    assert edges["to_node"].iloc[0] == edges["from_node"].iloc[1] == edges["from_node"].iloc[2]
    assert edges["code"].is_unique
    assert set(edges.geom_type) == {"LineString"}


def test_a_bend_that_nothing_else_touches_is_no_junction(written: Maker) -> None:
    assert len(roads(written, [line((0, 0), (1, 0), (2, 0))]).rows) == 1


def test_the_pieces_of_a_coded_line_carry_its_code(written: Maker) -> None:
    edges = roads(written, [line((0, 0), (1, 0), (2, 0)), line((1, 0), (1, 1))], code=["R7", "R8"]).rows
    assert edges["code"].tolist() == ["R7-0", "R7-1", "R8"]


def test_lines_that_name_both_nodes_stay_whole(written: Maker) -> None:
    lines = [line((0, 0), (1, 0), (2, 0)), line((1, 0), (1, 1))]
    edges = roads(written, lines, code=["a", "b"], from_node=[1, 2], to_node=[3, 4]).rows
    assert edges[["from_node", "to_node"]].to_numpy().tolist() == [[1, 3], [2, 4]]


def test_multilines_fall_into_their_parts(written: Maker) -> None:
    parts = shapely.MultiLineString([line((0, 0), (1, 0)), line((5, 0), (6, 0))])
    assert len(roads(written, [parts, line((9, 9), (9, 8))]).rows) == 3


def test_unknown_kinds_are_streets_one_can_walk_both_ways(written: Maker) -> None:
    edge = roads(written, [line((0, 0), (1, 0))]).rows.iloc[0]
    assert (edge["kind"], edge["walkable"], edge["oneway"]) == ("street", True, False)


def test_lengths_are_geodesic() -> None:
    degree = shapely.LineString([(115.98, 36.0), (115.98, 37.0)])
    assert lengths_m(np.array([degree]))[0] == pytest.approx(110_966, abs=30)


def test_a_file_read_twice_gives_the_same_edges(written: Maker) -> None:
    lines = [line((0, 0), (1, 0), (2, 0)), line((1, 0), (1, 1))]
    assert roads(written, lines).rows["code"].tolist() == roads(written, lines).rows["code"].tolist()


@settings(deadline=None, max_examples=60)
@given(st.lists(st.lists(st.integers(1, 12), min_size=2, max_size=8), min_size=1, max_size=6))
def test_cutting_loses_no_vertex_pair_and_leaves_no_inner_junction(lines: list[list[int]]) -> None:
    nodes = np.array([node for listed in lines for node in listed])
    line_of = np.repeat(np.arange(len(lines)), [len(listed) for listed in lines])
    first, last = edge_spans(nodes, line_of, np.zeros(len(nodes), dtype=bool))
    pieces = span_lines(np.column_stack((np.arange(len(nodes)), nodes)).astype(float), first, last)
    assert sum(shapely.get_num_points(pieces) - 1) == len(nodes) - len(lines)
    counts = dict(zip(*np.unique(nodes, return_counts=True), strict=True))
    assert all(counts[nodes[at]] == 1 for a, b in zip(first, last, strict=True) for at in range(a + 1, b))


@settings(deadline=None, max_examples=60)
@given(st.floats(-180, 180), st.floats(-90, 90))
def test_node_numbers_are_positive_and_fit_a_bigint(lon: float, lat: float) -> None:
    assert 0 <= node_numbers(np.array([[lon, lat]]))[0] < 2**63
