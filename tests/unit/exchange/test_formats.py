from collections.abc import Callable
from pathlib import Path

import pytest

from geo.errors import BadInput
from geo.exchange.formats import recognise
from geo.exchange.prepare import inspect, prepare

TextFile = Callable[..., Path]
Maker = Callable[..., Path]
FEATURE = '{"type": "Feature", "properties": {"code": "1"}, "geometry": null}'


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("b.gpkg", "geopackage"),
        ("b.geojson", "geojson"),
        ("b.geojsonl", "geojson_lines"),
        ("b.shp.zip", "shapefile_zip"),
        ("b.parquet", "geoparquet"),
    ],
)
def test_a_format_is_told_from_its_content(written: Maker, name: str, found: str) -> None:
    renamed = written(name).rename(written(name).with_name("unnamed"))
    assert recognise(renamed, "unnamed") == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"[{FEATURE}]", "geojson_array"),
        ('[{"service_request_id": "1", "notes": []}]', "open311"),
        (f"{FEATURE}\n{FEATURE}\n", "geojson_lines"),
        (f"\x1e{FEATURE}\n\x1e{FEATURE}\n", "geojson_lines"),
        (f'{{"name": "late", "features": [{FEATURE}], "type": "FeatureCollection"}}', "geojson"),
        (FEATURE, "geojson"),
        ("code,name\n1,a\n", "csv"),
        ('<?xml version="1.0"?>\n<osm version="0.6"></osm>', "osm_xml"),
    ],
)
def test_text_formats_are_told_apart(text_file: TextFile, text: str, found: str) -> None:
    assert recognise(text_file("a.bin", text), "a.bin") == found


@pytest.mark.parametrize("text", ['{"type": "Topology", "objects": {}}', '{"a": 1}', "<kml></kml>"])
def test_what_is_not_supported_is_refused(text_file: TextFile, text: str) -> None:
    with pytest.raises(BadInput):
        recognise(text_file("a.json", text), "a.json")


def test_a_wrong_ending_is_read_by_content_and_noted(written: Maker) -> None:
    path = written("b.gpkg").rename(written("b.gpkg").with_name("b.csv"))
    prepared = prepare(path, "buildings", datum="wgs84")
    assert prepared.counts["accepted"] == 3
    noted = [finding for finding in prepared.findings if finding.code == "read_by_content"]
    assert "its content is GeoPackage" in noted[0].text()


def test_a_right_ending_is_not_noted(written: Maker) -> None:
    assert "read_by_content" not in prepare(written("b.gpkg"), "buildings", datum="wgs84").findings.by_code()


def test_inspecting_names_the_format(written: Maker) -> None:
    assert inspect(written("b.geojson")).format == "geojson"
