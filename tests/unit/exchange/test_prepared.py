from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from geo.exchange.prepare import prepare
from geo.exchange.prepared import Prepared

Maker = Callable[..., Path]
TextFile = Callable[..., Path]


def test_what_was_prepared_survives_in_a_folder(written: Maker, tmp_path: Path) -> None:
    prepared = prepare(written("b.gpkg"), "buildings", datum="gcj02", file_name="楼栋.gpkg")
    folder = tmp_path / "kept"
    folder.mkdir()
    prepared.save(folder)
    again = Prepared.load(folder)
    pd.testing.assert_frame_equal(pd.DataFrame(again.rows), pd.DataFrame(prepared.rows))
    assert again.rows.geometry.name == "geom"
    assert (again.kind, again.file_name, again.sha256, again.datum) == (
        "buildings",
        "楼栋.gpkg",
        prepared.sha256,
        "gcj02",
    )
    assert (again.counts, again.evidence, again.mapping) == (prepared.counts, prepared.evidence, prepared.mapping)
    assert again.findings.by_code() == prepared.findings.by_code()


def test_rows_without_geometry_survive_too(text_file: TextFile, tmp_path: Path) -> None:
    prepared = prepare(text_file("h.csv", "单元编码,房号\nB1-1,101\n"), "households", datum="wgs84")
    prepared.save(tmp_path)
    assert Prepared.load(tmp_path).rows["code"].tolist() == ["B1-1-101"]


def test_areas_without_any_boundary_survive_too(text_file: TextFile, tmp_path: Path) -> None:
    prepared = prepare(text_file("a.csv", "code,name\n371502001,古楼街道\n"), "areas", datum="wgs84")
    prepared.save(tmp_path)
    assert Prepared.load(tmp_path).rows["geom"].isna().all()
    assert prepared.bounds is None


def test_progress_is_told_from_nothing_to_nearly_done(written: Maker) -> None:
    told: list[float] = []
    prepare(
        written("b.gpkg"), "buildings", datum="wgs84", progress=lambda share, _message, **_values: told.append(share)
    )
    assert told == sorted(told)
    assert told[0] == 0.0


@pytest.mark.parametrize("kind", ["buildings", "areas", "roads"])
def test_a_row_number_column_leads_back_to_the_file(written: Maker, kind: str) -> None:
    frame_kind = {"buildings": "b.gpkg", "areas": "b.geojson", "roads": "b.gpkg"}[kind]
    prepared = prepare(written(frame_kind), kind, datum="wgs84", mapping={"name": "楼号"})
    numbered = set(prepared.rows["row"]) | set(prepared.findings.rows_with("refused").tolist())
    assert numbered == {1, 2, 3}
