"""Rows of care needs with names, numbers and notes sealed, before they are kept anywhere."""

from dataclasses import replace

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from geo.access.asking import call
from geo.access.helped_persons import TABLE
from geo.access.keyring import keyring
from geo.access.sealing import Spot, seal
from geo.exchange.prepared import Prepared

SEALED_KINDS = frozenset({"care_needs"})
"""Kinds whose rows name people who are helped: in the state folder they lie sealed only."""
FIELDS = ("name", "phone", "notes")
PERSON = "person_id"
MOST_IDS = 10_000


def sealed(session: Session, prepared: Prepared) -> Prepared:
    """Return a prepared roster with name, phone and notes sealed for the persons they will belong to.

    The rows get person_id (NA where nobody is named) and name_sealed, phone_sealed, notes_sealed in place of the plain
    columns; other kinds, and rows that are sealed already, stay as they are. Raises StoreUnavailable without a key.
    """
    rows = prepared.rows
    if prepared.kind not in SEALED_KINDS or PERSON in rows:
        return prepared
    named = rows["name"].notna().to_numpy(dtype=bool)
    ids = np.zeros(len(rows), dtype=np.int64)
    ids[named] = _new_ids(session, int(named.sum()))
    made = rows.drop(columns=list(FIELDS))
    made[PERSON] = pd.array(ids, dtype="Int64")
    made.loc[~named, PERSON] = pd.NA
    key = keyring(session).sealing if named.any() else None
    for field in FIELDS:
        cells = rows[field].to_numpy(dtype=object, na_value=None)
        made[f"{field}_sealed"] = [
            seal(key, Spot(TABLE, field, int(person)), str(cell)) if key and there and cell is not None else None
            for person, there, cell in zip(ids, named, cells, strict=True)
        ]
    return replace(prepared, rows=made)


def _new_ids(session: Session, count: int) -> list[int]:
    ids: list[int] = []
    while len(ids) < count:
        ids += call(session, "new_person_ids", how_many=min(count - len(ids), MOST_IDS)).scalars().all()
    return ids
