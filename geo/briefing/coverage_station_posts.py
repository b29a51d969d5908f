"""Who could run a station: the party branch of its compound first, then party members who live there or near by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from sqlalchemy import Connection, text

from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.coverage_candidates import LEFT_OUT_WORDS, MOST, NEAR_WORDS, Candidate, WhoCould
from geo.briefing.overview import Stand
from geo.coverage.candidates import LeftOut, Near
from geo.coverage.candidates_study import homes_of
from geo.coverage.reach_study import Points, walks
from geo.errors import NotFound
from geo.governance.reads import StationView, stations
from geo.i18n import N_, _, number
from geo.people.candidacy_reads import candidacies
from geo.people.candidacy_rules import OVER
from geo.people.volunteer_reads import PairingRow, pairing_rows
from geo.planning.reads import parameters
from geo.store.session import reading

MASTER, DEPUTY = "stationmaster", "deputy_stationmaster"
OF_BRANCH = text("""
SELECT DISTINCT h.person_id FROM holding h
JOIN post p ON p.id = h.post_id AND p.closed_on IS NULL
JOIN organisation o ON o.id = p.organisation_id AND o.kind = 'party_branch' AND o.closed_on IS NULL
WHERE o.compound_id = :compound AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
""")
OF_STATION = text("""
SELECT DISTINCT h.person_id FROM holding h JOIN post p ON p.id = h.post_id AND p.closed_on IS NULL
WHERE p.station_id = :station AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
""")
BRANCH_WORDS, MEMBER_WORDS = N_("works in the party branch of this compound"), N_("party member")
NOT_A_MEMBER = N_("is not known as a party member")


@dataclass(frozen=True)
class _Person:
    """Somebody who could run a station: home as seen from it, of its party branch or not, and what they offer.

    near: None where they live too far away or nobody knows where; metres: on foot, NaN where not known; row: None for
    somebody of the branch who is no volunteer.
    """

    person_id: int
    near: Near | None
    metres: float
    of_branch: bool
    declined: bool
    row: PairingRow | None

    @property
    def is_member(self) -> bool:
        """Tell whether they are known as a party member."""
        return self.of_branch or (
            self.row is not None and (self.row.party_member or self.row.checked_in_on is not None)
        )

    def against(self, kind: str) -> str | None:
        """Return in words why they are not proposed, None for nothing."""
        if self.declined:
            return _(LEFT_OUT_WORDS[LeftOut.DECLINED])
        return _(NOT_A_MEMBER) if kind == MASTER and not self.is_member else None

    def rank(self, kind: str) -> tuple[bool, bool, bool, int, float, float]:
        """Return what is sorted by, the best first."""
        metres = self.metres if np.isfinite(self.metres) else np.inf
        near = int(Near.WALKING) + 1 if self.near is None else int(self.near)
        hours = self.row.free_hours if self.row else 0.0
        return self.against(kind) is not None, not self.of_branch, not self.is_member, near, metres, -hours

    def reasons(self) -> tuple[str, ...]:
        """Return in words why they stand where they stand."""
        words = [_(BRANCH_WORDS)] if self.of_branch else [_(MEMBER_WORDS)] if self.is_member else []
        if self.near is not None:
            words.append(_(NEAR_WORDS[self.near]))
        if np.isfinite(self.metres):
            words.append(_("{metres} m on foot", metres=number(self.metres)))
        if self.row is not None:
            words.append(_("{hours} hours a week left", hours=number(self.row.free_hours, 1)))
        return tuple(words)


def vacant_station_posts(stand: Stand, station_id: int) -> tuple[StationView, tuple[str, ...]]:
    """Return a station and the kinds of its posts nobody holds: a stationmaster, and at least one deputy."""
    with reading(stand.reader) as connection:
        found = next((row for row in stations(connection, on=stand.on) if row.id == station_id), None)
    if found is None or found.status == "closed":
        raise NotFound(N_("This station does not exist, or you may not see it. Choose another."))
    held = {MASTER: found.has_stationmaster, DEPUTY: bool(found.deputies)}
    return found, tuple(kind for kind, is_held in held.items() if not is_held)


def who_could_run(stand: Stand, station: StationView, kind: str) -> WhoCould:
    """Return who could be stationmaster or deputy, best first, those left out last.

    A stationmaster is of the party branch where the compound has one, else a party member who lives there or near by;
    who is no party member is left out. A deputy may be anybody who helps, party members first.
    """
    study, doors = COVERAGE.study(stand.reader, stand.on), COVERAGE.reach(stand.reader, stand.on).doors
    with reading(stand.reader) as connection:
        volunteers = pairing_rows(connection, station.community_id, on=stand.on)
        asked = {view.person_id: view for view in reversed(candidacies(connection, kind, station.id))}
        declined = {person_id for person_id, view in asked.items() if view.status in OVER}
        homes = _homes(connection, station, doors.at(homes_of(study, volunteers)), volunteers)
        best = sorted(_people(connection, station, homes, declined, stand.on), key=lambda one: one.rank(kind))[:MOST]
        query = text("SELECT id, name FROM person WHERE id = ANY (:ids)")
        names = {row.id: row.name for row in connection.execute(query, {"ids": [one.person_id for one in best]})}
    rows = [
        Candidate(one.person_id, names.get(one.person_id), one.reasons(), one.against(kind), asked.get(one.person_id))
        for one in best
    ]
    return WhoCould(kind, tuple(rows), sum(row.building_id is None for row in volunteers), by_network=True)


def _homes(
    connection: Connection, station: StationView, homes: Points, volunteers: Sequence[PairingRow]
) -> list[tuple[PairingRow, Near | None, float]]:
    """Return every volunteer with how near they live (None: too far away, or not known) and the metres on foot."""
    way, limit_m = walks(connection), float(parameters(connection)["volunteer_limit_m"])
    here = way.enter(np.array([station.lon]), np.array([station.lat]))
    found = way.nearest(homes, here, np.inf).metres.tolist() if volunteers else []
    near = [
        Near.SAME_COMPOUND
        if station.compound_id is not None and row.compound_id == station.compound_id
        else Near.WALKING if metres <= float(row.limit_m or limit_m) else None
        for row, metres in zip(volunteers, found, strict=True)
    ]  # fmt: skip
    return list(zip(volunteers, near, found, strict=True))


def _people(
    connection: Connection,
    station: StationView,
    homes: Sequence[tuple[PairingRow, Near | None, float]],
    declined: set[int],
    on: date,
) -> list[_Person]:
    """Return everybody to think of: volunteers near enough and people of the branch, without those of the station."""
    branch = set(connection.scalars(OF_BRANCH, {"compound": station.compound_id, "on": on}))
    there = set(connection.scalars(OF_STATION, {"station": station.id, "on": on}))
    near = [
        _Person(row.person_id, how, metres, row.person_id in branch, row.person_id in declined, row)
        for row, how, metres in homes
        if how is not None or row.person_id in branch
    ]
    others = sorted(branch - {one.person_id for one in near})
    everybody = [*near, *(_Person(one, None, np.nan, True, one in declined, None) for one in others)]
    return [one for one in everybody if one.person_id not in there]
