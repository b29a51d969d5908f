"""``yizhan scan`` on small files: what it answers, and in words what it cannot use."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from geo.cli import run
from geo.i18n import use_language
from geo.settings import settings

PLACES = "place,x,y\na,0,0\nb,100,0\nc,0,150\nd,3000,0\ne,3100,0\n"
PEOPLE = "place,date,population\n" + "".join(f"{place},2024,100\n" for place in "abcde")
CASES = "place,date,count\n" + "".join(
    f"{place},2024-0{month}-10,{9 if place in 'ab' and month == 6 else 1}\n"
    for place in "abcde"
    for month in range(1, 7)
)
Shown = pytest.CaptureFixture[str]
Ask = Callable[..., int]


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    monkeypatch.chdir(tmp_path)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
    use_language("en")


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask with the small files, all of which can be replaced."""
    files = {"cases": CASES, "population": PEOPLE, "places": PLACES}

    def call(*more: str, **texts: str) -> int:
        arguments = []
        for name, text in {**files, **texts}.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
            arguments += [f"--{name}", f"{name}.csv"]
        return run(["scan", *arguments, *more])

    return call


def answer(capsys: Shown) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def test_a_cluster_that_still_lasts_is_told_with_everything_about_it(ask: Ask, capsys: Shown) -> None:
    assert ask("--unit", "month", "--max-duration", "3", "--json") == 0
    told = answer(capsys)
    assert (told["kind"], told["start"], told["end"], told["periods"]) == ("prospective", "2024-01-01", "2024-06-30", 6)
    assert (told["cases"], told["places"], told["strata"], told["findings"]) == (46, 5, [], [])
    first = told["clusters"][0]
    assert (first["places"], first["centre"], first["x"], first["y"]) == (["a", "b"], "a", 0.0, 0.0)
    assert (first["from"], first["to"], first["observed"], first["radius_m"]) == ("2024-06-01", "2024-06-30", 18, 100.0)
    assert first["expected"] == pytest.approx(46 * 2 / 5 * 30 / 182)
    assert first["relative_risk"] == pytest.approx(18 / first["expected"] / (28 / (46 - first["expected"])))
    assert (first["p"], first["recurrence_interval"]) == (0.001, 1000.0)
    assert first["population"] == pytest.approx(200)
    assert told["replicates"] == {"asked": 999, "done": 999, "stopped_early": False}


def test_people_read_it_as_a_table_with_a_verdict(ask: Ask, capsys: Shown) -> None:
    assert ask("--unit", "month", "--max-duration", "3") == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].split() == [
        "centre", "places", "metres", "from", "to", "cases", "expected", "risk", "ratio", "p",
    ]  # fmt: skip
    assert shown[1].split()[:6] == ["a", "2", "100", "2024-06-01", "2024-06-30", "18"]
    assert "p is 0.001, of 999 replicates. Chance brings one like it once in 1,000 months." in shown[-1]


def test_the_same_seed_says_the_same_and_all_replicates_can_be_asked_for(ask: Ask, capsys: Shown) -> None:
    even = "place,date,count\n" + "".join(f"{place},2024-0{month}-10,2\n" for place in "abcde" for month in range(1, 7))
    even += "a,2024-06-11,1\n"
    options = ("--unit", "month", "--json", "--cases", "cases.csv")
    assert ask(*options, cases=even) == 0
    early = capsys.readouterr().out
    assert ask(*options, cases=even) == 0
    assert capsys.readouterr().out == early
    assert json.loads(early)["replicates"] == {"asked": 999, "done": 128, "stopped_early": True}
    assert ask(*options, "--all-replicates", cases=even) == 0
    assert answer(capsys)["replicates"] == {"asked": 999, "done": 999, "stopped_early": False}
    assert ask("--unit", "month", cases=even) == 0
    assert "it was tried 128 times instead of 999: p is only rough." in capsys.readouterr().out


def test_a_spatial_scan_needs_no_dates(ask: Ask, capsys: Shown) -> None:
    cases = "place,count\na,9\nb,8\nc,2\nd,2\ne,1\n"
    people = "place,population\n" + "".join(f"{place},100\n" for place in "abcde")
    assert ask("--kind", "spatial", "--json", cases=cases, population=people) == 0
    told = answer(capsys)
    assert (told["start"], told["clusters"][0]["from"], told["clusters"][0]["places"]) == (None, None, ["a", "b"])
    assert told["clusters"][0]["recurrence_interval"] is None
    assert ask("--kind", "spatial", cases=cases, population=people) == 0
    assert "The first cluster" in capsys.readouterr().out
    assert ask("--kind", "spatial", cases=cases) == 1
    assert "Say which time the cases are from, with --start and --end" in capsys.readouterr().err
    assert ask("--kind", "spatial", "--start", "2024", "--end", "2024", cases=cases) == 0


def test_further_columns_of_both_files_are_adjusted_for(ask: Ask, capsys: Shown) -> None:
    """Old people have all the cases, and live at a: nothing is odd about it."""
    people = "place,date,population,age,note\n" + "".join(
        f"{place},2024,{count},{age},x\n"
        for place, old in zip("abcde", (90, 10, 10, 10, 10), strict=True)
        for age, count in (("old", old), ("young", 100 - old))
    )
    cases = "place,date,count,Age\na,2024-03-01,18,old\n" + "".join(f"{place},2024-03-01,2,old\n" for place in "bcde")
    options = ("--kind", "retrospective", "--unit", "year", "--start", "2024-01-01", "--json")
    assert ask(*options, population=people, cases=cases) == 0
    told = answer(capsys)
    assert (told["strata"], told["clusters"]) == (["Age"], [])
    assert told["remarks"] == [
        "population.csv: these columns are not in cases.csv, so that nothing is adjusted for them: note."
    ]
    without = people.replace(",age,", ",years,")
    assert ask(*options, population=without, cases=cases) == 0
    assert answer(capsys)["clusters"][0]["places"] == ["a"]


def test_populations_change_evenly_between_their_dates(ask: Ask, capsys: Shown) -> None:
    people = "place,date,population\n" + "".join(f"{place},2024-01-01,100\n" for place in "abcd")
    people += "e,2024-01-01,100\ne,2024-12-31,200\n"
    cases = "place,date,count\na,2024-06-01,30\n" + "".join(f"{place},2024-06-01,10\n" for place in "bcde")
    assert ask("--kind", "spatial", "--start", "2024-01-01", "--end", "2024-12-30", "--json",
               population=people, cases=cases) == 0  # fmt: skip
    first = answer(capsys)["clusters"][0]
    assert (first["places"], first["expected"]) == (["a"], pytest.approx(70 * 100 / 550))


def test_what_can_be_left_out_is_a_finding(ask: Ask, capsys: Shown) -> None:
    cases = CASES + "a,2023-12-31,3\nb,2025-01-01,1\n"
    people = PEOPLE.replace("e,2024,100\n", "zz,2024,5\n")
    cases = "\n".join(line for line in cases.splitlines() if not line.startswith("e,"))
    options = ("--unit", "month", "--start", "2024", "--end", "2024-06")
    assert ask(*options, "--json", cases=cases, population=people) == 1
    told = answer(capsys)
    assert [(one["code"], one["file"], one["rows"]) for one in told["findings"]] == [
        ("unknown_place", "population.csv", [6]),
        ("outside_dates", "cases.csv", [26, 27]),
        ("no_population", "places.csv", [6]),
    ]
    assert told["cases"] == 40
    assert ask(*options, cases=cases, population=people) == 1
    shown = capsys.readouterr().out
    assert "cases.csv: 4 cases lie outside of 1 Jan 2024 to 30 Jun 2024 and are left out, such as row 26." in shown
    assert "population.csv: 1 rows are about places not in places.csv and are left out, such as row 6: zz." in shown
    assert "population.csv: 1 places of places.csv have no population, so that no case is expected there: e." in shown


def test_a_first_period_that_is_shorter_is_said_and_expects_less(ask: Ask, capsys: Shown) -> None:
    assert ask("--unit", "week", "--kind", "retrospective", "--max-duration", "2", "--start", "2024-06-05") == 1
    assert "The first period is shorter than the others: it begins on 5 Jun 2024." in capsys.readouterr().err


BAD = [
    ((), {"cases": "place,date\na,2024-01-01\n"}, "cases.csv has no column count"),
    ((), {"cases": "place,count\na,1\n"}, "cases.csv has no column date"),
    ((), {"cases": "place,date,count\na,2024-01-01,-1\n"}, "row 2: count is -1; the least is 0"),
    ((), {"cases": "place,date,count\na,2024-01-01,1\na,2024-01-01,1.5\n"}, "row 3: count is 1.5, which is not"),
    ((), {"cases": "place,date,count\na,2024-01-01,some\n"}, "row 2: count is some, which is not a number"),
    ((), {"cases": "place,date,count\nq,2024-01-01,1\n"}, "cases.csv: row 2: place q is not in places.csv"),
    ((), {"cases": "place,date,count\na,2024-01-01,1\na,soon,1\n"}, "row 3: date is soon, which is no date"),
    ((), {"cases": "place,date,count\na,2024-02-30,1\n"}, "row 2: date is 2024-02-30, which is no date"),
    ((), {"cases": "place,date,count\na,2024,1\n"}, "date is 2024, which is in no single period of the study (week)"),
    ((), {"cases": "place,date,count\na,2024-01-01,0\n"}, "cases.csv has no case within the dates"),
    ((), {"population": "place,date,population\na,2024,-5\n"}, "population.csv: row 2: population is -5"),
    ((), {"population": "place,date,population\na,then,5\n"}, "population.csv: row 2: date is then, which is no date"),
    ((), {"population": PEOPLE + "b,2024,70\n"}, "population.csv: row 7: place b stands in row 3 already"),
    ((), {"population": PEOPLE + "b,,70\n"}, "population.csv: row 7 has no date"),
    ((), {"population": PEOPLE.replace("b,2024,100", "b,2024,0")}, "cases.csv: row 8: b has cases, but population.csv"),
    ((), {"population": PEOPLE.replace("b,2024,100\n", "")}, "cases.csv: row 8: b has cases, but population.csv"),
    ((), {"places": PLACES + "a,7,7\n"}, "places.csv: row 7: place a stands in row 2 already"),
    ((), {"places": PLACES + "f,7,\n"}, "places.csv: row 7: f has no lon and lat, or no x and y"),
    ((), {"places": "place\na\n"}, "places.csv: row 2: a has no lon and lat"),
    (("--start", "2025-01-01", "--end", "2024-01-01"), {}, "ends on 1 Jan 2024, before it starts on 1 Jan 2025"),
    (("--max-population", "0.7"), {}, "at most half"),
    (("--min-duration", "5", "--max-duration", "3"), {}, "at most 3, not 5"),
    (("--min-cases", "0"), {}, "A cluster has at least 1 case, not 0"),
    (("--min-duration", "0"), {}, "at least 1 period"),
    (("--seed", "-1"), {}, "The seed is a whole number from 0 up, not -1"),
    (("--unit", "year", "--min-duration", "5"), {}, "at least 5 periods, but there are 1"),
]  # fmt: skip


@pytest.mark.parametrize(("options", "texts", "said"), BAD)
def test_faults_in_files_are_named_by_file_row_and_field(
    ask: Ask, capsys: Shown, options: tuple[str, ...], texts: dict[str, str], said: str
) -> None:
    assert ask(*options, **texts) == 1
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert said in lines[0]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--start", "soon"), "--start is soon, which is no date"),
        (("--replicates", "0"), "--replicates is a whole number from 1 up"),
        (("--kind", "odd"), "odd"),
    ],
)
def test_wrong_options_are_wrong_use(ask: Ask, capsys: Shown, options: tuple[str, ...], said: str) -> None:
    assert ask(*options) == 2
    assert said in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(capsys: Shown) -> None:
    assert run(["scan", "--cases", "no.csv", "--population", "no.csv", "--places", "no.csv"]) == 1
    assert "no.csv is not a file" in capsys.readouterr().err


def test_parquet_with_real_dates_says_the_same(ask: Ask, capsys: Shown, tmp_path: Path) -> None:
    assert ask("--unit", "month", "--json", "--replicates", "19") == 0
    plain = answer(capsys)
    frame = pd.read_csv(tmp_path / "cases.csv")
    frame.assign(date=pd.to_datetime(frame["date"]), count=frame["count"].astype(np.int32)).to_parquet("cases.parquet")
    files = ["--cases", "cases.parquet", "--population", "population.csv", "--places", "places.csv"]
    assert run(["scan", *files, "--unit", "month", "--json", "--replicates", "19"]) == 0
    assert answer(capsys) == plain


def test_more_clusters_than_fit_are_counted(ask: Ask, capsys: Shown) -> None:
    places = "place,lon,lat\n" + "".join(f"p{at},{116 + at % 10},{36 + at // 10}\n" for at in range(100))
    people = "place,population\n" + "".join(f"p{at},100\n" for at in range(100))
    cases = "place,count\n" + "".join(f"p{at},{4 if at % 2 else 1}\n" for at in range(100))
    options = ("--kind", "spatial", "--max-population", "0.01", "--replicates", "9")
    assert ask(*options, places=places, population=people, cases=cases) == 0
    assert "  and 30 more clusters; --json lists them." in capsys.readouterr().out
