"""Commands on stations: one is taken from status to status, with one audit entry each."""

from datetime import date

from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput
from geo.governance import rules
from geo.i18n import N_
from geo.places import records
from geo.places.search_text import cleaned
from geo.places.writes import close_place
from geo.store import audit
from geo.store.versions import bump


def set_status(session: Session, station_id: int, status: str, *, on: date, reason: str, expected_version: int) -> None:
    """Take a station to the next status on a day; closing it also takes it off the map.

    Undone by places.writes.undo_change. Raises Conflict when the status does not follow, when somebody was faster,
    or when somebody still holds a post of a station to be closed; BadInput without a reason; NotFound.
    """
    require(session, "edit_stations")
    why = cleaned(reason)
    if not why:
        raise BadInput(N_("Write down why the status changes, so that the history can be read."))
    records.hold(session, "station", station_id, expected_version)
    before = records.image(session, "station", station_id) or {}
    rules.checked_step(before["status"], status)
    if status == "closed":
        close_place(session, "station", station_id, on=on, reason=why, expected_version=expected_version)
        return
    fields: records.Image = {"status": status}
    if status == "open" and before["opened_on"] is None:
        fields["opened_on"] = on.isoformat()
    records.overwrite(session, "station", station_id, fields)
    after = records.image(session, "station", station_id) or {}
    audit.record(
        session,
        "status",
        "station",
        station_id,
        audit.Change(
            before=records.single("station", station_id, before),
            after=records.single("station", station_id, after),
            community_id=after["community_id"],
            note=why,
        ),
    )
    bump(session, "places")
