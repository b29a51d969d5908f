"""Small real files for the exchange tests, made fresh in each test's own folder."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely

Maker = Callable[..., Path]
CORNER = (115.98, 36.45)


def squares(count: int, size: float = 1e-4, gap: float = 3e-4) -> list[shapely.Polygon]:
    """Squares in a row, about 10 m wide, beginning at CORNER."""
    lon, lat = CORNER
    return [shapely.box(lon + gap * step, lat, lon + gap * step + size, lat + size) for step in range(count)]


@pytest.fixture
def buildings() -> gpd.GeoDataFrame:
    """Three buildings with keys, numbers and floors."""
    return gpd.GeoDataFrame(
        {"code": ["B01", "B02", "B03"], "楼号": ["1号楼", "2号楼", "3号楼"], "层数": [6, 11, 18]},
        geometry=squares(3),
        crs=4326,
    )


@pytest.fixture
def written(tmp_path: Path, buildings: gpd.GeoDataFrame) -> Maker:
    """Write the buildings (or another frame) under a name; the ending says how."""

    def write(name: str, frame: gpd.GeoDataFrame | None = None, **options: str) -> Path:
        path = tmp_path / name
        frame = buildings if frame is None else frame
        if path.suffix == ".parquet":
            frame.to_parquet(path)
        else:
            frame.to_file(path, engine="pyogrio", **options)
        return path

    return write


@pytest.fixture
def text_file(tmp_path: Path) -> Callable[..., Path]:
    """Write a text file in an encoding."""

    def write(name: str, text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write
