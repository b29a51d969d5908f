"""Questions about who was asked to take which post, and what came of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

from geo.people.candidacy_rules import OVER
from geo.people.seats import PLACE_OF_POST


@dataclass(frozen=True)
class CandidacyView:
    """Somebody asked to take a post; name is None where the reader may not see who it is."""

    id: int
    post_id: int
    place_kind: str
    place_id: int
    person_id: int
    name: str | None
    status: str
    asked_on: date
    asked_by: str
    decided_on: date | None
    reason: str | None
    version: int

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to come."""
        return self.status in {"asked", "accepted"}


QUERY = (
    "SELECT c.id, c.post_id, CASE WHEN p.station_id IS NOT NULL THEN 'station' WHEN p.unit_id IS NULL THEN 'building' "
    "ELSE 'unit' END AS place_kind, coalesce(p.unit_id, p.building_id, p.station_id, 0) AS place_id, c.person_id, "
    "n.name, c.status, c.asked_on, c.asked_by, "
    "c.decided_on, c.reason, c.version "
    "FROM candidacy c JOIN post p ON p.id = c.post_id LEFT JOIN person n ON n.id = c.person_id"
)


def candidacies(connection: Connection, kind: str, place_id: int) -> list[CandidacyView]:
    """Return who was asked to take a post of a place (a building, unit or station by its kind), newest first."""
    column = f"{PLACE_OF_POST[kind]}_id"
    rows = connection.execute(
        text(f"{QUERY} WHERE p.kind = :kind AND p.{column} = :place "
             "ORDER BY c.id DESC"),
        {"kind": kind, "place": place_id},
    )  # fmt: skip
    return [CandidacyView(**row._asdict()) for row in rows]


def open_candidacies(connection: Connection, community_id: int | None = None) -> list[CandidacyView]:
    """Return the requests nobody has answered or acted on yet, the oldest first."""
    rows = connection.execute(
        text(f"{QUERY} WHERE c.status IN ('asked', 'accepted') "
             "AND (CAST(:here AS bigint) IS NULL OR c.community_id = :here) ORDER BY c.asked_on, c.id"),
        {"here": community_id},
    )  # fmt: skip
    return [CandidacyView(**row._asdict()) for row in rows]


def declined_pairs(connection: Connection, post_ids: Sequence[int]) -> list[tuple[int, int]]:
    """Return post and person of everybody who declined or was refused for these posts before."""
    rows = connection.execute(
        text("SELECT DISTINCT post_id, person_id FROM candidacy WHERE post_id = ANY (:posts) AND status = ANY (:over)"),
        {"posts": list(post_ids), "over": sorted(OVER)},
    )
    return [(row.post_id, row.person_id) for row in rows]
