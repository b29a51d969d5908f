"""Telephone numbers of the demo city's post holders: taken out of the persons' rows and sealed on their own."""

import numpy as np
from sqlalchemy import Connection

from data.frames import Frame
from geo.access.contacts import END, LONG_ENOUGH, TABLE, sealed_contact
from geo.access.keyring import keyring
from geo.store.copy import copy_columns

COLUMNS = {"person_id": "int8", "phone_sealed": "bytea", "phone_mark": "bytea"}


class Contacts:
    """The numbers met so far, kept until all persons are written."""

    def __init__(self) -> None:
        self.parts: list[tuple[np.ndarray, np.ndarray]] = []

    def taken_from(self, frame: Frame) -> Frame:
        """Return a frame as it is stored: persons with the end of their number in its place."""
        if frame.table != "person":
            return frame
        columns = dict(frame.columns)
        phone = columns.pop("phone")
        known = np.strings.str_len(phone) >= LONG_ENOUGH
        self.parts.append((columns["id"][known], phone[known]))
        ends = np.array([number[-END:] for number in phone.tolist()], dtype=f"S{END}")
        return Frame(frame.table, columns | {"phone_end": np.where(known, ends, b"")})

    def write(self, connection: Connection) -> int:
        """Seal and store the numbers and return how many there are."""
        if not self.parts:
            return 0
        ids, phones = (np.concatenate(columns) for columns in zip(*self.parts, strict=True))
        if len(ids):
            key = keyring(connection).sealing
            sealed, marks = np.empty((2, len(ids)), dtype=object)
            for at, (person_id, phone) in enumerate(zip(ids.tolist(), phones.tolist(), strict=True)):
                sealed[at], marks[at] = sealed_contact(key, person_id, phone.decode())
            copy_columns(connection, TABLE, COLUMNS, {"person_id": ids, "phone_sealed": sealed, "phone_mark": marks})
        return len(ids)
