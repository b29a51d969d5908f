"""What the latest runs of a community found: changes to circles at work, needs nobody meets, the plan of a week."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
from sqlalchemy import Connection

from geo.people.circle_rules import Member
from geo.planning.shift_rules import Turn
from geo.planning.studies import StudyView
from geo.planning.study_reads import studies, study_frame

NOBODY = 0


@dataclass(frozen=True)
class Change:
    """Who would be in a circle at work from now on, everybody who stays included."""

    need_id: int
    circle_id: int
    members: tuple[Member, ...]


@dataclass(frozen=True)
class Gap:
    """Hours a week of a need that nobody gives, and why: a key of geo.coverage.pairing.CAUSES."""

    need_id: int
    hours: float
    cause: str


@dataclass(frozen=True)
class PairingFound:
    """A kept pairing: the study with its figures, what it would change in circles at work, and what is not met."""

    study: StudyView
    changes: tuple[Change, ...]
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class PlannedTurn:
    """A turn of a plan; volunteer_id None and a cause (a key of rota_inputs.UNFILLED_WORDS) where nobody does it."""

    circle_id: int
    volunteer_id: int | None
    turn: Turn
    task: str
    cause: str | None


@dataclass(frozen=True)
class RotaFound:
    """A kept plan of a week: the study with its figures and the turns in order of time."""

    study: StudyView
    turns: tuple[PlannedTurn, ...]


def latest_pairing(connection: Connection, community_id: int) -> PairingFound | None:
    """Return what the newest pairing of a community found, None when there is none the actor may see."""
    kept = next(iter(studies(connection, "pairing", community_id)), None)
    if kept is None:
        return None
    frame = study_frame(connection, kept.id)
    found = frame[(frame.circle_id != NOBODY) & (frame.volunteer_id != NOBODY)]
    changes = tuple(
        Change(int(key[0]), int(key[1]), tuple(_member(row) for row in rows.itertuples()))
        for key, rows in found.groupby(["need_id", "circle_id"])
    )
    gaps = tuple(
        Gap(int(row.need_id), float(row.missing), str(row.cause))
        for row in frame[frame.volunteer_id == NOBODY].itertuples()
    )
    return PairingFound(kept, changes, gaps)


def latest_rota(connection: Connection, community_id: int, monday: date) -> RotaFound | None:
    """Return the newest plan of a week of a community, None when there is none the actor may see."""
    week = monday.isoformat()
    planned = (one for one in studies(connection, "rota", community_id) if one.asked.get("monday") == week)
    kept = next(planned, None)
    if kept is None:
        return None
    rows = study_frame(connection, kept.id).sort_values(["on_day", "from_minute", "circle_id"])
    return RotaFound(kept, tuple(_turn(row) for row in rows.itertuples()))


def _member(row: Any) -> Member:
    tasks = tuple(row.tasks.split(",")) if row.tasks else ()
    metres = None if pd.isna(row.metres) else float(row.metres)
    return Member(int(row.volunteer_id), str(row.role), tasks, (), float(row.hours_week), metres)


def _turn(row: Any) -> PlannedTurn:
    turn = Turn(date.fromisoformat(row.on_day), int(row.from_minute), int(row.to_minute))
    return PlannedTurn(int(row.circle_id), int(row.volunteer_id) or None, turn, str(row.task), row.cause or None)
