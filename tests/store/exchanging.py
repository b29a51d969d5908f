"""Small files and the whole way of an import, for the tests of the exchange."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import text

from geo.access.actor import OPERATOR as ADMINISTRATOR
from geo.exchange import load
from geo.exchange.around import surroundings_of
from geo.exchange.prepare import prepare
from geo.exchange.undo import Undone, undo_import
from geo.store.session import reading, writing

LON, LAT = 115.98, 36.45


def square(east: float, north: float, side: float = 0.0002) -> str:
    """WKT of a square; its south-west corner is so many degrees from the middle of the city."""
    w, s = LON + east, LAT + north
    e, n = w + side, s + side
    return f"POLYGON (({w:.6f} {s:.6f}, {e:.6f} {s:.6f}, {e:.6f} {n:.6f}, {w:.6f} {n:.6f}, {w:.6f} {s:.6f}))"


def csv_file(path: Path, header: str, rows: Sequence[Sequence[object]]) -> Path:
    """Write a CSV file; cells with commas are quoted."""
    lines = [header]
    lines += [
        ",".join(f'"{cell}"' if "," in str(cell) else "" if cell is None else str(cell) for cell in row) for row in rows
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def bring(path: Path, kind: str, datum: str = "wgs84", **choices: Any) -> load.Accepted:
    """Read, judge and write a file, as the task does."""
    with reading(ADMINISTRATOR) as connection:
        around = surroundings_of(connection, kind)
    prepared = prepare(path, kind, datum=datum, surroundings=around, **choices)
    with writing(ADMINISTRATOR) as session:
        run_id = load.start_run(session, prepared, options={"datum": datum})
        return load.accept(session, run_id, prepared)


def take_back(run_id: int) -> Undone:
    """Undo an import."""
    with writing(ADMINISTRATOR) as session:
        return undo_import(session, run_id)


def asked(query: str, **values: object) -> list[Any]:
    """Return the rows of a query; the value itself where a row has one."""
    with reading(ADMINISTRATOR) as connection:
        rows = connection.execute(text(query), values).all()
    return [row[0] if len(row) == 1 else tuple(row) for row in rows]


def changed(done: load.Accepted) -> tuple[int, int, int]:
    """Return how many records were new, changed and unchanged."""
    return done.counts["new"], done.counts["changed"], done.counts["unchanged"]


ALL_TABLES = (
    "area",
    "compound",
    "building",
    "unit",
    "household",
    "walk_edge",
    "station",
    "candidate_site",
    "person",
    "post",
    "holding",
    "city",
    "import_change",
)


def snapshot() -> dict[str, int]:
    """Return how many rows each table holds."""
    return {table: asked(f"SELECT count(*) FROM {table}")[0] for table in ALL_TABLES}
