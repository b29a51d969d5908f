"""The scan statistic on SaTScan's New Mexico sample, by the command as its own process, from three plain files."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from geo.settings import ROOT

PROGRAM = (sys.executable, "-W", "error", "-c", "from geo.cli import main; main()")
EXPECTED = (
    ("Torrance Bernalillo Valencia SantaFe Guadelupe Socorro Sandoval SanMiguel LosAlamos", 1985, 1989, 236, 176.22,
     10.979758, 0.014),
    ("Chaves", 1988, 1989, 16, 6.03, 5.684828, 0.692),
    ("Curry Roosevelt", 1982, 1983, 13, 5.37, 3.884186, 0.996),
)  # fmt: skip
"""What SaTScan 10.3.2 reports: places, years, cases, expected cases, ratio, p of its own replicates."""


def rows(path: Path) -> list[list[str]]:
    return [line.split() for line in path.read_text().splitlines() if line.strip()]


def written(folder: Path, name: str, heading: str, lines: list[str]) -> str:
    (folder / name).write_text("\n".join([heading, *lines]) + "\n")
    return str(folder / name)


@pytest.fixture
def files(real_data: Path, tmp_path: Path) -> list[str]:
    sample = real_data / "satscan_new_mexico"
    cases = [f"{place},{year},{count},{age},{sex}" for place, count, year, age, sex in rows(sample / "nm.cas")]
    people = [f"{place},19{year}-07-01,{count},{age},{sex}" for place, year, count, age, sex in rows(sample / "nm.pop")]
    places = [f"{place},{lon},{lat}" for place, lat, lon in rows(sample / "nm.geo")]
    return [
        *("--cases", written(tmp_path, "cases.csv", "place,date,count,age,sex", cases)),
        *("--population", written(tmp_path, "people.csv", "place,date,population,age,sex", people)),
        *("--places", written(tmp_path, "places.csv", "place,lon,lat", places)),
    ]


def test_new_mexico_has_the_clusters_satscan_reports(files: list[str]) -> None:
    asked = ["--kind", "retrospective", "--unit", "year", "--max-duration", "9", "--start", "1973-01-01"]
    call = [*PROGRAM, "scan", *files, *asked, "--end", "1991-12-31", "--json"]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert (told["cases"], told["places"], told["strata"]) == (1175, 32, ["age", "sex"])
    assert told["replicates"] == {"asked": 999, "done": 999, "stopped_early": False}
    for found, (places, first, last, observed, expected, llr, p) in zip(told["clusters"], EXPECTED, strict=False):
        assert set(found["places"]) == set(places.split())
        assert (found["from"], found["to"]) == (f"{first}-01-01", f"{last}-12-31")
        assert (found["observed"], round(found["expected"], 2)) == (observed, expected)
        assert round(found["llr"], 6) == llr
        assert found["p"] == pytest.approx(p, abs=4.5 * (2 * p * (1 - p) / 999) ** 0.5)
    assert told["clusters"][0]["places"][0] == told["clusters"][0]["centre"]
    assert told["clusters"][0]["relative_risk"] == pytest.approx(
        (236 / 176.2233) / ((1175 - 236) / (1175 - 176.2233)), abs=1e-5
    )
