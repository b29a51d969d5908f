import bz2
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import BadInput
from geo.exchange.osm import walk_class
from geo.exchange.prepare import inspect, prepare

TextFile = Callable[..., Path]
NODES = {
    1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (1, 1), 5: (3, 0),
    11: (5, 5), 12: (6, 5), 13: (6, 6), 14: (5, 6),
    21: (8, 8), 22: (9, 8), 23: (9, 9), 24: (8, 9), 25: (8.3, 8.3), 26: (8.6, 8.3), 27: (8.6, 8.6),
}  # fmt: skip


def way(number: int, nodes: list[int], **tags: str) -> str:
    listed = "".join(f'<nd ref="{node}"/>' for node in nodes)
    return f'<way id="{number}" version="1">{listed}{tagged(tags)}</way>'


def tagged(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key.replace("__", ":")}" v="{value}"/>' for key, value in tags.items())


def town(barrier: str = "") -> str:
    nodes = "".join(
        f'<node id="{number}" version="1" lat="{36.45 + y * 1e-3}" lon="{115.98 + x * 1e-3}">'
        f"{tagged({'barrier': barrier}) if barrier and number == 3 else ''}</node>"
        for number, (x, y) in NODES.items()
    )
    ways = [
        way(100, [1, 2, 3, 5], highway="residential", name="柳园路"),
        way(101, [2, 4], highway="steps"),
        way(102, [1, 4], highway="motorway"),
        way(103, [1, 4], highway="construction"),
        way(200, [11, 12, 13, 14, 11], building="apartments", building__levels="6", addr__housenumber="3", name="花园"),
        way(201, [11, 12, 13, 14, 11], building="no"),
        way(301, [21, 22, 23, 24, 21]),
        way(302, [25, 26, 27, 25]),
    ]
    relation = (
        '<relation id="400" version="1"><member type="way" ref="301" role="outer"/>'
        '<member type="way" ref="302" role="inner"/>'
        f"{tagged({'type': 'multipolygon', 'building': 'yes'})}</relation>"
    )
    return f'<?xml version="1.0"?><osm version="0.6">{nodes}{"".join(ways)}{relation}</osm>'


def test_shared_nodes_stay_shared_and_edges_end_at_junctions(text_file: TextFile) -> None:
    edges = prepare(text_file("town.osm", town()), "roads", datum="wgs84").rows
    assert edges["code"].tolist() == ["osm-w100-0", "osm-w100-1", "osm-w101-0", "osm-w102-0"]
    assert edges[["from_node", "to_node"]].to_numpy().tolist() == [[1, 2], [2, 5], [2, 4], [1, 4]]
    assert edges["kind"].tolist() == ["street", "street", "stairs", "road"]
    assert edges["walkable"].tolist() == [True, True, True, False]
    assert edges["name"].iloc[0] == "柳园路"
    assert edges["length_m"].iloc[0] == pytest.approx(89.6, abs=0.5)


def test_a_barrier_cuts_the_way_and_marks_both_edges(text_file: TextFile) -> None:
    edges = prepare(text_file("town.osm", town("gate")), "roads", datum="wgs84").rows
    assert edges.set_index("code")["barrier"].fillna("").to_dict() == {
        "osm-w100-0": "", "osm-w100-1": "gate", "osm-w100-2": "gate", "osm-w101-0": "", "osm-w102-0": "",
    }  # fmt: skip


def test_a_kerb_is_no_barrier_for_walking(text_file: TextFile) -> None:
    assert prepare(text_file("town.osm", town("kerb")), "roads", datum="wgs84").rows["barrier"].isna().all()


def test_buildings_come_from_ways_and_from_relations_with_holes(text_file: TextFile) -> None:
    prepared = prepare(text_file("town.osm", town()), "buildings", datum="wgs84")
    assert prepared.rows["code"].tolist() == ["osm-w200", "osm-r400"]
    first = prepared.rows.iloc[0]
    assert (first["number"], first["floors"], first["name"]) == ("3", 6, "花园")
    assert len(prepared.rows.geometry.iloc[1].geoms[0].interiors) == 1


def test_a_packed_osm_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "town.osm.bz2"
    path.write_bytes(bz2.compress(town().encode()))
    assert [layer.name for layer in inspect(path).layers] == ["buildings", "roads"]
    assert len(prepare(path, "roads", datum="wgs84").rows) == 4


def test_a_way_that_leaves_the_extract_keeps_what_is_inside(text_file: TextFile) -> None:
    cut = town().replace('<nd ref="3"/>', '<nd ref="999"/>')
    prepared = prepare(text_file("town.osm", cut), "roads", datum="wgs84")
    assert prepared.findings.by_code()["nodes_missing"] == 1
    assert "osm-w100-0" in set(prepared.rows["code"])


def test_a_building_that_leaves_the_extract_is_refused(text_file: TextFile) -> None:
    cut = town().replace('<nd ref="13"/>', '<nd ref="999"/>')
    prepared = prepare(text_file("town.osm", cut), "buildings", datum="wgs84")
    assert prepared.findings.by_code()["relation_incomplete"] == 1
    assert prepared.counts == {"read": 2, "accepted": 1, "repaired": 0, "refused": 1}


def test_a_file_without_roads_says_so(text_file: TextFile) -> None:
    with pytest.raises(BadInput, match="holds no roads"):
        prepare(text_file("a.osm", '<?xml version="1.0"?><osm version="0.6"></osm>'), "roads", datum="wgs84")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ({"highway": "primary"}, ("road", True, False)),
        ({"highway": "trunk"}, ("road", False, False)),
        ({"highway": "primary", "foot": "no"}, ("road", False, False)),
        ({"highway": "service", "access": "private"}, ("street", True, False)),
        ({"highway": "service", "access": "no"}, ("street", False, False)),
        ({"highway": "footway", "access": "no", "foot": "yes"}, ("path", True, False)),
        ({"highway": "cycleway", "oneway": "yes"}, ("path", True, False)),
        ({"highway": "abandoned"}, None),
        ({"building": "yes"}, None),
    ],
)
def test_who_may_walk_where(tags: dict[str, str], expected: object) -> None:
    assert walk_class(tags) == expected
