"""Liaocheng's official tree: districts from two sources, streets and villages as codes without boundaries."""

from pathlib import Path

import pytest

from tests.store.exchanging import asked, bring, changed

pytestmark = pytest.mark.usefixtures("clean_store")

OUTLINES = "liaocheng_echarts_cities_js.geojson"
BARE_ARRAY = "371500_tnnevol_gmap.json"


@pytest.fixture
def folder(real_data: Path) -> Path:
    return real_data / "liaocheng_admin"


def test_eight_districts_come_in_and_six_are_repaired(folder: Path) -> None:
    done = bring(folder / OUTLINES, "areas", "gcj02")
    assert changed(done) == (8, 0, 0)
    assert done.counts["repaired"] >= 6
    assert asked("SELECT count(*) FROM area WHERE level = 'district' AND ST_IsValid(geom)") == [8]
    assert asked("SELECT code FROM area WHERE level = 'city'") == ["371500"]
    assert asked("SELECT metric_srid FROM city") == [4548]
    [area_km2] = asked("SELECT ST_Area(geom::geography) / 1e6 FROM area WHERE code = '371502'")
    assert area_km2 == pytest.approx(1436.5, rel=0.01)
    assert changed(bring(folder / OUTLINES, "areas", "gcj02")) == (0, 0, 8)


def test_a_bare_array_of_features_is_read_and_updates_the_same_districts(folder: Path) -> None:
    done = bring(folder / BARE_ARRAY, "areas", "gcj02")
    assert changed(done) == (8, 0, 0)
    [first] = asked("SELECT ST_Area(geom::geography) / 1e6 FROM area WHERE code = '371502'")
    assert first == pytest.approx(1440.0, rel=0.01)
    other = bring(folder / OUTLINES, "areas", "gcj02")
    assert other.counts["changed"] >= 7
    assert asked("SELECT count(*) FROM area WHERE level = 'district'")[0] == 8 + other.counts["new"]


def test_the_code_tree_hangs_together_without_boundaries(folder: Path) -> None:
    bring(folder / OUTLINES, "areas", "gcj02")
    assert changed(bring(folder / "streets_3715.csv", "areas")) == (136, 0, 0)
    assert changed(bring(folder / "villages_3715.csv", "areas")) == (2408, 0, 0)
    tree = asked(
        "SELECT a.level, p.level, count(*) FROM area a JOIN area p ON p.id = a.parent_id GROUP BY 1, 2 ORDER BY 1, 2"
    )
    assert ("community", "street_office", 2408) in tree
    assert asked("SELECT count(*) FROM area WHERE level = 'community' AND left(code, 6) = '371502'") == [338]
    assert asked("SELECT count(*) FROM area c JOIN area s ON s.id = c.parent_id JOIN area d ON d.id = s.parent_id "
                 "WHERE d.code = '371502' AND c.level = 'community'") == [338]  # fmt: skip
    assert asked("SELECT count(*) FROM area WHERE level IN ('street_office', 'community') AND geom IS NOT NULL") == [0]
    assert changed(bring(folder / "villages_3715.csv", "areas")) == (0, 0, 2408)


def test_a_gb18030_copy_is_the_same_file(folder: Path, tmp_path: Path) -> None:
    original = folder / "villages_3715.csv"
    copy = tmp_path / "村居.csv"
    copy.write_bytes(original.read_text(encoding="utf-8").encode("gb18030"))
    assert changed(bring(copy, "areas")) == (2408, 0, 0)
    assert asked("SELECT name FROM area WHERE code = '371502001001'") == ["古城社区居委会"]
    assert changed(bring(original, "areas")) == (0, 0, 2408)
