"""``yizhan pair`` on files alone, once as its own process: pairs, causes, findings, refusals."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.cli import run
from geo.i18n import use_language
from geo.settings import ROOT, settings

PROGRAM = (sys.executable, "-c", "from geo.cli import main; main()")
NEEDS = """id,lon,lat,hours,skills,circle
together,115.980,36.450,2,,2
tap,115.982,36.451,1,Repair,
meal,115.980,36.450,1,cooking,1
lost,,36.46,1,,
far,116.99,36.46,1,,
"""
VOLUNTEERS = """id,lon,lat,hours,skills,limit_m
anna,115.9801,36.4502,1,,
bert,115.9811,36.4502,3,repair;medicine,500
carl,,,3,,
dora,115.9801,36.4502,0,cooking,
"""


FILES = ("--needs", "needs.csv", "--volunteers", "volunteers.csv", "--out", "pairs.csv")
ROADS = ("--network", "edges.csv", "--nodes", "nodes.csv")

Shown = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def in_a_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("YIZHAN_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
    use_language("en")


def write(folder: Path, needs: str = NEEDS, volunteers: str = VOLUNTEERS) -> None:
    (folder / "needs.csv").write_text(needs, encoding="utf-8")
    (folder / "volunteers.csv").write_text(volunteers, encoding="utf-8")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_pairs_are_written_and_what_is_not_met_has_its_cause(tmp_path: Path) -> None:
    write(tmp_path)
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT)}
    call = [*PROGRAM, "pair", *FILES, "--limit-m", "1000", "--json"]
    done = subprocess.run(call, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    told = json.loads(done.stdout)
    pairs = rows(tmp_path / "pairs.csv")
    assert [(row["need"], row["volunteer"], row["role"], row["hours"]) for row in pairs] == [
        ("together", "anna", "primary", "1.0"),
        ("together", "bert", "turn", "1.0"),
        ("tap", "bert", "primary", "1.0"),
    ]
    assert told["total_metres"] == pytest.approx(sum(float(row["metres"]) for row in pairs))
    assert told["status"] == "optimal"
    causes = {one["need"]: one["cause"] for one in told["unmet_needs"]}
    assert causes == {"meal": "hours_taken", "lost": "no_place", "far": "nobody_in_reach"}
    assert {one["volunteer"]: one["cause"] for one in told["idle_volunteers"]} == {
        "carl": "no_place",
        "dora": "no_hours",
    }
    assert "1.3" in told["measured_text"]
    assert not (tmp_path / "state").exists()


def test_a_person_reads_the_same_in_words(tmp_path: Path, capsys: Shown) -> None:
    write(tmp_path)
    assert run(["pair", *FILES]) == 1
    shown = capsys.readouterr()
    assert "3.00 of 6.00" in shown.out
    assert "far   1.00           No volunteer lives within reach" in shown.out
    assert "carl: The volunteer has no place" in shown.out
    assert "straight lines times 1.3" in shown.err


def test_over_a_network_metres_follow_the_edges(tmp_path: Path, capsys: Shown) -> None:
    write(tmp_path, "id,lon,lat,hours\nn,115.980,36.450,1\n", "id,lon,lat,hours\nv,115.982,36.450,1\n")
    (tmp_path / "edges.csv").write_text("from,to,length_m\na,b,300\nb,c,345\n", encoding="utf-8")
    (tmp_path / "nodes.csv").write_text(
        "node,lon,lat\na,115.980,36.450\nb,115.981,36.452\nc,115.982,36.450\n", encoding="utf-8"
    )
    assert run(["pair", *FILES, *ROADS, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["measured"], told["total_metres"]) == ("network", 645)
    assert run(["pair", *FILES, *ROADS, "--limit-m", "644", "--json"]) == 0
    assert [one["cause"] for one in json.loads(capsys.readouterr().out)["unmet_needs"]] == ["nobody_in_reach"]


def test_places_far_from_any_road_are_named_as_such(tmp_path: Path, capsys: Shown) -> None:
    write(tmp_path, "id,lon,lat,hours\nn,117,36.450,1\n", "id,lon,lat,hours\nv,115.982,30,1\n")
    (tmp_path / "edges.csv").write_text("from,to,length_m\na,b,300\n", encoding="utf-8")
    (tmp_path / "nodes.csv").write_text("node,lon,lat\na,115.980,36.450\nb,115.981,36.452\n", encoding="utf-8")
    assert run(["pair", *FILES, *ROADS, "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert [one["cause"] for one in [*told["unmet_needs"], *told["idle_volunteers"]]] == ["off_road", "off_road"]


def test_pairs_of_today_stay_and_consent_is_asked_for(tmp_path: Path, capsys: Shown) -> None:
    needs = "id,lon,lat,hours,consent,present\na,115.980,36.450,1,yes,far;gone\nb,115.980,36.450,1,no,\n"
    write(tmp_path, needs, "id,lon,lat,hours\nnear,115.980,36.450,1\nfar,115.982,36.450,1\n")
    assert run(["pair", *FILES, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    pairs = {(row["need"], row["volunteer"], row["role"]) for row in rows(tmp_path / "pairs.csv")}
    assert pairs == {("a", "far", "primary"), ("a", "near", "backup")}
    assert [(one["need"], one["cause"]) for one in told["unmet_needs"]] == [("b", "no_consent")]
    assert [(one["code"], one["names"]) for one in told["findings"]] == [("present_unknown", ["gone"])]
    assert run(["pair", *FILES, "--continuity-m", "0"]) == 0
    assert ("a", "near", "primary") in {
        (row["need"], row["volunteer"], row["role"]) for row in rows(tmp_path / "pairs.csv")
    }


def test_what_is_odd_about_the_roads_and_the_places_on_them_is_listed(tmp_path: Path, capsys: Shown) -> None:
    write(tmp_path, "id,lon,lat,hours,present\nn,115.980,36.450,1,v\n", "id,lon,lat,hours\nv,115.990,36.450,1\n")
    edges = "from,to,length_m\na,b,300\nb,c,0\nd,e,100\n"
    (tmp_path / "edges.csv").write_text(edges, encoding="utf-8")
    places = "a,115.980,36.450\nb,115.981,36.452\nc,115.982,36.452\nd,115.990,36.450\ne,115.991,36.450\n"
    (tmp_path / "nodes.csv").write_text(f"node,lon,lat\n{places}", encoding="utf-8")
    assert run(["pair", *FILES, *ROADS, "--json"]) == 0
    found = {(one["where"], one["code"]): one["names"] for one in json.loads(capsys.readouterr().out)["findings"]}
    assert set(found) == {
        ("network", "islands"), ("network", "zero_length"), ("volunteers", "on_island"), ("needs", "present_beyond"),
    }  # fmt: skip
    assert (found["volunteers", "on_island"], found["needs", "present_beyond"]) == (["v"], ["n v"])


@pytest.mark.parametrize(
    ("needs", "volunteers", "said"),
    [
        ("id,lon,lat,hours\nn,1,2,-1\n", VOLUNTEERS, "needs.csv: row 2: hours is -1; the least is 0"),
        (NEEDS, "id,lon,lat,hours\nv,1,2,1\nv,1,2,1\n", "volunteers.csv: row 3: id v stands in row 2 already"),
        ("id,lon,lat\nn,1,2\n", VOLUNTEERS, "needs.csv has no column hours"),
        ("id,lon,lat,hours,circle\nn,1,2,1,8\n", VOLUNTEERS, "circle is 8; the most is 7"),
        ("id,lon,lat,hours,circle\nn,1,2,1,1.5\n", VOLUNTEERS, "the circle of n is 1.5"),
        ("id,lon,lat,hours\nn,1,2,\n", VOLUNTEERS, "row 2 has no hours"),
        ("id,lon,lat,hours\nn,1,200,1\n", VOLUNTEERS, "lat is 200; the most is 90"),
    ],
)
def test_a_wrong_file_is_refused_with_its_row(
    tmp_path: Path, capsys: Shown, needs: str, volunteers: str, said: str
) -> None:
    write(tmp_path, needs, volunteers)
    assert run(["pair", *FILES]) == 1
    assert said in capsys.readouterr().err
    assert not (tmp_path / "pairs.csv").exists()


def test_a_missing_file_and_an_unknown_format_are_said_plainly(tmp_path: Path, capsys: Shown) -> None:
    assert run(["pair", *FILES]) == 1
    assert "needs.csv is not a file" in capsys.readouterr().err
    write(tmp_path)
    assert run(["pair", *FILES, "--out", "pairs.docx"]) == 1
    assert "ends in .csv or .parquet" in capsys.readouterr().err
    assert run(["pair", *FILES, "--out", "nowhere/pairs.csv"]) == 2
    assert "cannot be written" in capsys.readouterr().err


def test_columns_nobody_asked_for_are_named(tmp_path: Path, capsys: Shown) -> None:
    write(tmp_path, "id,lon,lat,hours,skill\nn,115.98,36.45,1,x\n", "id,lon,lat,hours\nv,115.98,36.45,1\n")
    assert run(["pair", *FILES]) == 0
    assert "needs.csv: these columns are not used: skill." in capsys.readouterr().err
