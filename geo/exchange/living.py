"""Where the people of a file live: building, unit and community of the doors its rows were matched to."""

from typing import NamedTuple

import pandas as pd
from sqlalchemy import Connection, text

PLACES = ("building", "unit")
DOORS = text(
    "SELECT 'building' AS kind, b.id, b.id AS building_id, NULL AS unit_id, b.community_id FROM building b "
    "WHERE b.id = ANY (:buildings) "
    "UNION ALL SELECT 'unit', u.id, u.building_id, u.id, u.community_id FROM unit u WHERE u.id = ANY (:units)"
)


class Door(NamedTuple):
    """A building or one of its units, with the community it belongs to."""

    building_id: int
    unit_id: int | None
    community_id: int


def doors_of(connection: Connection, rows: pd.DataFrame) -> dict[int, Door]:
    """Return the door of each row that has one (columns row, place_kind, place_id), by row."""
    placed = rows[rows["place_id"].notna()]
    ids = {kind: placed.loc[placed["place_kind"] == kind, "place_id"].astype(int).tolist() for kind in PLACES}
    found = connection.execute(DOORS, {"buildings": ids["building"], "units": ids["unit"]})
    known = {(row.kind, row.id): Door(row.building_id, row.unit_id, row.community_id) for row in found}
    wanted = zip(placed["row"], placed["place_kind"], placed["place_id"], strict=True)
    return {int(row): known[kind, int(key)] for row, kind, key in wanted if (kind, int(key)) in known}
