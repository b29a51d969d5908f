"""Visits of the last half year for the demo's needs: most in time, some late, some doors never opened."""

from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from sqlalchemy import Connection, text

from data.frames import room_rng
from geo.people.tables import VISIT_FINDINGS
from geo.planning.rules import parameter_named
from geo.settings import settings
from geo.store.clock import today as city_today
from geo.store.copy import copy_columns

DAYS = 182
LATE, NEVER = 0.16, 0.06
RESULTS, RESULT_ENDS = np.array(["met", "absent", "refused"]), (0.87, 0.97)
FINDING_SHARES = np.array([0, 0.07, 0.015, 0.16, 0.1, 0.12, 0.07, 0.06])
MINUTES = np.array([10, 20, 30, 45, 60])
VISITORS = np.array(["demo-staff", "demo-organiser", "demo-head"])
VISITOR_ENDS = (0.55, 0.9)
RHYTHMS = {"high": "visit_high_risk_days", "key": "visit_key_days", "general": "visit_general_days"}
FIRST_HOUR, LAST_HOUR = 9, 17
NEEDS = text(
    "SELECT n.id, n.opened_on, coalesce(n.ended_on, :today) AS until, n.cadence_days, p.risk_class FROM care_need n "
    "LEFT JOIN personal.helped_person p ON p.id = n.helped_person_id ORDER BY n.id"
)
TYPES = {
    "key": "text", "need": "int8", "at": "float8", "kind": "text", "result": "text", "findings": "text",
    "minutes": "int4", "due": "date", "by": "text",
}  # fmt: skip
STAGE = f"CREATE TEMP TABLE demo_visit ({', '.join(f'{name} {kind}' for name, kind in TYPES.items())}) ON COMMIT DROP"
KEEP = text(
    "INSERT INTO visit (key, care_need_id, community_id, building_id, visited_at, recorded_at, recorded_by, kind, "
    "result, findings, minutes, next_due_on) "
    "SELECT d.key::uuid, n.id, n.community_id, n.building_id, to_timestamp(d.at), to_timestamp(d.at + 1800), d.by, "
    "d.kind, d.result, coalesce(string_to_array(d.findings, ','), '{}'), d.minutes, d.due "
    "FROM demo_visit d JOIN care_need n ON n.id = d.need ORDER BY d.at, n.id"
)


def write(connection: Connection, seed: int, today: np.datetime64 | None = None) -> int:
    """Store visits to the needs that are there, in the transaction that loads a demo city; return how many.

    The same needs, seed and day give the same visits; nobody is visited before a need opened or after it ended.
    """
    rng = room_rng(seed, "visits")
    day = np.datetime64(city_today(), "D") if today is None else today
    found = connection.execute(NEEDS, {"today": day.item()}).all()
    if not found:
        return 0
    opened = np.array([row.opened_on for row in found], dtype="datetime64[D]")
    until = np.minimum(np.array([row.until for row in found], dtype="datetime64[D]"), day)
    numbers = {risk: parameter_named(name).default for risk, name in RHYTHMS.items()}
    rhythm = np.array([row.cadence_days or numbers[row.risk_class or "general"] for row in found], dtype=int)
    need, planned = _planned(rng, opened, until, rhythm, day)
    high = np.array([row.risk_class == "high" for row in found])
    columns = _columns(rng, need, planned, rhythm=rhythm, high=high, opened=opened)
    columns["need"] = np.array([row.id for row in found])[need]
    connection.execute(text(STAGE))
    copy_columns(connection, "demo_visit", TYPES, columns)
    connection.execute(KEEP)
    connection.execute(text("DROP TABLE demo_visit"))
    connection.execute(text("ANALYZE visit"))
    return len(need)


def _planned(
    rng: np.random.Generator, opened: np.ndarray, until: np.ndarray, rhythm: np.ndarray, day: np.datetime64
) -> tuple[np.ndarray, np.ndarray]:
    """Return for each visit the place of its need and its day, by need and day."""
    chance = rng.random(len(opened))
    first = np.maximum(opened + rng.integers(0, 5, len(opened)), day - DAYS + rng.integers(0, rhythm))
    gap = rng.integers(1, 3, len(opened)) * rhythm
    last = np.where(chance < NEVER + LATE, until - gap, until) - 1
    count = np.where(chance < NEVER, 0, np.maximum((last - first).astype(int), -1) // rhythm + 1)
    need = np.repeat(np.arange(len(opened)), count)
    turn = np.arange(len(need)) - np.repeat(np.cumsum(count) - count, count)
    slip = (rng.random(len(need)) * np.minimum(rhythm[need], 30) * 0.3).astype(int)
    return need, np.minimum(first[need] + turn * rhythm[need] + slip, last[need])


def _columns(
    rng: np.random.Generator, need: np.ndarray, planned: np.ndarray, *, rhythm: np.ndarray, high: np.ndarray,
    opened: np.ndarray,
) -> dict[str, np.ndarray]:  # fmt: skip
    count = len(need)
    result = RESULTS[np.searchsorted(RESULT_ENDS, rng.random(count))]
    met = result == "met"
    seen = (rng.random((count, len(VISIT_FINDINGS))) < FINDING_SHARES) & met[:, None]
    seen[:, 0] = met & ~seen.any(axis=1)
    changed = high[need] & seen[:, 1:3].any(axis=1)
    local = ZoneInfo(settings().time_zone).utcoffset(datetime.combine(city_today(), datetime.min.time()))
    hours = rng.integers(FIRST_HOUR * 12, LAST_HOUR * 12, count) * 300
    is_first = np.diff(need, prepend=-1) > 0
    return {
        "key": _keys(rng, count),
        "at": planned.astype("datetime64[s]").astype(np.int64) + hours - (local.total_seconds() if local else 0),
        "kind": np.where(is_first, "first", np.where(rng.random(count) < 0.1, "phone", "care")).astype(object),
        "result": result.astype(object),
        "findings": _listed(seen),
        "minutes": np.ma.masked_array(MINUTES[rng.integers(0, len(MINUTES), count)], ~met),
        "due": _due(planned, met, np.where(changed, 1, rhythm[need]), is_first, opened[need]),
        "by": VISITORS[np.searchsorted(VISITOR_ENDS, rng.random(count))].astype(object),
    }


def _due(
    planned: np.ndarray, met: np.ndarray, days: np.ndarray, is_first: np.ndarray, opened: np.ndarray
) -> np.ndarray:
    """Return when the next visit was due after each: by the last that met somebody, else since the need opened."""
    place = np.arange(len(planned))
    start = np.maximum.accumulate(np.where(is_first, place, 0)) if len(place) else place
    last = np.maximum.accumulate(np.where(met, place, -1)) if len(place) else place
    known = last >= start
    return np.where(known, planned[last] + days[last], opened)


def _listed(seen: np.ndarray) -> np.ndarray:
    codes = 1 << np.arange(seen.shape[1])
    kinds, place = np.unique(seen @ codes, return_inverse=True)
    words = [",".join(name for at, name in enumerate(VISIT_FINDINGS) if kind >> at & 1) or None for kind in kinds]
    return np.array(words, dtype=object)[place]


def _keys(rng: np.random.Generator, count: int) -> np.ndarray:
    drawn = rng.bytes(16 * count).hex()
    return np.array([drawn[at : at + 32] for at in range(0, 32 * count, 32)], dtype=object)
