"""Files into the registry: parents, placeholders, idempotence, former values."""

from pathlib import Path

import pytest

from tests.store.exchanging import asked, bring, changed, csv_file, square

pytestmark = pytest.mark.usefixtures("clean_store")

COMMUNITY = square(0, 0, 0.02)


def buildings(path: Path, **cells: object) -> Path:
    rows = [(f"b{n}", n + 1, cells.get("floors", 6), None, square(0.001 + 0.0005 * n, 0.001)) for n in range(4)]
    return csv_file(path / "buildings.csv", "code,number,floors,households,wkt", rows)


def compounds(path: Path) -> Path:
    rows = [
        ("c1", "金桂花园", None, square(0.0005, 0.0005, 0.0013)),
        ("c2", "Lakeside", None, square(0.0018, 0.0005, 0.0013)),
    ]
    return csv_file(path / "compounds.csv", "code,name,community_code,wkt", rows)


def areas(path: Path) -> Path:
    rows = [
        ("371502001001", "湖南社区", COMMUNITY),
        ("371502001", "古楼街道", None),
        ("371502", "东昌府区", square(-1, -1, 2)),
    ]
    return csv_file(path / "areas.csv", "code,name,wkt", rows)


def test_the_first_import_founds_the_city_with_its_metric_system(tmp_path: Path) -> None:
    done = bring(buildings(tmp_path), "buildings")
    assert changed(done) == (4, 0, 0)
    assert asked("SELECT name, metric_srid FROM city") == [("buildings", 4548)]
    assert asked("SELECT ST_Covers(c.extent, b.geom) FROM city c, building b") == [True] * 4
    assert asked(
        "SELECT DISTINCT c.code, a.code FROM building b JOIN compound c ON c.id = b.compound_id "
        "JOIN area a ON a.id = b.community_id"
    ) == [("unassigned-unassigned", "unassigned")]
    assert done.findings == {"waits_for_parent": 1}


def test_the_same_file_twice_adds_nothing(tmp_path: Path) -> None:
    path = buildings(tmp_path)
    bring(path, "buildings")
    before = asked("SELECT id, code, version, ST_AsText(geom) FROM building ORDER BY id")
    assert changed(bring(path, "buildings")) == (0, 0, 4)
    assert asked("SELECT id, code, version, ST_AsText(geom) FROM building ORDER BY id") == before
    assert asked("SELECT count(*) FROM import_change") == [0]


def test_a_changed_value_is_written_and_the_former_one_kept(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    assert changed(bring(buildings(tmp_path, floors=18), "buildings")) == (0, 4, 0)
    assert asked("SELECT DISTINCT floors, version FROM building") == [(18, 2)]
    assert asked("SELECT DISTINCT before FROM import_change") == [{"floors": 6, "version": 1}]


def test_an_empty_cell_erases_nothing(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    assert changed(bring(buildings(tmp_path, floors=None), "buildings")) == (0, 0, 4)
    assert asked("SELECT DISTINCT floors FROM building") == [6]
    assert asked("SELECT DISTINCT households FROM building") == [None]


def test_a_code_alone_updates_what_is_known(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    told = csv_file(tmp_path / "told.csv", "code,households", [("b1", 24), ("b9", 30)])
    done = bring(told, "buildings")
    assert changed(done) == (0, 1, 0)
    assert done.counts["refused"] == 1
    assert asked("SELECT households FROM building WHERE code = 'b1'") == [24]


def test_compounds_take_the_buildings_in_that_wait_for_them(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    done = bring(compounds(tmp_path), "compounds")
    assert done.counts["moved"] == 4
    assert asked("SELECT b.code, c.code FROM building b JOIN compound c ON c.id = b.compound_id ORDER BY 1") == [
        ("b0", "c1"),
        ("b1", "c1"),
        ("b2", "c2"),
        ("b3", "c2"),
    ]
    assert asked("SELECT DISTINCT entity, before ? 'compound_id' FROM import_change") == [("building", True)]


def test_communities_take_the_compounds_in_and_buildings_follow(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    bring(compounds(tmp_path), "compounds")
    done = bring(areas(tmp_path), "areas")
    assert done.counts["moved"] == 2
    assert asked("SELECT DISTINCT a.name FROM building b JOIN area a ON a.id = b.community_id") == ["湖南社区"]
    assert asked(
        "SELECT a.level, p.level FROM area a JOIN area p ON p.id = a.parent_id WHERE NOT a.placeholder ORDER BY a.code"
    ) == [("district", "city"), ("street_office", "district"), ("community", "street_office")]


def test_buildings_find_compound_and_community_by_geometry_when_those_come_first(tmp_path: Path) -> None:
    bring(areas(tmp_path), "areas")
    bring(compounds(tmp_path), "compounds")
    far = csv_file(
        tmp_path / "far.csv", "code,number,wkt", [("f1", 1, square(0.01, 0.01)), ("f2", 2, square(0.1, 0.1))]
    )
    bring(far, "buildings")
    bring(buildings(tmp_path), "buildings")
    found = asked("SELECT b.code, c.code FROM building b JOIN compound c ON c.id = b.compound_id ORDER BY 1")
    assert found == [("b0", "c1"), ("b1", "c1"), ("b2", "c2"), ("b3", "c2"), ("f1", "unassigned-371502001001"),
                     ("f2", "unassigned-unassigned")]  # fmt: skip


def test_a_reference_beats_the_geometry_and_an_unknown_one_is_noted(tmp_path: Path) -> None:
    bring(compounds(tmp_path), "compounds")
    rows = [
        ("b1", 1, "c2", square(0.001, 0.001)),
        ("b2", 2, "c9", square(0.001, 0.0012)),
        ("b3", 3, "c1", square(0.0019, 0.001)),
    ]
    done = bring(csv_file(tmp_path / "b.csv", "code,number,compound_code,wkt", rows), "buildings")
    assert asked("SELECT b.code, c.code FROM building b JOIN compound c ON c.id = b.compound_id ORDER BY 1") == [
        ("b1", "c2"),
        ("b2", "c1"),
        ("b3", "c1"),
    ]
    assert done.findings == {"parent_unknown": 1, "outside_parent": 2}
    assert asked("SELECT \"row\", code, detail FROM import_finding WHERE code = 'parent_unknown'") == [
        (3, "parent_unknown", {"value": "c9"})
    ]


def test_a_building_across_two_compounds_belongs_to_the_larger_part_and_is_noted(tmp_path: Path) -> None:
    bring(compounds(tmp_path), "compounds")
    rows = [("b1", 1, square(0.00165, 0.001, 0.0004))]
    done = bring(csv_file(tmp_path / "b.csv", "code,number,wkt", rows), "buildings")
    assert asked("SELECT c.code FROM building b JOIN compound c ON c.id = b.compound_id") == ["c2"]
    assert asked("SELECT detail FROM import_finding WHERE code = 'outside_parent'")[0]["percent"] == 62
    assert changed(done) == (1, 0, 0)


def test_areas_with_a_code_and_no_boundary_get_it_later(tmp_path: Path) -> None:
    tree = [("371502", "东昌府区"), ("371502001", "古楼街道"), ("371502001001", "湖南社区")]
    bring(csv_file(tmp_path / "tree.csv", "code,name", tree), "areas")
    assert asked("SELECT count(*) FROM area WHERE geom IS NOT NULL") == [0]
    assert asked("SELECT count(*) FROM city") == [0]
    done = bring(areas(tmp_path), "areas")
    assert changed(done) == (0, 2, 1)
    assert asked("SELECT code FROM area WHERE geom IS NOT NULL ORDER BY 1") == ["371502", "371502001001"]
    assert asked("SELECT metric_srid FROM city") == [4548]


def test_streets_that_come_after_their_communities_become_their_parents(tmp_path: Path) -> None:
    bring(csv_file(tmp_path / "a.csv", "code,name", [("371502001001", "湖南社区")]), "areas")
    done = bring(
        csv_file(tmp_path / "b.csv", "code,name", [("371502001", "古楼街道"), ("371502", "东昌府区")]), "areas"
    )
    assert changed(done)[0] == 2
    assert asked("SELECT a.code, p.code FROM area a JOIN area p ON p.id = a.parent_id ORDER BY 1") == [
        ("371502", "371500"),
        ("371502001", "371502"),
        ("371502001001", "371502001"),
    ]


def test_a_city_row_names_the_city_and_a_second_one_is_refused(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    bring(csv_file(tmp_path / "city.csv", "code,name,level", [("371500", "聊城市", "city")]), "areas")
    assert asked("SELECT name FROM city") == ["聊城市"]
    assert asked("SELECT code, name, placeholder FROM area WHERE level = 'city'") == [("371500", "聊城市", False)]
    done = bring(csv_file(tmp_path / "other.csv", "code,name,level", [("371600", "滨州市", "city")]), "areas")
    assert done.counts["refused"] == 1
    assert done.findings == {"second_city": 1}
    assert asked("SELECT count(*) FROM area WHERE level = 'city'") == [1]


def test_grids_belong_to_the_community_they_name_or_lie_in(tmp_path: Path) -> None:
    bring(areas(tmp_path), "areas")
    rows = [
        ("g1", "第一网格", "grid", "371502001001", None),
        ("g2", "第二网格", "grid", None, square(0.001, 0.001, 0.002)),
    ]
    bring(csv_file(tmp_path / "grids.csv", "code,name,level,community_code,wkt", rows), "areas")
    assert asked(
        "SELECT g.code, c.code, g.parent_id = g.community_id FROM area g JOIN area c ON c.id = g.community_id "
        "WHERE g.level = 'grid' ORDER BY 1"
    ) == [("g1", "371502001001", True), ("g2", "371502001001", True)]


def test_units_and_flats_find_their_parents_and_orphans_are_refused(tmp_path: Path) -> None:
    bring(buildings(tmp_path), "buildings")
    units = csv_file(tmp_path / "units.csv", "code,number,building_code,households,lon,lat", [
        ("u1", 1, "b0", 12, None, None), ("u2", 1, None, None, 115.9816, 36.45095), ("u3", 1, "b9", 3, None, None),
        ("u4", 1, "b0", 9, None, None),
    ])  # fmt: skip
    done = bring(units, "units")
    assert asked(
        "SELECT u.code, b.code, u.households FROM unit u JOIN building b ON b.id = u.building_id ORDER BY 1"
    ) == [("u1", "b0", 12), ("u2", "b1", None)]
    assert (done.counts["refused"], done.findings) == (2, {"parent_unknown": 1, "parent_missing": 1, "number_twice": 1})
    flats = csv_file(tmp_path / "flats.csv", "code,unit_code,building_code,unit_number,room,floor,area_m2,tenure", [
        ("h1", "u1", None, None, "101", 1, 88.5, "自住"), ("h2", None, "b1", "1", "102", 1, None, "空置"),
        ("h3", "u9", None, None, "103", 1, 90, None),
    ])  # fmt: skip
    done = bring(flats, "households")
    assert asked(
        "SELECT h.code, u.code, h.area_m2, h.tenure FROM household h JOIN unit u ON u.id = h.unit_id ORDER BY 1"
    ) == [("h1", "u1", pytest.approx(88.5), "owner"), ("h2", "u2", None, "vacant")]
    assert done.counts["refused"] == 1
    assert changed(bring(flats, "households")) == (0, 0, 2)


def test_roads_share_junctions_and_carry_their_length(tmp_path: Path) -> None:
    lines = [("r1", "LINESTRING (115.98 36.45, 115.981 36.45)"), ("r2", "LINESTRING (115.981 36.45, 115.981 36.451)")]
    path = csv_file(tmp_path / "roads.csv", "code,wkt", lines)
    assert changed(bring(path, "roads")) == (2, 0, 0)
    assert asked(
        "SELECT a.to_node = b.from_node FROM walk_edge a, walk_edge b WHERE a.code = 'r1' AND b.code = 'r2'"
    ) == [True]
    first, second = asked("SELECT length_m FROM walk_edge ORDER BY code")
    assert first == pytest.approx(89.6, abs=0.3)
    assert second == pytest.approx(111.0, abs=0.3)
    assert changed(bring(path, "roads")) == (0, 0, 2)


def test_stations_and_candidates_stand_in_their_compound(tmp_path: Path) -> None:
    bring(areas(tmp_path), "areas")
    bring(compounds(tmp_path), "compounds")
    stations = csv_file(tmp_path / "s.csv", "code,name,status,opened_on,lon,lat", [
        ("s1", "金桂驿站", "运行", "2024-05-01", 115.981, 36.451), ("s2", "湖畔驿站", "在建", None, 115.99, 36.46)
    ])  # fmt: skip
    bring(stations, "stations")
    assert asked(
        "SELECT s.code, c.code, a.code, s.status, s.opened_on::text FROM station s LEFT JOIN compound c "
        "ON c.id = s.compound_id JOIN area a ON a.id = s.community_id ORDER BY 1"
    ) == [("s1", "c1", "371502001001", "open", "2024-05-01"), ("s2", None, "371502001001", "building", None)]
    sites = csv_file(
        tmp_path / "p.csv",
        "code,name,kind,cost_yuan,area_m2,lon,lat",
        [("p1", "车棚", "车棚", 1500, 40, 115.982, 36.451)],
    )
    bring(sites, "candidates")
    assert asked("SELECT kind, cost_fen, area_m2 FROM candidate_site") == [("bike_shed", 150_000, 40.0)]


def test_an_import_raises_the_data_versions_and_leaves_one_audit_entry(tmp_path: Path) -> None:
    done = bring(buildings(tmp_path), "buildings")
    assert asked("SELECT topic, version FROM data_version") == [("places", 1)]
    entries = asked("SELECT action, entity, entity_id, after->'counts'->>'new' FROM audit_entry")
    assert entries == [("import", "import_run", done.run_id, "4")]
    assert asked("SELECT status, counts->>'new' FROM import_run") == [("accepted", "4")]
