"""What became of the demo's requests: steps in time, side ways, call-backs; some late, some stuck."""

from typing import Any

import numpy as np
from sqlalchemy import Connection, text

from data.request_words import REASONS
from geo.store.copy import copy_columns

HOUR, DAY = 3600.0, 86_400.0
COLUMNS = {
    "status": "text", "accepted": "float8", "resolved": "float8", "closed": "float8", "paused_s": "int8",
    "paused_from": "float8", "waiting_until": "float8", "escalated_to": "text", "returned": "int2", "reopened": "int2",
    "duplicate_of": "int8", "handed_on": "bool", "by": "text",
}  # fmt: skip
BY = "d.by"
END = ("resolved", "called_back", "closed")
WAYS = {
    "usual": ("accepted", "dispatched", "in_progress", *END),
    "out_of_scope": ("accepted", "out_of_scope"),
    "returned": ("accepted", "dispatched", "returned", "dispatched", "in_progress", *END),
    "waiting": ("accepted", "dispatched", "in_progress", "waiting", "in_progress", *END),
    "escalated": ("accepted", "dispatched", "in_progress", "escalated", "in_progress", *END),
    "reopened": ("accepted", "dispatched", "in_progress", "resolved", "called_back", "reopened", "in_progress", *END),
    "duplicate": ("accepted", "duplicate"),
}
NAMES = tuple(WAYS)
WAY_ENDS = np.cumsum([0.86, 0.02, 0.03, 0.04, 0.03])
DUPLICATE, DUPLICATE_WITHIN = 0.3, 3 * DAY
STUCK, STUCK_DAYS = 0.12, 60
REACHED, RESPONDED, SOLVED = 0.86, 0.96, 0.9
BASICALLY, NOT_SATISFIED = 0.22, 0.07
WAIT_LIMIT = 30 * DAY
ORGANISED = text("SELECT community_id FROM user_role WHERE user_name = 'demo-organiser'")
EVENT_TYPES = {
    "request": "int8", "at": "float8", "from_status": "text", "to_status": "text", "note": "text",
}  # fmt: skip
CALL_TYPES = {
    "request": "int8", "at": "float8", "reached": "bool", "responded": "bool", "solved": "bool", "satisfied": "text",
}  # fmt: skip
KEEP_EVENTS = text(
    "INSERT INTO request_event (request_id, community_id, happened_at, recorded_at, recorded_by, kind, from_status, "
    "to_status, note) SELECT r.id, r.community_id, to_timestamp(e.at), to_timestamp(e.at), r.recorded_by, 'status', "
    "e.from_status, e.to_status, e.note FROM demo_event e JOIN request r ON r.id = e.request ORDER BY e.at, r.id"
)
KEEP_CALLS = text(
    "INSERT INTO call_back (request_id, community_id, called_at, recorded_by, reached, responded, solved, satisfied) "
    "SELECT r.id, r.community_id, to_timestamp(c.at), r.recorded_by, c.reached, "
    "CASE WHEN c.reached THEN c.responded END, CASE WHEN c.reached THEN c.solved END, "
    "CASE WHEN c.reached THEN c.satisfied END "
    "FROM demo_call c JOIN request r ON r.id = c.request ORDER BY c.at, r.id"
)

Columns = dict[str, Any]


def take(
    connection: Connection, rng: np.random.Generator, columns: Columns, *, now: float
) -> tuple[Columns, Columns]:
    """Fill the columns of COLUMNS of requests sorted by time; return their events and their call-backs."""
    count = len(columns["id"])
    way = np.searchsorted(WAY_ENDS, rng.random(count))
    columns["duplicate_of"] = _duplicates(rng, columns, way)
    pace = rng.uniform(0.7, 1.5, int(columns["community"].max()) + 1)[columns["community"]]
    columns |= {
        "status": np.full(count, "received", dtype=object), "paused_s": np.zeros(count, dtype=np.int64),
        "escalated_to": np.full(count, None, dtype=object), "handed_on": np.zeros(count, dtype=bool),
        "returned": np.zeros(count, dtype=np.int16), "reopened": np.zeros(count, dtype=np.int16),
        **{name: np.full(count, np.nan) for name in ("accepted", "resolved", "closed", "paused_from", "waiting_until")},
    }  # fmt: skip
    events = [_events(columns["id"], columns["received"], None, "received", None)]
    for place, name in enumerate(NAMES):
        rows = np.flatnonzero(way == place)
        times = _times(rng, columns, rows, WAYS[name], pace[rows], now=now)
        events += _walk(rng, columns, rows, WAYS[name], times)
    organised = np.array(connection.scalars(ORGANISED).all(), dtype=np.int64)
    mine = np.isin(columns["community"], organised) & (rng.random(count) < 0.6)
    columns["by"] = np.where(mine, "demo-organiser", "demo-staff").astype(object)
    joined = {name: np.concatenate([part[name] for part in events]) for name in EVENT_TYPES}
    return joined, _calls(rng, joined, way[joined["request"] - 1] == NAMES.index("reopened"))


def _duplicates(rng: np.random.Generator, columns: Columns, way: np.ndarray) -> np.ma.MaskedArray:
    """Make some requests the double of the one before from the same building; return which they repeat."""
    order = np.lexsort((columns["received"], columns["building"]))
    before, after = order[:-1], order[1:]
    near = (columns["building"][before] == columns["building"][after]) & columns["incident"].mask[after]
    near &= columns["received"][after] - columns["received"][before] < DUPLICATE_WITHIN
    doubles = near & (rng.random(len(near)) < DUPLICATE)
    doubles[1:] &= ~doubles[:-1]
    first, second = before[doubles], after[doubles]
    for name in ("category", "class_code", "respond_h", "solve_h", "summary"):
        columns[name][second] = columns[name][first]
    way[second] = NAMES.index("duplicate")
    of = np.ma.masked_all(len(way), dtype=np.int64)
    of[second] = columns["id"][first]
    return of


def _times(
    rng: np.random.Generator, columns: Columns, rows: np.ndarray, steps: tuple[str, ...], pace: np.ndarray, *,
    now: float,
) -> np.ndarray:  # fmt: skip
    """Return the seconds of each step by request (rows x steps); later than now: not yet, so infinite."""
    count = len(rows)
    received, solve = columns["received"][rows], columns["solve_h"][rows] * HOUR
    spent = solve * rng.lognormal(np.log(0.42), 0.7, count) * pace
    usual = {
        "accepted": columns["respond_h"][rows] * HOUR * rng.lognormal(np.log(0.35), 0.7, count) * pace,
        "dispatched": rng.exponential(0.08, count) * spent + 300,
        "returned": rng.uniform(1, 20, count) * HOUR,
        "in_progress": rng.exponential(0.15, count) * spent + 300,
        "waiting": rng.uniform(0.5, 5, count) * HOUR,
        "escalated": rng.uniform(0.3, 1.2, count) * solve,
        "resolved": 0.7 * spent + 600,
        "called_back": rng.uniform(0.2, 3, count) * DAY,
        "reopened": np.full(count, 1800.0),
        "closed": np.full(count, 900.0),
        "out_of_scope": rng.uniform(1, 30, count) * HOUR,
        "duplicate": rng.uniform(0.2, 8, count) * HOUR,
    }
    length = np.stack([usual[step] for step in steps], axis=1)
    if "waiting" in steps:
        length[:, steps.index("waiting") + 1] = rng.uniform(2, 20, count) * DAY
    stuck = (rng.random(count) < STUCK) & (received > now - STUCK_DAYS * DAY)
    length[stuck, rng.integers(0, len(steps), count)[stuck]] = np.inf
    times = received[:, None] + np.cumsum(length, axis=1)
    return np.where(times < now, times, np.inf)


def _walk(
    rng: np.random.Generator, columns: Columns, rows: np.ndarray, steps: tuple[str, ...], times: np.ndarray
) -> list[Columns]:
    """Set what the steps that are reached do to their requests; return their events."""
    events, before = [], "received"
    for place, step in enumerate(steps):
        at = times[:, place]
        there = np.isfinite(at)
        reached, when = rows[there], at[there]
        notes = REASONS.get(step)
        note = np.array(notes, dtype=object)[rng.integers(0, len(notes), len(reached))] if notes else None
        events.append(_events(columns["id"][reached], when, before, step, note))
        _mark(columns, reached, step, before, when)
        columns["status"][reached] = step
        before = step
    waits = columns["status"][rows] == "waiting"
    columns["paused_from"][rows[~waits]] = np.nan
    columns["waiting_until"][rows[~waits]] = np.nan
    columns["duplicate_of"][rows[columns["status"][rows] != "duplicate"]] = np.ma.masked
    return events


def _mark(columns: Columns, rows: np.ndarray, step: str, before: str, when: np.ndarray) -> None:
    if step == "accepted":
        columns["accepted"][rows] = when
    elif step == "dispatched":
        columns["handed_on"][rows] = True
    elif step == "resolved":
        columns["resolved"][rows] = when
    elif step in {"closed", "duplicate", "out_of_scope"}:
        columns["closed"][rows] = when
    elif step == "waiting":
        columns["paused_from"][rows], columns["waiting_until"][rows] = when, when + WAIT_LIMIT
    elif step == "escalated":
        columns["escalated_to"][rows] = "street_office"
    elif step in {"returned", "reopened"}:
        columns[step][rows] = 1
        columns["resolved"][rows] = np.nan
    if before == "waiting":
        columns["paused_s"][rows] = (when - columns["paused_from"][rows]).astype(np.int64)


def _events(ids: np.ndarray, at: np.ndarray, before: str | None, after: str, note: np.ndarray | None) -> Columns:
    blank = np.full(len(ids), None, dtype=object)
    return {
        "request": np.asarray(ids), "at": at, "from_status": np.full(len(ids), before, dtype=object),
        "to_status": np.full(len(ids), after, dtype=object), "note": blank if note is None else note,
    }  # fmt: skip


def _calls(rng: np.random.Generator, events: Columns, reopened: np.ndarray) -> Columns:
    called = events["to_status"] == "called_back"
    asked, at, reopened = events["request"][called], events["at"][called], reopened[called]
    order = np.lexsort((at, asked))
    asked, at, reopened = asked[order], at[order], reopened[order]
    bad = reopened & (np.diff(asked, prepend=-1) > 0)
    count = len(asked)
    reached = bad | (rng.random(count) < REACHED)
    solved = ~bad & (rng.random(count) < SOLVED)
    chance = rng.random(count)
    opinion = np.where(chance < NOT_SATISFIED, "no", np.where(chance < NOT_SATISFIED + BASICALLY, "basically", "yes"))
    return {
        "request": asked, "at": at, "reached": reached, "responded": rng.random(count) < RESPONDED, "solved": solved,
        "satisfied": np.where(bad, "no", opinion).astype(object),
    }  # fmt: skip


def keep(connection: Connection, events: Columns, calls: Columns) -> None:
    """Store the events and call-backs of requests that are stored."""
    for table, types, rows, statement in (
        ("demo_event", EVENT_TYPES, events, KEEP_EVENTS), ("demo_call", CALL_TYPES, calls, KEEP_CALLS),
    ):  # fmt: skip
        staged = ", ".join(f"{name} {kind}" for name, kind in types.items())
        connection.execute(text(f"CREATE TEMP TABLE {table} ({staged}) ON COMMIT DROP"))
        copy_columns(connection, table, types, rows)
        connection.execute(statement)
        connection.execute(text(f"DROP TABLE {table}"))
