"""Texts the registry cannot keep end as findings by row and field, never as an error of the database."""

from pathlib import Path

import pytest

from tests.store.exchanging import asked, bring, csv_file, square

pytestmark = pytest.mark.usefixtures("clean_store")

NASTY = ["\u200b", "\u3000\u00a0", "a\u202eb", "a\x07b", "a\x1bb", "x" * 5000, "\ufeff", "\u2066x", "a\x85b", "\u3164"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("areas", ("name", "parent_code")),
        ("compounds", ("code", "name", "address", "community_code")),
        ("buildings", ("code", "number", "name", "address", "compound_code", "compound_name")),
        ("roads", ("code", "name", "barrier")),
        ("stations", ("code", "name", "opening_hours")),
        ("candidates", ("code", "name", "owner")),
    ],
)
def test_no_text_of_a_file_reaches_the_database_unfit(tmp_path: Path, kind: str, fields: tuple[str, ...]) -> None:
    shape = "LINESTRING (115.98 36.45, 115.981 36.4{n:02d})" if kind == "roads" else None
    rows: list[list[object]] = []
    for field in fields:
        for bad in NASTY:
            n = len(rows)
            good = {name: f"{name} {n}" for name in fields}
            place = (shape or square(0.001 * n, 0.001)).replace("{n:02d}", f"{51 + n}")
            rows.append([f"3715020{n:05d}" if kind == "areas" else f"k{n}", *(good | {field: bad}).values(), place])
    header = ",".join(["adcode" if kind == "areas" else "ref", *fields, "wkt"])
    done = bring(csv_file(tmp_path / "nasty.csv", header, rows), kind)
    assert done.counts["read"] == len(rows)
    assert done.counts["accepted"] + done.counts["repaired"] + done.counts["refused"] == len(rows)


def test_a_file_named_in_signs_nobody_sees_is_kept_under_a_name_that_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / ("\u202e\u200b" + "名" * 60 + ".csv")
    csv_file(path, "code,name\u202e,wkt", [("c1", "金桂花园", square(0, 0, 0.002))])
    bring(path, "compounds")
    assert asked("SELECT file_name FROM import_run") == ["\u200b" + "名" * 60 + ".csv"]
