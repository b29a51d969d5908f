"""``yizhan reach`` on small files: what it writes, what it says, and what it refuses; no database is there."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from geo.cli import run
from geo.i18n import use_language
from geo.settings import settings

Shown = pytest.CaptureFixture[str]
Ask = Callable[..., int]
NODES = "node,lon,lat\n1,115.98,36.45\n2,115.99,36.45\n3,116,36.45\n4,116.1,36.45\n5,116.11,36.45\n"
EDGES = "from,to,length_m\n1,2,900\n2,3,901\n4,5,902\n"
ORIGINS = "id,lon,lat\nschool,115.98,36.45\nisland,116.1,36.45\nmoon,120,36.45\n"
TARGETS = "id,lon,lat\nclinic,116,36.45\nshop,115.99,36.45\n"


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
    use_language("en")


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask with the small town's files, all of which can be replaced, and write to reach.csv."""
    files = {"edges": EDGES, "nodes": NODES, "origins": ORIGINS, "targets": TARGETS}

    def call(*more: str, out: str = "reach.csv", **texts: str | None) -> int:
        arguments = []
        for name, text in {**files, **texts}.items():
            if text is not None:
                (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
                arguments += [f"--{name}", str(tmp_path / f"{name}.csv")]
        return run(["reach", *arguments, "--out", str(tmp_path / out), *more])

    return call


def rows(folder: Path) -> list[list[str]]:
    with (folder / "reach.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_every_walk_has_a_row_and_who_reaches_nothing_has_one_without_a_target(
    ask: Ask, tmp_path: Path, capsys: Shown
) -> None:
    assert ask("--k", "5", "--speed", "1.5") == 0
    assert rows(tmp_path) == [
        ["origin", "target", "metres", "minutes"],
        ["school", "shop", "900", "10"],
        ["school", "clinic", "1801", repr(1801 / 1.5 / 60)],
        ["island", "", "", ""],
        ["moon", "", "", ""],
    ]
    said = capsys.readouterr()
    assert said.out == ""
    assert "5 nodes, 3 edges that can be walked." in said.err
    assert "roads: 1 parts of the network are cut off from the rest, such as at 4:" in said.err
    assert "1 origins are farther than 500 m from any road: moon." in said.err
    assert "1 origins have no way to any target: island." in said.err
    assert "1 of 3 origins reach a target: 2 walks in " in said.err


def test_without_k_and_limit_it_is_the_nearest_one(ask: Ask, tmp_path: Path) -> None:
    assert ask() == 0
    assert [row[:3] for row in rows(tmp_path)[1:]] == [["school", "shop", "900"], ["island", "", ""], ["moon", "", ""]]


@pytest.mark.parametrize(
    ("options", "reached"),
    [
        (["--limit-m", "1801"], ["shop", "clinic"]),
        (["--limit-m", "1800.9"], ["shop"]),
        (["--limit-m", "2000", "--k", "1"], ["shop"]),
        (["--limit-m", "899"], [""]),
        (["--limit-m", "0"], [""]),
    ],
)
def test_a_limit_keeps_what_is_within_it_and_k_the_nearest_of_them(
    ask: Ask, tmp_path: Path, options: list[str], reached: list[str]
) -> None:
    assert ask(*options) == 0
    assert [row[1] for row in rows(tmp_path) if row[0] == "school"] == reached


def test_the_summary_is_json_on_stdout(ask: Ask, capsys: Shown) -> None:
    assert ask("--limit-m", "800", "--json", origins=ORIGINS + "lost,116,36.4501\n") == 0
    summary = json.loads(capsys.readouterr().out)
    assert summary["distances"] == "network"
    assert summary["network"] == {"nodes": 5, "edges": 3, "islands": 1}
    assert (summary["origins"], summary["reached"], summary["walks"]) == (4, 1, 1)
    assert {name: found["ids"] for name, found in summary["unreachable"].items()} == {
        "no_position": [], "off_road": ["moon"], "no_way": ["island"], "beyond_limit": ["school"],
    }  # fmt: skip
    assert summary["findings"][0]["places"] == [{"id": "4", "lon": 116.1, "lat": 36.45}]
    assert (summary["k"], summary["limit_m"], summary["speed_m_s"]) == (None, 800.0, 1.2)


def test_without_roads_it_is_the_straight_line_and_says_so(ask: Ask, tmp_path: Path, capsys: Shown) -> None:
    assert ask("--k", "1", "--json", edges=None, nodes=None) == 0
    said = capsys.readouterr()
    assert "No roads were given: distances are straight lines x 1.3." in said.err
    assert json.loads(said.out)["distances"] == "straight_lines_x_1.3"
    school, island, moon = rows(tmp_path)[1:]
    assert school[:2] == ["school", "shop"]
    assert float(school[2]) == pytest.approx(1.3 * 896.4, abs=1)
    assert (island[1], moon[1]) == ("clinic", "clinic")
    assert ask("--limit-m", "100", edges=None, nodes=None) == 0
    assert "3 origins have no target within 100 m: school, island, moon." in capsys.readouterr().err


def test_parquet_holds_the_same_with_types(ask: Ask, tmp_path: Path) -> None:
    assert ask("--limit-m", "2000", out="reach.parquet") == 0
    walks = pd.read_parquet(tmp_path / "reach.parquet")
    assert walks["origin"].tolist() == ["school", "school", "island", "moon"]
    assert walks["metres"].tolist()[:2] == [900.0, 1801.0]
    assert walks["target"].isna().tolist() == [False, False, True, True]
    assert walks["minutes"].dtype == "float64"


def test_names_with_commas_are_quoted_and_formulas_disarmed(ask: Ask, tmp_path: Path) -> None:
    assert ask(targets='id,lon,lat\n"=cmd(), 甲",115.98,36.45\n-7,116,36.45\n', origins=TARGETS) == 0
    assert [row[1] for row in rows(tmp_path)[1:]] == ["-7", "'=cmd(), 甲"]


def test_many_origins_are_answered_in_parts_and_it_is_said_how_far_it_is(
    ask: Ask, tmp_path: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("geo.coverage.reach.reach.__defaults__", (2,))
    origins = "id,lon,lat\n" + "".join(f"o{at},115.98,36.45\n" for at in range(5))
    assert ask("--limit-m", "2000", origins=origins) == 0
    assert [row[0] for row in rows(tmp_path)[1:]] == [f"o{at}" for at in range(5) for _target in range(2)]
    assert "4 of 5 origins" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("options", "texts", "code", "said"),
    [
        (["--k", "0"], {}, 2, "--k is a whole number from 1 up"),
        (["--limit-m", "-1"], {}, 2, "--limit-m is a number of metres from 0 up"),
        (["--limit-m", "nan"], {}, 2, "--limit-m is a number of metres from 0 up"),
        (["--snap-m", "-1"], {}, 2, "--snap-m is a number of metres from 0 up"),
        (["--speed", "0"], {}, 2, "--speed is metres a second, more than 0"),
        (["--network", "town.osm.pbf"], {}, 2, "Give either --network, or --edges and --nodes"),
        ([], {"nodes": None}, 2, "--edges and --nodes belong together"),
        ([], {"origins": "id,lon\na,1\n"}, 1, "origins.csv has no column lat. It needs: id, lon, lat."),
        ([], {"targets": "id,lon,lat\na,1,2\nb,x,2\n"}, 1, "targets.csv: row 3: lon is x, which is not a number"),
        ([], {"edges": "from,to,length_m\n1,9,4\n"}, 1, "edges.csv: row 2: to 9 is no node of nodes.csv"),
    ],
)
def test_wrong_use_and_faults_in_files_are_one_line(
    ask: Ask, capsys: Shown, options: list[str], texts: dict[str, str | None], code: int, said: str
) -> None:
    assert ask(*options, **texts) == code
    lines = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("Reading ")]
    assert len(lines) == 1
    assert said in lines[0]


@pytest.mark.parametrize(
    ("out", "said"), [("a.xlsx", "neither .csv nor .parquet"), ("no/a.csv", "a folder that exists")]
)
def test_a_file_that_cannot_be_written_is_said_before_anything_is_read(
    ask: Ask, capsys: Shown, out: str, said: str
) -> None:
    assert ask(out=out, edges="rubbish") == 1
    assert said in capsys.readouterr().err


def test_an_older_answer_stays_until_the_new_one_is_whole(ask: Ask, tmp_path: Path) -> None:
    (tmp_path / "reach.csv").write_text("older")
    assert ask(targets="id,lon,lat\na,1,far\n") == 1
    assert (tmp_path / "reach.csv").read_text() == "older"
    assert ask() == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "edges.csv", "nodes.csv", "origins.csv", "reach.csv", "targets.csv",
    ]  # fmt: skip
