"""Real OpenStreetMap extracts: every building, and a network whose shared nodes are shared."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from geo.exchange.network import lengths_m
from geo.exchange.prepare import prepare


@pytest.fixture(scope="module")
def liechtenstein(real_data: Path) -> Path:
    return real_data / "osm_extracts" / "liechtenstein-2013-08-03.osm.pbf"


def test_every_building_of_liechtenstein_is_read(liechtenstein: Path) -> None:
    prepared = prepare(liechtenstein, "buildings", datum="wgs84")
    assert prepared.counts == {"read": 3723, "accepted": 3723, "repaired": 0, "refused": 0}
    assert prepared.rows["number"].notna().sum() == 129
    assert prepared.rows["floors"].isna().all()
    assert prepared.rows["code"].is_unique
    assert shapely.is_valid(prepared.rows.geometry.to_numpy()).all()


def test_the_roads_of_liechtenstein_form_one_network(liechtenstein: Path) -> None:
    prepared = prepare(liechtenstein, "roads", datum="wgs84")
    edges = prepared.rows
    assert prepared.counts["refused"] == 0
    assert prepared.counts["read"] >= 2700
    assert len(edges) > prepared.counts["read"]
    assert edges["code"].is_unique
    assert (edges["length_m"] > 0).all()
    assert np.allclose(edges["length_m"], lengths_m(edges.geometry.to_numpy()))
    ends = shapely.get_coordinates(shapely.get_point(edges.geometry.to_numpy(), 0))
    positions: dict[int, tuple[float, ...]] = {}
    for node, position in zip(edges["from_node"], ends.tolist(), strict=True):
        assert positions.setdefault(node, tuple(position)) == tuple(position)
    nodes, counts = np.unique(edges[["from_node", "to_node"]].to_numpy(), return_counts=True)
    assert (counts >= 3).sum() > 1000
    assert len(nodes) < 2 * len(edges) * 0.8


def test_the_walking_network_of_porto_alegre_has_the_known_size(real_data: Path) -> None:
    edges = prepare(real_data / "network_porto_alegre" / "poa_osm.pbf", "roads", datum="wgs84").rows
    nodes = np.unique(edges[["from_node", "to_node"]].to_numpy())
    assert 20_000 < len(edges) < 45_000
    assert 15_000 < len(nodes) < 40_000


@pytest.mark.parametrize(("file", "buildings"), [("planet_10.068_48.135.osm", 32), ("west_oakland.osm.bz2", 23)])
def test_small_extracts_are_read_in_both_writings(real_data: Path, file: str, buildings: int) -> None:
    prepared = prepare(real_data / "osm_extracts" / file, "buildings", datum="wgs84")
    assert prepared.counts["read"] == buildings
    assert shapely.is_valid(prepared.rows.geometry.to_numpy()).all()
