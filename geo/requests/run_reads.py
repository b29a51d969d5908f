"""Requests as a run of hotspots reads them: place, category and times, without text, number or anybody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from geo.access.asking import refusals_told
from geo.access.reads import require
from geo.store.session import Actor, writing

ROWS = text("SELECT * FROM app_requests_of_run(:what_for)")


@dataclass(frozen=True)
class RunRequest:
    """A request of a run: address_hash tells two addresses apart within the run; lon, lat in EPSG:4326."""

    community_id: int
    building_id: int | None
    lon: float | None
    lat: float | None
    category: str
    received_at: datetime
    resolved_at: datetime | None
    in_incident: bool
    address_hash: int | None


def requests_of_run(actor: Actor, purpose: str) -> list[RunRequest]:
    """Return the requests a run may read, with one log entry that names the purpose and how many there were.

    Duplicates are left out. Raises NotAllowed, BadInput without a purpose.
    """
    with writing(actor) as session:
        require(session, "run_hotspots")
        with refusals_told():
            return [RunRequest(*row) for row in session.execute(ROWS, {"what_for": purpose})]
