"""Real footprints and streets from file to map: Liechtenstein, Suzhou, Boulder, Prague; each into an empty city."""

from pathlib import Path

import pytest

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.exchange.writers import export
from tests.store.exchanging import asked, bring, changed, take_back

pytestmark = pytest.mark.usefixtures("clean_store")

OSM = "osm_extracts/liechtenstein-2013-08-03.osm.pbf"


def test_liechtenstein_comes_in_with_shared_junctions_and_all_its_buildings(real_data: Path) -> None:
    roads = bring(real_data / OSM, "roads")
    assert roads.counts["read"] == 2750
    assert roads.counts["refused"] == 0
    edges = asked("SELECT count(*) FROM walk_edge")[0]
    nodes = asked("SELECT count(*) FROM (SELECT from_node FROM walk_edge UNION SELECT to_node FROM walk_edge) n")[0]
    assert roads.counts["new"] == edges > 5000
    assert nodes < edges * 1.1
    buildings = bring(real_data / OSM, "buildings")
    assert changed(buildings) == (3723, 0, 0)
    assert asked("SELECT metric_srid FROM city") == [32632]
    assert asked("SELECT count(*) FROM building WHERE ST_IsValid(geom)") == [3723]
    assert changed(bring(real_data / OSM, "buildings")) == (0, 0, 3723)
    assert changed(bring(real_data / OSM, "roads")) == (0, 0, edges)


def test_suzhou_keeps_its_floors_and_an_undo_leaves_nothing(real_data: Path) -> None:
    path = real_data / "china_buildings" / "pybdshadow_bd_demo_2.json"
    done = bring(path, "buildings")
    assert changed(done) == (3076, 0, 0)
    assert asked(
        "SELECT min(floors), max(floors), percentile_disc(0.5) WITHIN GROUP (ORDER BY floors) FROM building"
    ) == [(1, 28, 3)]
    assert asked("SELECT bool_and(abs(height_m - 3 * floors) < 0.01) FROM building") == [True]
    assert asked("SELECT metric_srid FROM city") == [4549]
    assert changed(bring(path, "buildings")) == (0, 0, 3076)
    assert take_back(done.run_id).removed == 3076
    assert asked("SELECT count(*) FROM city") == [0]


def test_boulder_is_repaired_where_its_outlines_are_invalid(real_data: Path) -> None:
    path = real_data / "other_buildings" / "boulder_buildings.zip"
    done = bring(path, "buildings")
    assert changed(done) == (13491, 0, 0)
    assert done.counts["repaired"] == 10
    assert asked("SELECT min(built_year), max(built_year) FROM building") == [(1950, 2014)]
    assert changed(bring(path, "buildings")) == (0, 0, 13491)


def test_prague_is_turned_from_web_mercator(real_data: Path, tmp_path: Path) -> None:
    path = real_data / "other_buildings" / "bubenec.gpkg"
    assert changed(bring(path, "buildings", "EPSG:3857", layer="buildings")) == (144, 0, 0)
    assert changed(bring(path, "roads", "EPSG:3857", layer="streets"))[0] >= 35
    west, south, east, north = asked(
        "SELECT ST_XMin(e), ST_YMin(e), ST_XMax(e), ST_YMax(e) FROM (SELECT ST_Extent(geom) AS e FROM building) x"
    )[0]
    assert 14.39 < west < east < 14.42
    assert 50.09 < south < north < 50.12
    assert asked("SELECT metric_srid FROM city") == [32633]
    report = export(ADMINISTRATOR, ["buildings", "roads"], "geojson", tmp_path / "prague")
    for kind, count in report.rows.items():
        assert changed(bring(Path(report.path), kind, layer=kind)) == (0, 0, count)
