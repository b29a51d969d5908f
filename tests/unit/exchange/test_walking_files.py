"""Networks and places from files: OpenStreetMap or tables, with every fault named."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geo.coverage.network import Network
from geo.errors import BadInput
from geo.exchange.network import WGS84
from geo.exchange.walking_files import read_network, read_places
from tests.unit.exchange.test_osm import town, way

TextFile = Callable[..., Path]
NODES = "node,lon,lat\nA,115.98,36.45\nB,115.99,36.45\nC,116.00,36.46\n"


def ways(network: Network) -> dict[tuple[str, str], float]:
    tail = np.repeat(np.arange(len(network)), np.diff(network.indptr))
    names = [str(node) for node in network.node_ids]
    return {
        (names[a], names[b]): length_m
        for a, b, length_m in zip(tail, network.indices, network.lengths_m.tolist(), strict=True)
    }


def test_roads_of_openstreetmap_are_walked_stairs_too_but_no_motorway(text_file: TextFile) -> None:
    network = read_network(text_file("town.osm", town()))
    assert set(ways(network)) == {("1", "2"), ("2", "1"), ("2", "5"), ("5", "2"), ("2", "4"), ("4", "2")}
    at = {str(name): place for place, name in enumerate(network.node_ids)}
    assert (network.lon[at["2"]], network.lat[at["4"]]) == (115.981, 36.451)
    lon, lat = network.lon[[at["1"], at["2"]]], network.lat[[at["1"], at["2"]]]
    assert ways(network)["1", "2"] == WGS84.inv(lon[0], lat[0], lon[1], lat[1])[2]


@pytest.mark.parametrize(("barrier", "open_"), [("gate", True), ("bollard", True), ("fence", False)])
def test_a_shut_barrier_bars_the_edges_at_it(text_file: TextFile, barrier: str, open_: bool) -> None:
    assert (("2", "3") in ways(read_network(text_file("town.osm", town(barrier))))) is open_


def test_a_way_that_is_one_way_on_foot_is_walked_one_way(text_file: TextFile) -> None:
    extra = way(500, [11, 12], highway="footway", oneway__foot="yes")
    found = ways(read_network(text_file("town.osm", town().replace("<relation", f"{extra}<relation", 1))))
    assert ("11", "12") in found
    assert ("12", "11") not in found


def test_a_network_comes_from_a_table_of_edges_and_one_of_nodes(text_file: TextFile) -> None:
    edges = text_file("edges.csv", "from,to,length_m,oneway\nA,B,900.5,no\nB,C,1400,yes\n")
    network = read_network(edges, text_file("nodes.csv", NODES))
    assert ways(network) == {("A", "B"): 900.5, ("B", "A"): 900.5, ("B", "C"): 1400.0}


@pytest.mark.parametrize(
    ("edges", "nodes", "said"),
    [
        ("from,to,length_m\nA,B,9\nA,D,9\n", NODES, "edges.csv: row 3: to D is no node of nodes.csv"),
        ("from,to,length_m\nA,B,-9\n", NODES, "edges.csv: row 2: length_m is -9; the least is 0"),
        ("from,to,length_m\nA,B,far\n", NODES, "edges.csv: row 2: length_m is far, which is not a number"),
        ("from,to\nA,B\n", NODES, "edges.csv has no column length_m"),
        ("from,to,length_m\nA,B,9\n", f"{NODES}A,116,36\n", "nodes.csv: row 5: node A stands in row 2 already"),
        ("from,to,length_m\nA,B,9\n", "node,lon,lat\nA,36,115\n", "nodes.csv: row 2: lat is 115; the most is 90"),
    ],
)
def test_a_fault_in_a_table_is_named(text_file: TextFile, edges: str, nodes: str, said: str) -> None:
    with pytest.raises(BadInput) as raised:
        read_network(text_file("edges.csv", edges), text_file("nodes.csv", nodes))
    assert said in str(raised.value)


def test_a_file_without_roads_or_of_another_kind_is_refused(text_file: TextFile) -> None:
    nodes = '<node id="1" lat="1" lon="1"/><node id="2" lat="1" lon="2"/>'
    motorway = f'<osm version="0.6">{nodes}{way(1, [1, 2], highway="motorway")}</osm>'
    with pytest.raises(BadInput, match=r"town\.osm holds no road that can be walked"):
        read_network(text_file("town.osm", motorway))
    with pytest.raises(BadInput, match=r"a\.csv is no OpenStreetMap file"):
        read_network(text_file("a.csv", NODES))


def test_places_are_the_rows_of_a_table_or_the_buildings_of_openstreetmap(text_file: TextFile) -> None:
    table = read_places(text_file("o.csv", "id,lon,lat\na,1,2\n"))
    assert table.to_numpy().tolist() == [["a", 1.0, 2.0]]
    buildings = read_places(text_file("town.osm", town()))
    assert sorted(buildings["id"]) == ["osm-r400", "osm-w200"]
    house = buildings[buildings["id"] == "osm-w200"]
    assert house[["lon", "lat"]].to_numpy() == pytest.approx(np.array([[115.9855, 36.4555]]))
