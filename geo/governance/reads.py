"""Questions about stations and organisations: which there are, how far they are, who runs them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geo.governance.rules import is_staffed
from geo.store.statements import statement


@dataclass(frozen=True)
class StationView:
    """A station with its place, status and staffing on a day; lon, lat in EPSG:4326.

    stationmaster is None where nobody is (has_stationmaster says so), and where the reader may not see who.
    """

    id: int
    code: str
    name: str
    status: str
    phase: str
    floor_area_m2: float | None
    opening_hours: str | None
    opened_on: date | None
    version: int
    community_id: int
    community: str
    compound_id: int | None
    compound: str | None
    lon: float
    lat: float
    stationmaster: str | None
    has_stationmaster: bool
    deputies: int

    @property
    def staffed(self) -> bool:
        """Tell whether one stationmaster and at least one deputy are there."""
        return is_staffed(int(self.has_stationmaster), self.deputies)


@dataclass(frozen=True)
class OrganisationView:
    """An organisation with the community and, where it works in one, the compound it belongs to."""

    id: int
    code: str
    kind: str
    name: str
    community_id: int
    community: str
    compound_id: int | None
    compound: str | None


def organisations(connection: Connection) -> list[OrganisationView]:
    """Return the organisations that are not closed, by community, compound and name."""
    rows = connection.execute(text(statement("governance", "organisations")))
    return [OrganisationView(**row._asdict()) for row in rows]


def stations(connection: Connection, *, on: date, community_id: int | None = None) -> list[StationView]:
    """Return the stations that are not closed, by community and name, with their staffing on a day."""
    rows = connection.execute(text(statement("governance", "stations")), {"on": on, "community_id": community_id})
    return [StationView(**row._asdict()) for row in rows]
