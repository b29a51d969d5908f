"""``yizhan site`` on files: every metric and goal, what it says, and how it leaves."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest

from geo.cli import run

X = np.array([0, 1, 2, 10, 11, 12, 30.0])


@pytest.fixture
def street(tmp_path: Path) -> Path:
    """Seven doors in a row, which are candidate sites too."""
    rows = [f"d{at},{at + 1},{x:g},0,{116 + x / 100:g},36.4" for at, x in enumerate(X)]
    (tmp_path / "demand.csv").write_text("\n".join(["id,weight,x,y,lon,lat", *rows]), encoding="utf-8")
    sites = [f"d{at},{x:g},0,{116 + x / 100:g},36.4,{at + 1}" for at, x in enumerate(X)]
    (tmp_path / "sites.csv").write_text("\n".join(["id,x,y,lon,lat,cost", *sites]), encoding="utf-8")
    pairs = [f"d{i},d{j},{abs(X[i] - X[j]):g}" for i in range(7) for j in range(7) if abs(i - j) < 3]
    (tmp_path / "costs.csv").write_text("\n".join(["demand,site,cost", *pairs]), encoding="utf-8")
    return tmp_path


def asked(folder: Path, capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> dict[str, Any]:
    files = ("--demand", str(folder / "demand.csv"), "--sites", str(folder / "sites.csv"))
    assert run(["site", *files, *options, "--json"]) == code
    return json.loads(capsys.readouterr().out)


def test_the_mean_walk_is_least_and_proven(street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(street, capsys, "--metric", "euclid", "--p", "3")
    assert answer["status"] == "optimal"
    assert answer["open"] == ["d2", "d4", "d6"] or answer["open"] == ["d1", "d4", "d6"]
    assert (answer["objective"], answer["lower"], answer["upper"], answer["gap"]) == (14, 14, 14, 0.0)
    assert answer["unreachable"] == []
    assert {one["id"] for one in answer["stations"]} == set(answer["open"])


@pytest.mark.parametrize(
    ("options", "objective"),
    [
        (("--goal", "cover", "--limit", "1", "--p", "2"), 15 + 7),
        (("--goal", "set-cover", "--limit", "1"), 3),
        (("--goal", "center", "--p", "3"), 1),
        (("--goal", "backup", "--limit", "1", "--p", "2"), 5 + 6),
        (("--goal", "median", "--budget", "10"), 141),
    ],
)
def test_every_goal_has_its_measure(
    street: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], objective: float
) -> None:
    answer = asked(street, capsys, "--metric", "euclid-floor", *options)
    assert answer["status"] == "optimal"
    assert answer["objective"] == objective


def test_a_pair_that_is_not_in_the_table_is_not_allowed(street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(street, capsys, "--costs", str(street / "costs.csv"), "--p", "1", code=1)
    assert answer["status"] == "infeasible"
    assert answer["needed"] == 2
    assert "At least 2 stations" in answer["status_text"]


def test_a_place_out_of_reach_is_named_with_the_limit_that_would_help(
    street: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    banned = (
        (street / "sites.csv").read_text(encoding="utf-8").replace("d6,30,0,116.3,36.4,7", "d6,30,0,116.3,36.4,7,yes")
    )
    (street / "sites.csv").write_text(banned.replace(",cost\n", ",cost,banned\n"), encoding="utf-8")
    answer = asked(street, capsys, "--metric", "euclid", "--goal", "set-cover", "--limit", "2", code=1)
    assert answer["unreachable"] == ["d6"]
    assert answer["needed"] == 18


def test_metres_on_the_ellipsoid(street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(street, capsys, "--metric", "geodesic", "--goal", "center", "--p", "3")
    assert answer["objective"] == pytest.approx(897, abs=1)


def test_walks_on_a_network_of_tables(street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nodes = [f"{at},{116 + x / 100:g},36.4" for at, x in enumerate(X)]
    (street / "nodes.csv").write_text("\n".join(["node,lon,lat", *nodes]), encoding="utf-8")
    edges = [f"{at},{at + 1},{100 * (X[at + 1] - X[at]):g}" for at in range(6)]
    (street / "edges.csv").write_text("\n".join(["from,to,length_m", *edges]), encoding="utf-8")
    roads = ("--network", str(street / "edges.csv"), "--nodes", str(street / "nodes.csv"))
    answer = asked(street, capsys, *roads, "--p", "3")
    assert answer["objective"] == 1400
    assert answer["metric"] == "network"


def test_the_plan_is_written_as_a_map(street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = street / "plan.gpkg"
    asked(street, capsys, "--metric", "euclid", "--p", "3", "--out", str(out))
    sites, demand = (pyogrio.read_dataframe(out, layer=layer) for layer in ("sites", "demand"))
    assert sites["open"].sum() == 3
    assert sites.crs == "EPSG:4326"
    assert set(demand["station"]) == set(sites.loc[sites["open"], "id"])


WRONG = [
    (("--p", "9", "--metric", "euclid"), "only 7 sites can be used"),
    (("--metric", "euclid", "--budget", "0.5"), "below the cheapest"),
    (("--metric", "euclid"), "Say how many stations"),
    (("--metric", "euclid", "--goal", "cover", "--p", "1"), "needs a limit"),
    (("--p", "2", "--out", "plan.txt"), "Name a .gpkg file"),
    (("--p", "2", "--metric", "euclid", "--goal", "center", "--fade-to", "5"), "--fade-to belongs to the goal cover"),
    (("--p", "2", "--metric", "euclid", "--goal", "cover", "--limit", "5", "--fade-to", "4"), "lies beyond --limit"),
    (("--p", "2", "--metric", "euclid", "--share", "0.5"), "--share belongs to the goal set-cover"),
    (("--p", "2", "--metric", "euclid", "--costs", "costs.csv"), "--costs belongs to the metric matrix"),
    (("--p", "2", "--metric", "euclid", "--network", "edges.csv"), "--network belongs to the metric network"),
    (("--p", "2", "--metric", "matrix"), "give --costs"),
]


@pytest.mark.parametrize(("options", "said"), WRONG)
def test_what_makes_no_sense_is_said_in_one_line(
    street: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], said: str
) -> None:
    files = ("--demand", str(street / "demand.csv"), "--sites", str(street / "sites.csv"))
    assert run(["site", *files, *options]) in {1, 2}
    shown = capsys.readouterr().err
    assert said in shown
    assert len(shown.splitlines()) == 1


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("d1,2,", "d1,-2,", "demand.csv: row 3: weight is -2; the least is 0"),
        ("d1,2,", "d0,2,", "demand.csv: row 3: id d0 stands in row 2 already"),
        ("d1,2,", "d1,,", "demand.csv: d1 has no weight, though others have one"),
        ("d1,2,", "d1,NaN,", "demand.csv: d1 has no weight, though others have one"),
        ("d1,2,1,", "d1,2,,", "demand.csv: d1 has no x, y"),
        ("d1,2,1,", "d1,2,far,", "demand.csv: row 3: x is far, which is not a number"),
        ("id,weight", "name,weight", "demand.csv has no column id"),
    ],
)
def test_a_wrong_cell_is_named(
    street: Path, capsys: pytest.CaptureFixture[str], before: str, after: str, said: str
) -> None:
    text = (street / "demand.csv").read_text(encoding="utf-8")
    (street / "demand.csv").write_text(text.replace(before, after), encoding="utf-8")
    files = ("--demand", str(street / "demand.csv"), "--sites", str(street / "sites.csv"))
    assert run(["site", *files, "--metric", "euclid", "--p", "2"]) == 1
    assert said in capsys.readouterr().err


SITES = [
    ("id,x,y\n", "has column names but no rows"),
    ("", "is empty"),
    ("id,x,y,banned\na,0,0,1\n", "Every candidate site is banned"),
    ("id,x,y\na,0,0\na,1,0\n", "row 3: id a stands in row 2 already"),
    ("id,x,y,fixed,banned\na,0,0,1,1\nb,1,0,,\n", "sites.csv: a is both fixed and banned"),
    ("id,x,y,cost\na,0,0,-1\n", "row 2: cost is -1; the least is 0"),
    ("id,x,y,capacity\na,0,0,5\nb,1,0,5\n", "Their capacity lacks 18 at least"),
]


@pytest.mark.parametrize(("text", "said"), SITES)
def test_sites_that_cannot_be_used_are_told_in_words(
    street: Path, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    (street / "sites.csv").write_text(text, encoding="utf-8")
    files = ("--demand", str(street / "demand.csv"), "--sites", str(street / "sites.csv"))
    assert run(["site", *files, "--metric", "euclid", "--p", "1" if text.count("\n") < 3 else "2"]) == 1
    shown = capsys.readouterr()
    assert said in shown.err + shown.out


def test_sites_in_one_place_are_named_and_kept(street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (street / "sites.csv").write_text("id,x,y\na,0,0\nb,0,0\nc,9,0\n", encoding="utf-8")
    files = ("--demand", str(street / "demand.csv"), "--sites", str(street / "sites.csv"))
    assert run(["site", *files, "--metric", "euclid", "--p", "2", "--json"]) == 0
    shown = capsys.readouterr()
    assert "2 sites share their place with another: a, b." in shown.err
    assert json.loads(shown.out)["status"] == "optimal"


@pytest.mark.parametrize(
    ("options", "needed", "said"),
    [
        (("--budget", "10"), 2 + 5 + 7, "At least 14 is needed"),
        (("--p", "2"), 3, "At least 3 stations are needed"),
        (("--budget", "100", "--p", "2"), 3, "At least 3 stations are needed"),
    ],
)
def test_the_smallest_change_that_would_help_is_told(
    street: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], needed: float, said: str
) -> None:
    goal = ("--metric", "euclid", "--goal", "set-cover", "--limit", "1")
    answer = asked(street, capsys, *goal, *options, code=1)
    assert answer["status"] == "infeasible"
    assert answer["needed"] == needed
    assert said in answer["status_text"]


def test_how_much_worse_each_other_site_is_comes_with_a_proof(street: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answer = asked(street, capsys, "--metric", "euclid", "--goal", "cover", "--limit", "1", "--p", "2")
    assert {one["id"] for one in answer["rejected"]} == {f"d{at}" for at in range(7)} - set(answer["open"])
    for one in answer["rejected"]:
        assert 0 <= one["at_least"] <= one["loss"]
        assert one["instead_of"] in answer["open"]


def test_very_many_places_are_answered_and_explained_without_a_table_of_all_pairs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.siting.on_plane.FULL", 1_000)
    rng = np.random.default_rng(3)
    x, y, weight = rng.uniform(0, 900, 400).round(), rng.uniform(0, 900, 400).round(), rng.integers(0, 9, 400)
    rows = [f"p{at},{w},{a:g},{b:g}" for at, (w, a, b) in enumerate(zip(weight, x, y, strict=True))]
    (tmp_path / "demand.csv").write_text("\n".join(["id,weight,x,y", *rows]), encoding="utf-8")
    rows = [f"p{at},{x[at]:g},{y[at]:g}" for at in range(60)]
    (tmp_path / "sites.csv").write_text("\n".join(["id,x,y", *rows]), encoding="utf-8")
    out = tmp_path / "plan.gpkg"
    goal = ("--metric", "euclid", "--goal", "cover", "--limit", "150", "--p", "5")
    answer = asked(tmp_path, capsys, *goal, "--out", str(out))
    chosen = [int(name[1:]) for name in answer["open"]]
    far = np.hypot(x[:, None] - x[:60], y[:, None] - y[:60])
    assert answer["objective"] == weight[far[:, chosen].min(axis=1) <= 150].sum()
    assert sum(one["weight"] for one in answer["stations"]) == answer["objective"]
    lost = (far > 150).all(axis=1) & (weight > 0)
    assert answer["unreachable"] == [f"p{at}" for at in np.flatnonzero(lost)]
    demand = pyogrio.read_dataframe(out, layer="demand")
    assert demand["station"].notna().to_numpy().tolist() == (far[:, chosen].min(axis=1) <= 150).tolist()


def test_the_command_runs_as_a_process_and_starts_no_database(street: Path) -> None:
    files = ("--demand", str(street / "demand.csv"), "--sites", str(street / "sites.csv"))
    program = "from geo.cli import main; main()"
    command = [sys.executable, "-c", program, "site", *files, "--metric", "euclid", "--p", "2"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr
    assert "Proven: no plan is better." in done.stdout
