"""What a new file is compared with: outlines of a demo city, read from the database."""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import pytest
import shapely
from sqlalchemy import text

from geo.errors import BadInput
from geo.exchange.datum import gcj02_from_wgs84
from geo.store.session import owner_engine
from tests.store.exchanging import bring

pytestmark = pytest.mark.usefixtures("demo_store")


def drawn_anew(path: Path, sql: str) -> Path:
    """Write outlines of the map as another survey would: in GCJ-02 and under codes of its own."""
    with owner_engine().begin() as owner:
        outlines = shapely.from_wkb([bytes(row) for row in owner.scalars(text(sql))])
    outlines = shapely.transform(outlines, gcj02_from_wgs84, interleaved=False)
    names = [f"S{at}" for at in range(len(outlines))]
    columns = {"code": names, "name": names, "level": ["community"] * len(names)}
    gpd.GeoDataFrame(columns, geometry=outlines, crs=4326).to_file(path / "survey.gpkg")
    return path / "survey.gpkg"


def owner_deletes(*tables: str) -> None:
    with owner_engine().begin() as owner:
        owner.execute(text(f"TRUNCATE {', '.join(tables)} CASCADE"))


COMPOUNDS = "SELECT ST_AsBinary(geom) FROM compound WHERE NOT placeholder"
COMMUNITIES = "SELECT ST_AsBinary(geom) FROM area WHERE level = 'community' AND NOT placeholder"
BUILDINGS = "SELECT ST_AsBinary(geom) FROM building"


@pytest.mark.parametrize(
    ("kind", "sql", "before", "said"),
    [
        ("compounds", COMPOUNDS, lambda: None, "cut through 0"),
        ("areas", COMMUNITIES, lambda: None, "cut through 0"),
        ("areas", COMMUNITIES, lambda: owner_deletes("building"), "cut through 0"),
        ("compounds", COMPOUNDS, lambda: owner_deletes("building"), "inside and 0 across"),
        ("buildings", BUILDINGS, lambda: owner_deletes("building"), "inside and 0 across"),
    ],
)
def test_new_outlines_of_a_false_datum_are_found_by_what_is_on_the_map(
    tmp_path: Path, kind: str, sql: str, before: Callable[[], None], said: str
) -> None:
    path = drawn_anew(tmp_path, sql)
    before()
    with pytest.raises(BadInput, match=f"as gcj02 .*{said}.*Choose gcj02"):
        bring(path, kind, "wgs84")
    assert bring(path, kind, "gcj02").counts["refused"] == 0


def test_compounds_of_a_city_with_main_roads_only_are_judged_by_those(tmp_path: Path) -> None:
    path = drawn_anew(tmp_path, COMPOUNDS)
    owner_deletes("building", "compound", "area")
    with pytest.raises(BadInput, match="as gcj02 through at 0 and past"):
        bring(path, "compounds", "wgs84")
