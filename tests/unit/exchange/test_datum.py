import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.exchange import datum

LONS = st.floats(73.0, 135.0)
LATS = st.floats(3.5, 53.5)
METRES = 111_320.0
PUBLISHED = [
    (121.5272106, 31.1774276, 121.531541859215, 31.17530398364597),
    (113.912316, 22.543847, 113.9171764808363, 22.540796131694766),
    (116.377817, 39.911954, 116.38404722455657, 39.91334545536069),
]


def one(value: float) -> np.ndarray:
    return np.array([value])


@pytest.mark.parametrize(("lon", "lat", "gcj_lon", "gcj_lat"), PUBLISHED)
def test_gcj02_equals_the_published_examples(lon: float, lat: float, gcj_lon: float, gcj_lat: float) -> None:
    found = datum.gcj02_from_wgs84(one(lon), one(lat))
    assert np.allclose(np.ravel(found), (gcj_lon, gcj_lat), rtol=0, atol=1e-12)


@settings(deadline=None, max_examples=60)
@given(LONS, LATS)
def test_gcj02_and_back_is_exact(lon: float, lat: float) -> None:
    found = datum.wgs84_from_gcj02(*datum.gcj02_from_wgs84(one(lon), one(lat)))
    assert np.allclose(np.ravel(found), (lon, lat), rtol=0, atol=1e-8)


@settings(deadline=None, max_examples=60)
@given(LONS, LATS)
def test_bd09_and_back_is_exact(lon: float, lat: float) -> None:
    found = datum.wgs84_from_bd09(*datum.bd09_from_wgs84(one(lon), one(lat)))
    assert np.allclose(np.ravel(found), (lon, lat), rtol=0, atol=1e-8)


@settings(deadline=None, max_examples=60)
@given(st.floats(-180, 71.9), st.floats(-89, 89))
def test_outside_china_nothing_changes(lon: float, lat: float) -> None:
    for name in ("wgs84", "gcj02", "bd09"):
        assert np.ravel(datum.to_wgs84(name, one(lon), one(lat))).tolist() == [lon, lat]


def test_at_liaocheng_the_datums_are_506_and_1263_metres_off() -> None:
    lon, lat = one(115.98), one(36.45)
    for shift, expected_m in ((datum.gcj02_from_wgs84, 506), (datum.bd09_from_wgs84, 1263)):
        there = shift(lon, lat)
        off_m = np.hypot((there[0] - lon) * np.cos(np.radians(lat)), there[1] - lat) * METRES
        assert abs(off_m[0] - expected_m) < 6


def test_cgcs2000_is_taken_as_wgs84() -> None:
    assert np.ravel(datum.to_wgs84("cgcs2000", one(115.98), one(36.45))).tolist() == [115.98, 36.45]


def test_missing_numbers_stay_missing() -> None:
    lon, lat = datum.wgs84_from_gcj02(np.array([np.nan, 115.98]), np.array([36.45, 36.45]))
    assert np.isnan(lon[0])
    assert np.isfinite(lat[1])


def test_no_points_give_no_points() -> None:
    assert datum.wgs84_from_bd09(np.empty(0), np.empty(0))[0].size == 0
