"""``yizhan hotspots`` on small files: what it finds, leaves out and refuses, and why; no database is there."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pytest
import shapely
from esda.getisord import G_Local
from geopandas import GeoDataFrame
from libpysal.weights import W

from geo.cli import run
from geo.i18n import use_language
from geo.settings import settings

Ask = Callable[..., Any]
WEST, SOUTH, STEP, SIDE = 116.0, 36.4, 0.003, 12


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()
    use_language("en")


@pytest.fixture
def ask(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ask:
    def call(points: str | Path, *more: str, code: int = 0) -> Any:
        path = points if isinstance(points, Path) else tmp_path / "points.csv"
        if isinstance(points, str):
            path.write_text(points, encoding="utf-8")
        assert run(["hotspots", str(path), *more]) == code
        said = capsys.readouterr()
        return json.loads(said.out) if "--json" in more and code == 0 else said

    return call


def text_of(rows: list[list[Any]], header: str) -> str:
    return "\n".join([header, *(",".join(str(cell) for cell in row) for row in rows)])


def blocks(folder: Path) -> Path:
    corners = [(WEST + i * STEP, SOUTH + j * STEP) for i in range(SIDE) for j in range(SIDE)]
    outlines = [shapely.box(x, y, x + STEP, y + STEP) for x, y in corners]
    homes = np.full(len(corners), 80.0)
    homes[3] = np.nan
    names = [f"b{at}" for at in range(len(corners))]
    path = folder / "blocks.gpkg"
    GeoDataFrame({"name": names, "homes": homes}, geometry=outlines, crs=4326).to_file(path, engine="pyogrio")
    return path


def city(seed: int = 1, *, extra: int = 60, days: int = 1) -> list[list[Any]]:
    """Return 1,200 cases all over the blocks and some more around the middle, dated over so many days from 2025 on."""
    rng = np.random.default_rng(seed)
    lon, lat = WEST + rng.uniform(0, SIDE * STEP, 1_200), SOUTH + rng.uniform(0, SIDE * STEP, 1_200)
    lon = np.append(lon, WEST + STEP * (6.5 + rng.uniform(-0.5, 0.5, extra)))
    lat = np.append(lat, SOUTH + STEP * (6.5 + rng.uniform(-0.5, 0.5, extra)))
    when = np.datetime64("2025-01-01") + rng.integers(0, days, len(lon)) * np.timedelta64(1, "D")
    return [[f"{x:.6f}", f"{y:.6f}", day] for x, y, day in zip(lon, lat, when.astype(str), strict=True)]


def test_the_hot_block_is_found_and_its_z_is_that_of_esda(ask: Ask, tmp_path: Path) -> None:
    told = ask(text_of(city(), "lon,lat,date"), "--areas", str(blocks(tmp_path)), "--population", "homes", "--json")
    cells = {cell["id"]: cell for cell in told["cells"]}
    assert cells["b78"]["class"] in {"hot_95", "hot_99"}
    assert cells["b78"]["rate"] == cells["b78"]["count"] / 80
    assert cells["b0"]["class"] == "none"
    assert (cells["b3"]["judged"], cells["b3"]["z"], cells["b3"]["rate"]) == (False, None, None)
    assert told["counted_against"] == "population"
    assert told["remarks"][0].startswith("1 places with")
    judged = [cell for cell in told["cells"] if cell["judged"]]
    place = {cell["id"]: at for at, cell in enumerate(judged)}
    near: dict[int, list[int]] = {}
    for name, at in place.items():
        i, j = divmod(int(name[1:]), SIDE)
        around = [(i + a, j + b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
        names = [f"b{a * SIDE + b}" for a, b in around if 0 <= a < SIDE and 0 <= b < SIDE]
        near[at] = [place[one] for one in names if one in place]
    values = np.array([cell["value"] for cell in judged])
    theirs = G_Local(values, W(near), transform="B", star=True, permutations=0)
    assert np.abs(theirs.Zs - [cell["z"] for cell in judged]).max() < 1e-12


def test_hexagons_are_as_wide_as_the_data_want_and_the_reason_is_told(ask: Ask) -> None:
    said = ask(text_of(city(), "lon,lat,date"))
    assert "Cells are 250 m wide: about 5 of the 1,260 points lie in one." in said.out
    assert "Hot spot, 99 %" in said.out
    assert "Nobody says how many people live there" in said.err
    told = ask(text_of(city(), "lon,lat,date"), "--cell-m", "400", "--json")
    assert told["cell_reason"] == "Cells are 400 m wide, as asked."
    assert sum(cell["count"] for cell in told["cells"]) == told["cases"] == 1_260
    hottest = max((cell for cell in told["cells"] if cell["judged"]), key=lambda cell: cell["z"])
    assert abs(hottest["lon"] - WEST - 6.5 * STEP) < 2 * STEP
    assert abs(hottest["lat"] - SOUTH - 6.5 * STEP) < 2 * STEP


def test_people_of_areas_are_shared_out_among_hexagons(ask: Ask, tmp_path: Path) -> None:
    options = ("--areas", str(blocks(tmp_path)), "--population", "homes", "--cell-m", "300", "--json")
    told = ask(text_of(city(), "lon,lat,date"), *options)
    people = [cell["exposure"] for cell in told["cells"] if cell["exposure"] is not None]
    assert sum(people) == pytest.approx(143 * 80, rel=0.01)
    assert any(cell["class"] == "hot_99" for cell in told["cells"])


def test_people_may_live_at_points(ask: Ask, tmp_path: Path) -> None:
    doors = [
        [f"{WEST + (i + 0.5) * STEP:.6f}", f"{SOUTH + (j + 0.5) * STEP:.6f}", 80]
        for i in range(SIDE)
        for j in range(SIDE)
    ]
    doors[3][2] = ""
    path = tmp_path / "doors.csv"
    path.write_text(text_of(doors, "lon,lat,households"), encoding="utf-8")
    told = ask(
        text_of(city(), "lon,lat,date"), "--areas", str(path), "--population", "households", "--cell-m", "400", "--json"
    )
    assert sum(cell["exposure"] or 0 for cell in told["cells"]) == 142 * 80
    assert (told["cells_are"], told["counted_against"]) == ("hexagons", "population")
    assert any(cell["class"].startswith("hot") for cell in told["cells"])
    assert told["cases"] == 1_260


def test_metres_need_no_coordinate_system(ask: Ask) -> None:
    rng = np.random.default_rng(5)
    cases = [[f"{x:.1f}", f"{y:.1f}"] for x, y in rng.uniform(0, 3_000, (900, 2))]
    told = ask(text_of(cases, "x,y"), "--json")
    assert told["crs"] is None
    assert "lon" not in told["cells"][0]
    assert {cell["class"] for cell in told["cells"]} == {"none"}


def test_what_is_left_out_is_listed_with_its_reason(ask: Ask) -> None:
    named = [[*row, f"Main St {at}", "water"] for at, row in enumerate(city())]
    for at in range(30):
        named[at][:2] = [116.02, 36.41]
    named[40][:2], named[41][:2], named[42][2] = ["", ""], [0, 0], ""
    named[43][4] = "noise"
    options = ("--category", "Water", "--from", "2025", "--to", "2025-06-30", "--json")
    told = ask(text_of(named, "lon,lat,date,address,category"), *options)
    left = {one["reason"]: one for one in told["left_out"]}
    assert {reason: one["count"] for reason, one in left.items()} == {
        "no_point": 1, "null_point": 1, "other_category": 1, "no_date": 1, "default_point": 30,
    }  # fmt: skip
    assert left["no_point"]["rows"] == [42]
    assert left["default_point"]["points"] == [{"x": 116.02, "y": 36.41, "rows": 30, "addresses": 30}]
    assert told["cases"] == 1_260 - 34


def test_a_growing_place_is_told_by_its_pattern(ask: Ask, tmp_path: Path) -> None:
    rng = np.random.default_rng(2)
    cases = city(extra=0, days=365)
    for month in range(12):
        for _one in range(4 + 3 * month):
            x, y = WEST + STEP * (6 + rng.random()), SOUTH + STEP * (6 + rng.random())
            cases.append([f"{x:.6f}", f"{y:.6f}", f"2025-{month + 1:02d}-{rng.integers(1, 29):02d}"])
    options = ("--areas", str(blocks(tmp_path)), "--population", "homes", "--method", "emerging")
    told = ask(text_of(cases, "lon,lat,CreatedDate"), *options, "--json")
    cell = next(cell for cell in told["cells"] if cell["id"] == "b78")
    assert cell["pattern"] in {"intensifying_hot", "consecutive_hot", "sporadic_hot"}
    assert cell["trend_p"] < 0.01
    assert len(told["months"]) == len(cell["z_by_month"]) == 12
    assert sum(cell["counts"]) == cell["count"]
    said = ask(text_of(cases, "lon,lat,CreatedDate"), *options)
    assert "No pattern" in said.out


def test_a_month_that_is_only_partly_there_is_left_out(ask: Ask) -> None:
    told = ask(text_of(city(days=370), "lon,lat,date"), "--method", "emerging", "--json")
    assert told["months"] == [f"2025-{month:02d}" for month in range(1, 13)]
    assert [one["reason"] for one in told["left_out"]] == ["part_month"]


def test_cells_are_written_as_outlines_and_as_a_table(ask: Ask, tmp_path: Path) -> None:
    for name in ("cells.gpkg", "cells.geojson", "cells.csv"):
        ask(text_of(city(days=360), "lon,lat,date"), "--method", "emerging", "--out", str(tmp_path / name))
    drawn = pyogrio.read_dataframe(tmp_path / "cells.gpkg")
    assert set(drawn.geometry.geom_type) == {"Polygon"}
    assert drawn.crs.to_epsg() == 4326
    assert {"count", "z", "class", "pattern", "cases_2025-01"} <= set(drawn.columns)
    assert len(pyogrio.read_dataframe(tmp_path / "cells.geojson")) == len(drawn)
    with (tmp_path / "cells.csv").open(encoding="utf-8", newline="") as file:
        assert len(list(csv.DictReader(file))) == len(drawn)


def test_geojson_points_are_read_as_well(ask: Ask, tmp_path: Path) -> None:
    points = shapely.points([[float(x), float(y)] for x, y, _day in city()])
    path = tmp_path / "points.geojson"
    GeoDataFrame({"address": ["1 High St"] * len(points)}, geometry=points, crs=4326).to_file(
        path, driver="GeoJSON", engine="pyogrio"
    )
    assert ask(path, "--json")["cases"] == 1_260


@pytest.mark.parametrize(
    ("text", "options", "said"),
    [
        ("lon,lat\n116,north\n", (), "points.csv: row 2: lat is north, which is not a number."),
        ("lon,lat\n116,95\n", (), "points.csv: row 2: lat is 95; the most is 90."),
        ("name,age\na,3\n", (), "points.csv has no coordinates."),
        ("lon,lat,b\n0,0,b\n,,b\n", (), "no case that can be used: 1 rows have no point. 1 rows lie at 0, 0"),
        ("lon,lat,date\n116,36,soon\n", ("--from", "2025"), "points.csv: row 2: date is soon, which is no date."),
        ("lon,lat\n116,36\n", ("--method", "emerging"), "points.csv has no column of dates."),
        ("lon,lat\n116,36\n", ("--category", "water"), "points.csv has no column of categories."),
        ("lon,lat,date\n116,36,2025-01-03\n", ("--method", "emerging"), "There are 1 months; a pattern needs at least"),
        ("lon,lat\n116,36\n", ("--out", "cells.txt"), "cells.txt cannot be written."),
    ],
)
def test_what_cannot_be_read_is_refused_by_file_row_and_field(
    ask: Ask, text: str, options: tuple[str, ...], said: str
) -> None:
    assert said in ask(text, *options, code=1).err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--cell-m", "wide"), "--cell-m is a number of metres, or auto."),
        (("--cell-m", "-3"), "--cell-m is a number of metres, or auto."),
        (("--population", "homes"), "--population names a column of areas"),
        (("--from", "soon"), "--from is soon, which is no date."),
        (("--method", "emerging", "--permutations", "9"), "--permutations belongs to the method gi."),
    ],
)
def test_options_that_do_not_fit_are_refused(ask: Ask, options: tuple[str, ...], said: str) -> None:
    assert said in ask("lon,lat\n116,36\n", *options, code=2).err


def test_areas_that_do_not_fit_are_refused(ask: Ask, tmp_path: Path) -> None:
    areas = str(blocks(tmp_path))
    told = ask("lon,lat\n116.001,36.401\n", "--areas", areas, "--population", "people", code=1)
    assert "blocks.gpkg has no column people. It has: name" in told.err
    told = ask("lon,lat\n110,36.4\n", "--areas", areas, code=1)
    assert "points.csv has no case that can be used: 1 rows lie outside of every area." in told.err
    told = ask("x,y\n5,6\n", "--areas", areas, code=1)
    assert "points.csv has x and y in metres, but blocks.gpkg is in degrees." in told.err
    told = ask("lon,lat\n116.001,36.401\n", "--areas", str(tmp_path / "points.csv"), code=1)
    assert "points.csv: row 1 is no area." in told.err or "is no area" in told.err


def test_equal_counts_everywhere_are_told_in_words(ask: Ask, tmp_path: Path) -> None:
    rows = [[WEST + (i + 0.5) * STEP, SOUTH + (j + 0.5) * STEP] for i in range(SIDE) for j in range(SIDE)]
    told = ask(text_of(rows, "lon,lat"), "--areas", str(blocks(tmp_path)), "--population", "homes", "--json")
    assert any("All places have the same value" in remark for remark in told["remarks"])
    assert {cell["class"] for cell in told["cells"]} == {"none"}
