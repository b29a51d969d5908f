import json
from collections.abc import Callable
from pathlib import Path

import pytest

from geo.exchange.prepare import prepare

TextFile = Callable[..., Path]


def station(number: int, **geometry: object) -> str:
    shape = geometry or {"type": "Point", "coordinates": [115.98 + number / 1000, 36.45]}
    return json.dumps(
        {"type": "Feature", "properties": {"name": f"站{number}", "code": f"S{number}"}, "geometry": shape}
    )


def test_broken_lines_are_refused_with_their_number_and_the_others_read(text_file: TextFile) -> None:
    lines = [station(1), station(2), station(3)[:40], station(4), "garbage", "", station(6)]
    prepared = prepare(text_file("s.geojsonl", "\n".join(lines)), "stations", datum="wgs84")
    assert prepared.counts == {"read": 6, "accepted": 4, "repaired": 0, "refused": 2}
    assert prepared.rows["row"].tolist() == [1, 2, 4, 7]
    assert sorted(finding.row for finding in prepared.findings if finding.code == "row_not_json") == [3, 5]


def test_findings_of_whole_lines_keep_their_line_number(text_file: TextFile) -> None:
    broken = station(2, type="Polygon", coordinates=[[["x", 1]]])
    prepared = prepare(text_file("s.geojsonl", "\n".join([station(1), "oops", broken])), "stations", datum="wgs84")
    assert {finding.code: finding.row for finding in prepared.findings if finding.outcome == "refused"} == {
        "row_not_json": 2,
        "geometry_missing": 3,
    }


@pytest.mark.parametrize("spread", [False, True])
def test_records_parted_by_separators_may_spread_over_lines(text_file: TextFile, *, spread: bool) -> None:
    records = [json.dumps(json.loads(station(n)), indent=1 if spread else None) for n in (1, 2)]
    text = "".join(f"\x1e{record}\n" for record in records) + "\x1e{broken\n"
    prepared = prepare(text_file("s.geojsons", text), "stations", datum="wgs84")
    assert prepared.counts == {"read": 3, "accepted": 2, "repaired": 0, "refused": 1}
