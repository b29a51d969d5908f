from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from geo.errors import BadInput
from geo.exchange.datum import bd09_from_wgs84, gcj02_from_wgs84
from geo.exchange.prepare import prepare
from geo.exchange.surroundings import ReferencePoints, Surroundings

Maker = Callable[..., Path]
SHIFTS = {"gcj02": gcj02_from_wgs84, "bd09": bd09_from_wgs84}
SIZE = 1e-4


def town(count: int = 60, seed: int = 4) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return np.array([115.98, 36.45]) + generator.random((count, 2)) * 0.02


def frame(centres: np.ndarray, **columns: object) -> gpd.GeoDataFrame:
    corners = centres - SIZE / 2
    outlines = shapely.box(corners[:, 0], corners[:, 1], corners[:, 0] + SIZE, corners[:, 1] + SIZE)
    return gpd.GeoDataFrame(columns or {"number": [str(n) for n in range(len(centres))]}, geometry=outlines, crs=4326)


def shifted(datum: str, centres: np.ndarray) -> np.ndarray:
    return np.column_stack(SHIFTS[datum](centres[:, 0], centres[:, 1])) if datum in SHIFTS else centres


def around(points: np.ndarray, names: object = None) -> ReferencePoints:
    return ReferencePoints(points[:, 0], points[:, 1], names)


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09"])
def test_a_true_claim_fits_the_buildings_on_the_map(written: Maker, datum: str) -> None:
    centres = town()
    known = Surroundings(bounds=(115.9, 36.4, 116.1, 36.6), buildings=around(centres))
    prepared = prepare(written("b.gpkg", frame(shifted(datum, centres))), "buildings", datum=datum, surroundings=known)
    assert prepared.evidence["verdict"] == "fits"
    assert prepared.evidence["hypotheses"][datum]["median_m"] < 1
    assert np.allclose(shapely.get_coordinates(shapely.centroid(prepared.rows.geometry.to_numpy())), centres, atol=1e-7)


def test_areas_that_are_on_the_map_already_are_not_moved_by_a_false_claim(written: Maker) -> None:
    centres = town(8)
    codes = [f"37150{n}" for n in range(8)]
    known = Surroundings(bounds=(115.9, 36.4, 116.1, 36.6), same_kind=around(centres, np.array(codes, dtype=object)))
    path = written("a.gpkg", frame(shifted("gcj02", centres), code=codes, name=codes))
    with pytest.raises(BadInput, match=r"as wgs84 the rows lie 51\d[.\d]* m from the map, as gcj02 only 0"):
        prepare(path, "areas", datum="wgs84", surroundings=known)
    assert prepare(path, "areas", datum="gcj02", surroundings=known).evidence["basis"] == "codes"


def test_a_false_claim_is_refused_with_the_figures(written: Maker) -> None:
    centres = town(400)
    known = Surroundings(bounds=(115.9, 36.4, 116.1, 36.6), roads=around(centres))
    lines = gpd.GeoDataFrame(
        {"name": ["x"] * 399},
        geometry=shapely.linestrings(
            np.stack([shifted("gcj02", centres)[:-1], shifted("gcj02", centres)[:-1] + 1e-5], axis=1)
        ),
        crs=4326,
    )
    path = written("r.gpkg", lines)
    with pytest.raises(BadInput, match=r"as wgs84 the rows lie [\d.]+ m from the map, as gcj02 only [\d.]+ m"):
        prepare(path, "roads", datum="wgs84", surroundings=known)
    confirmed = prepare(path, "roads", datum="wgs84", surroundings=known, trust=True)
    assert confirmed.evidence["best"] == "gcj02"
    assert confirmed.findings.by_code()["datum_doubtful"] == 1


def test_the_street_in_a_rows_own_address_is_the_strongest_witness(written: Maker) -> None:
    centres = town(10)
    addresses = [f"柳园路{number}号" for number in range(10)]
    known = Surroundings(
        bounds=(115.9, 36.4, 116.1, 36.6), roads=around(centres, np.array(["柳园路"] * 10, dtype=object))
    )
    path = written("b.gpkg", frame(shifted("bd09", centres), address=addresses))
    with pytest.raises(BadInput, match="Choose bd09"):
        prepare(path, "buildings", datum="wgs84", surroundings=known)
    prepared = prepare(path, "buildings", datum="bd09", surroundings=known)
    assert prepared.evidence["basis"] == "names"


def test_outlines_standing_on_roads_are_a_warning(written: Maker) -> None:
    grid = np.array([(115.98 + x * 1e-3, 36.45 + y * 1e-3) for x in range(20) for y in range(20)])
    wrong = shifted("gcj02", grid + 5e-4)
    known = Surroundings(bounds=(115.9, 36.4, 116.1, 36.6), roads=around(wrong))
    prepared = prepare(written("b.gpkg", frame(wrong)), "buildings", datum="wgs84", surroundings=known)
    assert prepared.evidence["verdict"] == "doubtful"
    assert prepared.findings.by_code()["datum_on_roads"] == 1


def test_buildings_in_a_new_part_of_town_are_not_judged_by_far_ones(written: Maker) -> None:
    known = Surroundings(bounds=(115.5, 36.0, 116.5, 37.0), buildings=around(town() - 0.3))
    prepared = prepare(written("b.gpkg", frame(town())), "buildings", datum="wgs84", surroundings=known)
    assert prepared.evidence["verdict"] == "unchecked"
