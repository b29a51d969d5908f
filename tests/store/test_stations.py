"""Stations in the real database: drawn, taken from status to status, closed."""

from typing import Any

import pytest

from geo.access.actor import OPERATOR
from geo.errors import BadInput, Conflict
from geo.governance import reads, writes
from geo.people.rules import Term
from geo.people.writes import Appointment, Seat, Who, assign
from geo.places.reads import place_card
from geo.places.writes import draw_place, undo_change
from geo.store.session import reading, writing
from tests.store.small_city import TODAY, SmallCity, build

AT = {"type": "Point", "coordinates": [115.930, 36.430]}


@pytest.fixture
def city(clean_store: object) -> SmallCity:
    return build()


@pytest.fixture
def station(city: SmallCity) -> int:
    with writing(OPERATOR) as session:
        return draw_place(session, "station", AT, {"name": "红旗驿站", "floor_area_m2": 120})


def _step(station: int, status: str, version: int, reason: str = "as planned") -> None:
    with writing(OPERATOR) as session:
        writes.set_status(session, station, status, on=TODAY, reason=reason, expected_version=version)


def _seen() -> list[reads.StationView]:
    with reading(OPERATOR) as connection:
        return reads.stations(connection, on=TODAY)


def test_a_station_goes_from_proposed_to_open_step_by_step(city: SmallCity, station: int) -> None:
    for version, status in enumerate(("sited", "funded", "building", "open"), start=1):
        _step(station, status, version)
    found = _seen()[0]
    assert (found.status, found.opened_on, found.compound, found.floor_area_m2) == ("open", TODAY, "金桂花园", 120)
    with pytest.raises(Conflict, match="After “Open” comes: Suspended, Closed"):
        _step(station, "funded", 5)


def test_a_step_needs_a_reason_and_can_be_undone(city: SmallCity, station: int) -> None:
    with pytest.raises(BadInput, match="why"):
        _step(station, "sited", 1, " ")
    _step(station, "sited", 1)
    with pytest.raises(Conflict, match="changed this on"):
        _step(station, "funded", 1)
    with reading(OPERATOR) as connection:
        change = place_card(connection, "station", station).history[0]
    assert [(row.field, row.before, row.after) for row in change.changes] == [("Status", "Proposed", "Sited")]
    with writing(OPERATOR) as session:
        undo_change(session, change.id)
    assert _seen()[0].status == "proposed"


def test_staffing_is_valid_with_a_stationmaster_and_a_deputy(city: SmallCity, station: int) -> None:
    def give(kind: str, name: str) -> Any:
        with writing(OPERATOR) as session:
            return assign(session, Seat(kind, station), Who(name=name), Appointment(Term(TODAY, None), "appointed"))

    give("stationmaster", "王建国")
    assert not _seen()[0].staffed
    give("deputy_stationmaster", "李秀英")
    give("deputy_stationmaster", "张伟")
    found = _seen()[0]
    assert (found.stationmaster, found.deputies, found.staffed) == ("王建国", 2, True)
    with pytest.raises(Conflict, match="still hold posts"):
        _step(station, "closed", 1)


def test_a_closed_station_leaves_the_list(city: SmallCity, station: int) -> None:
    _step(station, "closed", 1)
    assert _seen() == []
