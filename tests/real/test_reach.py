"""Walking distances on real networks: to the last bit those of networkx, and the command as its own process."""

import json
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from access import fca, weights

from geo.coverage.catchment import Decay, catchment
from geo.coverage.nearest import k_nearest, nearest, within
from geo.coverage.network import Network
from geo.coverage.oddities import odd_in_network
from geo.coverage.snapping import at_nodes, snap
from geo.exchange.walking_files import read_network
from geo.settings import ROOT
from tests.unit.coverage.towns import as_graph

LIMIT_M = 1500.0
PROGRAM = (sys.executable, "-W", "error", "-c", "from geo.cli import main; main()")


@pytest.fixture(scope="module")
def folder(real_data: Path) -> Path:
    return real_data / "network_porto_alegre"


@pytest.fixture(scope="module")
def porto_alegre(folder: Path) -> Network:
    return read_network(folder / "poa_osm.pbf")


@pytest.fixture(scope="module")
def graph(porto_alegre: Network) -> nx.DiGraph:
    return as_graph(porto_alegre)


def test_all_pairs_from_random_nodes_are_those_of_networkx_to_the_last_bit(
    porto_alegre: Network, graph: nx.DiGraph
) -> None:
    chosen = np.random.default_rng(7).choice(len(porto_alegre), 12, replace=False)
    found = within(porto_alegre, at_nodes(chosen), at_nodes(np.arange(len(porto_alegre))), LIMIT_M)
    for number, node in enumerate(chosen.tolist()):
        truth = nx.single_source_dijkstra_path_length(graph, node, cutoff=LIMIT_M)
        row = slice(found.indptr[number], found.indptr[number + 1])
        assert dict(zip(found.target[row].tolist(), found.metres[row].tolist(), strict=True)) == truth


def test_random_pairs_unreachable_ones_too_are_those_of_networkx(porto_alegre: Network, graph: nx.DiGraph) -> None:
    rng = np.random.default_rng(8)
    island = np.flatnonzero(porto_alegre.component > 0)[:10]
    begin = np.concatenate((rng.choice(len(porto_alegre), 15), island[:5]))
    there = np.concatenate((rng.choice(len(porto_alegre), 60), island))
    found = within(porto_alegre, at_nodes(begin), at_nodes(there), np.inf)
    metres = np.full((len(begin), len(there)), np.inf)
    metres[found.source(), found.target] = found.metres
    for number, node in enumerate(begin.tolist()):
        truth = nx.single_source_dijkstra_path_length(graph, node)
        assert metres[number].tolist() == [truth.get(target, np.inf) for target in there.tolist()]
    assert np.isinf(metres).any()


def test_the_nearest_and_the_five_nearest_are_those_of_networkx(porto_alegre: Network, graph: nx.DiGraph) -> None:
    rng = np.random.default_rng(9)
    targets = rng.choice(len(porto_alegre), 40, replace=False)
    backwards = graph.reverse()
    every = np.full((len(porto_alegre), len(targets)), np.inf)
    for number, node in enumerate(targets.tolist()):
        for other, metres in nx.single_source_dijkstra_path_length(backwards, node).items():
            every[other, number] = metres
    everybody, goals = at_nodes(np.arange(len(porto_alegre))), at_nodes(targets)
    wanted = np.sort(every, axis=1)
    assert np.array_equal(nearest(porto_alegre, everybody, goals).metres, wanted[:, 0])
    assert np.array_equal(k_nearest(porto_alegre, everybody, goals, 5).metres, wanted[:, :5])


def test_the_network_hangs_together_but_for_small_islands(porto_alegre: Network) -> None:
    sizes = porto_alegre.island_sizes()
    assert sizes[0] > 0.95 * len(porto_alegre)
    (islands,) = odd_in_network(porto_alegre)
    assert len(islands.names) == len(sizes) - 1
    assert islands.size.sum() == sizes[1:].sum()


def test_catchments_on_a_real_network_are_those_of_pysal_and_share_out_what_is_reached(porto_alegre: Network) -> None:
    rng = np.random.default_rng(10)
    places, suppliers = (rng.choice(len(porto_alegre), many, replace=False) for many in (4000, 60))
    need, supply = rng.integers(1, 80, len(places)).astype(float), rng.integers(1, 500, len(suppliers)).astype(float)
    reach = within(porto_alegre, at_nodes(places), at_nodes(suppliers), 1000.0)
    ours = catchment(reach, need, supply, Decay.steps((300, 500, 1000)))
    theirs = fca.two_stage_fca(
        pd.DataFrame({"geoid": np.arange(len(places)), "demand": need}),
        pd.DataFrame({"supply": supply}, index=pd.RangeIndex(len(suppliers), name="dest")),
        pd.DataFrame({"origin": reach.source(), "dest": reach.target, "cost": reach.metres}),
        max_cost=1000, weight_fn=weights.step_fn({300: 1, 500: 0.68, 1000: 0.22}),
    )  # fmt: skip
    np.testing.assert_allclose(ours.access[theirs.index], theirs.to_numpy(), rtol=1e-12, atol=0)
    reached = supply[np.unique(reach.target)].sum()
    assert reached > 0
    assert np.isclose((need * ours.access).sum(), reached, rtol=1e-12)
    assert np.isclose(ours.reached, reached, rtol=1e-12)


def asked(*arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [*PROGRAM, "reach", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_porto_alegre_is_answered_by_a_process_of_its_own(
    folder: Path, porto_alegre: Network, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = tmp_path / "state"
    monkeypatch.setenv("YIZHAN_STATE_DIR", str(state))
    hexagons, points = folder / "poa_hexgrid.csv", folder / "poa_points_of_interest.csv"
    out = tmp_path / "reach.csv"
    roads = ("--network", folder / "poa_osm.pbf", "--origins", hexagons, "--targets", points)
    answer = asked(*roads, "--k", 3, "--limit-m", 5000, "--out", out, "--json")
    assert answer.returncode == 0, answer.stderr
    summary = json.loads(answer.stdout)
    walks = pd.read_csv(out)
    origins, targets = pd.read_csv(hexagons), pd.read_csv(points)
    reached = walks.dropna()
    assert set(walks["origin"]) == set(origins["id"])
    assert len(reached) == summary["walks"] > 1000
    assert reached["origin"].nunique() == summary["reached"]
    assert len(walks) - len(reached) == sum(found["count"] for found in summary["unreachable"].values())
    assert reached["metres"].max() <= 5000
    assert np.allclose(reached["minutes"], reached["metres"] / 1.2 / 60)
    begin = snap(porto_alegre, origins["lon"].to_numpy(), origins["lat"].to_numpy())
    there = snap(porto_alegre, targets["lon"].to_numpy(), targets["lat"].to_numpy())
    best = nearest(porto_alegre, begin, there, limit_m=5000.0)
    first = reached.groupby("origin", sort=False)["metres"].first().reindex(origins["id"])
    assert np.array_equal(first.fillna(np.inf).to_numpy(), best.metres)
    assert not state.exists()


def test_liechtenstein_is_walked_from_every_building_to_every_building(real_data: Path, tmp_path: Path) -> None:
    town = real_data / "osm_extracts" / "liechtenstein-2013-08-03.osm.pbf"
    out = tmp_path / "reach.parquet"
    answer = asked("--network", town, "--origins", town, "--targets", town, "--limit-m", 500, "--out", out)
    assert answer.returncode == 0, answer.stderr
    assert "3,723 of 3,723 origins reach a target" in answer.stderr
    walks = pd.read_parquet(out)
    to_itself = walks[walks["origin"] == walks["target"]]
    assert len(to_itself) == 3723
    there = walks.set_index(["origin", "target"])["metres"].sort_index()
    back = walks.set_index(["target", "origin"])["metres"].sort_index()
    assert np.allclose(there.to_numpy(), back.to_numpy(), rtol=1e-9)
    assert len(walks) > 100_000
