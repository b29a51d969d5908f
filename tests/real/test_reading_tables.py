"""Real tables that are not ours: requests and council outlines of another city, read without a crash."""

from pathlib import Path

import pytest

from geo.exchange.prepare import inspect, prepare


def test_overlapping_councils_are_read_as_areas(real_data: Path) -> None:
    path = real_data / "la311" / "nc-boundary-2019-modified.json"
    view = inspect(path).layers[0]
    number = next(name for name in view.columns if name.lower() in {"nc_id", "nid", "id"})
    label = next(name for name in view.columns if name.lower() == "name")
    mapping = {"code": number, "name": label, "level": "=community", "parent_code": ""}
    prepared = prepare(path, "areas", datum="wgs84", mapping=mapping)
    assert prepared.counts["read"] == 99
    assert prepared.counts["refused"] == 0


def test_stores_given_by_longitude_and_latitude_are_candidates(real_data: Path) -> None:
    path = real_data / "facility_location_sf" / "SF_store_site_16_longlat.csv"
    view = inspect(path).layers[0]
    prepared = prepare(path, "candidates", datum="wgs84", mapping={"name": view.columns[1]})
    assert prepared.counts["read"] == 16
    west, south, east, north = prepared.bounds or (0, 0, 0, 0)
    assert (west, south, east, north) == pytest.approx((-122.5, 37.7, -122.4, 37.8), abs=0.1)
