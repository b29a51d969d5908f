from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from data import city
from geo.errors import BadInput
from geo.exchange.borders import Tally, border_evidence, clearly_better
from geo.exchange.datum import bd09_from_wgs84, gcj02_from_wgs84
from geo.exchange.prepare import prepare
from geo.exchange.prepared import Prepared
from geo.exchange.surroundings import METRES_PER_DEGREE, Surroundings

Maker = Callable[..., Path]
Town = dict[str, np.ndarray]
DATUMS = ("wgs84", "gcj02", "bd09")
INTO = {"wgs84": lambda lon, lat: (lon, lat), "gcj02": gcj02_from_wgs84, "bd09": bd09_from_wgs84}
BOUNDS = (115.6, 36.2, 116.4, 36.8)


@pytest.fixture(scope="module")
def town() -> Town:
    """The outlines of a demo city of some 600 buildings, by table; main roads as points."""
    found: dict[str, list[np.ndarray]] = {}
    for frame in city.make("city", 2, 600, today=np.datetime64("2026-11-22")):
        if frame.table in ("area", "compound", "building", "walk_edge"):
            shapes = frame.columns["geom"].shapes(0, len(frame))
            if frame.table == "area":
                shapes = shapes[frame.columns["level"] == b"community"]
            if frame.table == "walk_edge":
                shapes = shapes[frame.columns["kind"] == b"road"]
            found.setdefault(frame.table, []).append(shapes[~shapely.is_missing(shapes)])
    return {table: np.concatenate(parts) for table, parts in found.items()}


def moved(shapes: np.ndarray, datum: str) -> np.ndarray:
    lonlat = shapely.get_coordinates(shapes)
    return shapely.set_coordinates(shapes.copy(), np.column_stack(INTO[datum](lonlat[:, 0], lonlat[:, 1])))


def main_roads(town: Town) -> np.ndarray:
    return shapely.points(shapely.get_coordinates(shapely.segmentize(town["walk_edge"], 50 / METRES_PER_DEGREE)))


def asked(path: Path, kind: str, datum: str, *, trust: bool = False, **known: np.ndarray) -> Prepared:
    return prepare(path, kind, datum=datum, surroundings=Surroundings(bounds=BOUNDS, **known), trust=trust)


def file_of(written: Maker, shapes: np.ndarray, datum: str) -> Path:
    names = [f"P{at}" for at in range(len(shapes))]
    columns = {"code": names, "name": names, "level": ["community"] * len(shapes)}
    return written("new.gpkg", gpd.GeoDataFrame(columns, geometry=moved(shapes, datum), crs=4326))


@pytest.mark.parametrize("truth", DATUMS)
@pytest.mark.parametrize(
    ("table", "kind", "basis"),
    [("compound", "compounds", "holds"), ("area", "areas", "holds"), ("compound", "compounds", "held"),
     ("building", "buildings", "held"), ("compound", "compounds", "streets")],
)  # fmt: skip
def test_a_false_claim_of_new_places_is_found_and_a_true_one_is_not_accused(
    written: Maker, town: Town, table: str, kind: str, basis: str, truth: str
) -> None:
    witness = {"holds": "building", "held": "area" if table == "compound" else "compound"}.get(basis)
    known = {basis_field(basis): town[witness] if witness else main_roads(town)}
    path = file_of(written, town[table], truth)
    for claim in DATUMS:
        if claim == truth:
            prepared = asked(path, kind, claim, **known)
            assert (prepared.evidence["basis"], prepared.evidence["verdict"]) == (basis, "fits")
            continue
        with pytest.raises(BadInput, match=f"as {claim} .* as {truth} .* Choose {truth}, or confirm {claim}"):
            asked(path, kind, claim, **known)


def basis_field(basis: str) -> str:
    return {"holds": "held", "held": "holders"}.get(basis, basis)


def test_a_contradicted_claim_that_is_confirmed_is_kept_and_noted_with_its_figures(written: Maker, town: Town) -> None:
    path = file_of(written, town["compound"], "gcj02")
    prepared = asked(path, "compounds", "wgs84", trust=True, held=town["building"])
    assert prepared.evidence["best"] == "gcj02"
    (noted,) = [finding for finding in prepared.findings if finding.code == "datum_cuts"]
    assert noted.detail["other_cut"] == 0
    assert noted.detail["other_whole"] == len(town["building"])
    assert f"as gcj02 they hold {len(town['building'])} and cut through 0" in noted.text()


def test_a_few_compounds_are_enough_to_find_a_false_claim(written: Maker, town: Town) -> None:
    path = file_of(written, town["compound"][:8], "bd09")
    with pytest.raises(BadInput, match="Choose bd09"):
        asked(path, "compounds", "wgs84", held=town["building"])
    assert asked(path, "compounds", "bd09", held=town["building"]).evidence["verdict"] == "fits"


@pytest.mark.parametrize("metres", [-8.0, 8.0])
def test_outlines_drawn_by_hand_are_judged_all_the_same(written: Maker, town: Town, metres: float) -> None:
    sloppy = shapely.buffer(town["compound"], metres / METRES_PER_DEGREE)
    path = file_of(written, sloppy[~shapely.is_empty(sloppy)], "gcj02")
    assert asked(path, "compounds", "gcj02", held=town["building"]).evidence["verdict"] == "fits"
    with pytest.raises(BadInput, match="Choose gcj02"):
        asked(path, "compounds", "wgs84", held=town["building"])


@pytest.mark.parametrize("truth", DATUMS)
@pytest.mark.parametrize("east", [True, False])
def test_new_compounds_beside_what_is_known_are_not_accused(
    written: Maker, town: Town, truth: str, *, east: bool
) -> None:
    lon = shapely.get_x(shapely.centroid(town["compound"]))
    new = lon > np.median(lon) if east else lon <= np.median(lon)
    taken = shapely.STRtree(town["compound"][new]).query(town["building"], predicate="intersects")[0]
    known = np.delete(town["building"], taken)
    prepared = asked(file_of(written, town["compound"][new], truth), "compounds", truth, held=known)
    assert prepared.evidence["verdict"] == "unchecked"


def test_outlines_that_have_nothing_to_do_with_the_map_are_not_judged(town: Town) -> None:
    generator = np.random.default_rng(1)
    west, south, east, north = shapely.total_bounds(town["building"])
    lon, lat = generator.uniform(west, east, 200), generator.uniform(south, north, 200)
    anything = shapely.box(lon, lat, lon + 0.002, lat + 0.002)
    for claim in DATUMS:
        assert border_evidence("compounds", anything, claim, Surroundings(held=town["building"])) is None


def test_areas_of_all_levels_in_one_file_are_judged_by_every_border(town: Town) -> None:
    nested = np.append(town["area"], shapely.union_all(town["area"]))
    found = border_evidence("areas", moved(nested, "gcj02"), "wgs84", Surroundings(held=town["building"]))
    assert found is not None
    assert (found["best"], found["verdict"]) == ("gcj02", "contradicted")


def test_rings_that_cross_themselves_are_judged_too(town: Town) -> None:
    corners = shapely.bounds(town["compound"])
    bow_ties = shapely.polygons([[(w, s), (e, n), (e, s), (w, n), (w, s)] for w, s, e, n in corners[:3]])
    found = border_evidence(
        "compounds", np.append(town["compound"], bow_ties), "gcj02", Surroundings(held=town["building"])
    )
    assert found is not None
    assert (found["best"], found["verdict"]) == ("wgs84", "contradicted")


def test_where_all_datums_are_one_no_claim_is_contradicted(town: Town) -> None:
    away = {table: shapely.transform(town[table], lambda lonlat: lonlat - [106.4, -10.7]) for table in town}
    found = border_evidence("compounds", away["compound"], "bd09", Surroundings(held=away["building"]))
    assert found is not None
    assert (found["best"], found["verdict"]) == ("bd09", "fits")


def test_chance_differences_do_not_count() -> None:
    assert not clearly_better(Tally(5, 0), Tally(4, 1))
    assert not clearly_better(Tally(100, 30), Tally(100, 40))
    assert clearly_better(Tally(100, 2), Tally(100, 40))
    assert clearly_better(Tally(40, 0), Tally(0, 0))
