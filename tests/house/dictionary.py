"""Write docs/data-dictionary.md from the tables themselves: ``python -m tests.house.dictionary``."""

from collections.abc import Iterator
from importlib import import_module
from inspect import getdoc

from geoalchemy2 import Geometry
from sqlalchemy import CheckConstraint, Column, Table
from sqlalchemy.dialects import postgresql

from geo.store.metadata import ROOMS_WITH_TABLES, all_tables
from geo.store.texts import LONGEST
from tests.house.sources import ROOT

TARGET = ROOT / "docs" / "data-dictionary.md"
DIALECT = postgresql.dialect()  # type: ignore[no-untyped-call]

NOT_BLANK = "_not_blank"

INTRODUCTION = """# Data dictionary

Written by `python -m tests.house.dictionary` from the tables in `geo/*/tables.py`; a house test fails when it is not
up to date. Geometry is stored in EPSG:4326 (longitude, latitude). An empty number means unknown, never 0. Money is in
fen (1 yuan = 100 fen). A text with a bound holds something that can be seen and no control signs. Every table has row
security: an actor sees the communities their roles are held for, roles for the whole city see all, nobody sees anything
without naming an actor who holds a role today.
"""

MEANING = {
    "action": "what was done, as a verb",
    "actor": "who asked for it",
    "address": "standard address as it is written at the door",
    "after": "the record afterwards; empty when it was removed",
    "at": "when",
    "attempts": "how often it was started",
    "barrier": "what stands in the way (gate, bollard, steps)",
    "before": "the record before; empty when it was not there",
    "best": "best result so far",
    "built_year": "year of completion",
    "cancel_asked": "somebody pressed cancel",
    "cancel_asked_at": "when somebody pressed cancel",
    "changed_at": "time of the last change",
    "changed_by": "who changed it",
    "closed_on": "day the record was closed; closed ones stay and are not drawn",
    "code": "what files call it; unique",
    "cost_fen": "cost of making it a station",
    "counts": "rows read, accepted, repaired, refused",
    "created_at": "when it was asked for",
    "decided_at": "when it was accepted, dropped or undone",
    "demo_seed": "seed of the demo city; empty for a real one",
    "detail": "the values the finding speaks of",
    "device": "browser as it names itself",
    "elevator": "has a lift",
    "email": "address by which a sign-in service knows them",
    "end_reason": "why it ended early",
    "ended_at": "when it was ended; empty while it lasts",
    "entity": "kind of record",
    "entry_id": "the entry it seals",
    "error": "what went wrong: code, text and values",
    "evidence": "how the datum and the columns were recognised",
    "expires_at": "when it ends by itself",
    "extent": "the city's bounds",
    "failures": "failed attempts since the last success",
    "field": "column of the file",
    "file_name": "name of the file as it was given",
    "finished_at": "when it ended",
    "floor": "floor counted from 1; below ground negative",
    "floor_area_m2": "floor area",
    "floors": "floors above ground",
    "from_node": "junction it starts at",
    "from_on": "first day",
    "geom": "where it is",
    "given_by": "who gave it",
    "hash": "SHA-256 of the hash before it and of the entry's text",
    "heartbeat_at": "last sign of life",
    "height_m": "height above ground",
    "host": "where the device asked from",
    "households": "number of households; empty is unknown",
    "how": "how the holder came to the post",
    "id": "key",
    "kind": "kind, as a code",
    "length_m": "length on the ground",
    "level": "level of the area",
    "locked_until": "no attempt counts before this time",
    "message": "what is being done, as text and values",
    "metric_srid": "EPSG code in which metres are measured",
    "must_change": "the password must be changed at the next sign-in",
    "name": "name as people say it",
    "no": "place in the chain, without gaps",
    "note": "remark of whoever did it",
    "number": "number at the door",
    "oneway": "may be walked in one direction only",
    "opened_on": "day of opening",
    "opening_hours": "opening hours as written at the door",
    "options": "kind, datum, layer and columns chosen",
    "outcome": "accepted, repaired or refused",
    "owner": "who owns the room",
    "params": "what it was asked to do",
    "password_hash": "argon2id hash of the password",
    "phase": "pilot or rollout",
    "phone": "telephone",
    "pid": "process that runs it",
    "pid_started": "when that process started, to tell it from a later one",
    "pinyin": "name in pinyin and its initials, for the search",
    "placeholder": "stands for a place that is not known yet, shown as not assigned",
    "progress": "share done, 0 to 1",
    "result": "what it returned",
    "role": "what they may do; see the table of roles",
    "room": "room number",
    "row": "row of the file, the header being 1",
    "seen_at": "last time it was used",
    "sha256": "fingerprint of the file",
    "shown_name": "name as people read it; empty: the name itself",
    "single_seat": "only one may hold the post at a time",
    "source": "where the record came from",
    "started_at": "when it began",
    "status": "state, as a code",
    "tenure": "who lives there: owner, tenant or nobody",
    "to_node": "junction it ends at",
    "to_on": "first day without; empty is open-ended",
    "token_hash": "SHA-256 of the token in the cookie",
    "topic": "what is counted",
    "user_name": "the actor",
    "community_id": "the community it belongs to",
    "import_id": "the import that made it",
    "job_id": "the job that did it",
    "entity_id": "key of the record",
    "parent_id": "the area above",
    "attribute": "what is counted: everybody, age, risk or alone",
    "community_ids": "communities that the counts touch",
    "family": "residents or helped persons",
    "groups": "classes counted together, with their count",
    "made_by": "who published it",
    "made_on": "day it was published",
    "month": "first day of the month it holds for",
    "records": "buildings with numbers; empty where persons are counted",
    "resolution": "1 for the finest groups of classes",
    "suppress_below": "least count shown",
    "suppress_below_alone": "least count shown of living alone",
    "unknown": "buildings without numbers; empty where persons are counted",
    "value": "the city's own value",
    "version": "rises with every change",
    "walkable": "may be walked",
    "area_m2": "floor area",
    "asked_at": "when it was asked for",
    "birth_year": "year of birth",
    "care_need.number": "what people call it: six signs that say nothing about anybody",
    "check_value": "what tells the key from a wrong one",
    "consent.how": "how it was given: written, spoken or by a guardian",
    "consent.purpose": "what it was given for",
    "ended_on": "day it ended",
    "fields": "the fields asked for",
    "given_on": "day it was given",
    "name_sealed": "name, sealed",
    "living_alone": "lives alone; empty is unknown",
    "made_at": "when it was made",
    "notes_sealed": "health notes, sealed",
    "person_ids": "the helped persons",
    "phone_end": "end of the telephone number, to tell two of one name apart; the number is in personal.contact",
    "phone_mark": "keyed mark by which equal numbers are found",
    "phone_sealed": "telephone, sealed",
    "recorded_by": "who wrote it down",
    "retain_until": "kept until that day; empty while a need is open",
    "retired_at": "when it was given up",
    "risk_class": "high, key or general",
    "run.purpose": "what the run was for",
    "salt": "what the made-up names of this run come from",
    "sealing_key.id": "name of the key",
    "tasks": "what help is needed",
    "transaction_id": "the transaction that logged it; nothing is handed out before it is committed",
    "withdrawn_on": "day it was taken back",
    "approved_by": "who approved it",
    "approved_on": "day it was approved",
    "banned": "no station may go there",
    "capacity": "households a station there can serve; empty: any number",
    "chosen": "the answer puts a station there",
    "phase_year": "year its turn comes",
    "pinned": "a station must go there",
    "asked": "what was asked: limits, choices, filters",
    "asked_by": "who asked",
    "asked_on": "day they were asked",
    "cadence_days": "days between visits; empty: by risk class",
    "candidacy.reason": "why not, or what was agreed",
    "checked_in_on": "day a party member checked in where they live (双报到); empty: never",
    "circle_id": "the care circle",
    "confirmed_at": "when it was confirmed",
    "confirmed_by": "who confirmed it; empty: not yet",
    "data_on": "the day the data stood for",
    "data_versions": "state of places, posts and care it rests on, to tell a stale one",
    "decided_on": "day it was decided",
    "distance_m": "walked metres between the two homes",
    "dropped_at": "when it was put away",
    "figures": "the key figures it found",
    "findings": "what was found, as codes",
    "frame": "the rows it found, as a Parquet file",
    "from_minute": "minutes after midnight it begins",
    "hours_week": "hours a week",
    "key": "the phone's own key of the visit; a second one with the same key is the same visit",
    "limit_m": "how far they walk; empty: the city's number",
    "minutes": "how long",
    "next_due_on": "when the next visit is due",
    "on_day": "day",
    "parameters": "the city's numbers it used",
    "party_member": "is a party member",
    "purpose": "what it was for",
    "reason": "why",
    "recorded_at": "when it reached the server",
    "replaces_id": "the shift it stands in for",
    "skills": "what they can do, or what is needed, as codes",
    "started_on": "day it began",
    "study_id": "the study that proposed it",
    "task": "what is done",
    "team_kind": "kind of volunteer team; empty: no team or none of them",
    "to_minute": "minutes after midnight it ends",
    "user_role.reason": "why it was given",
    "visit.kind": "usual, first, after a change, or by telephone",
    "visited_at": "when it took place",
    "weekday": "0 is Monday",
    "weekdays": "0 is Monday",
    "accepted_at": "when somebody first took it on: the answer the respond-by clock waits for",
    "active": "may be chosen for new requests",
    "added_at": "when it was added",
    "added_by": "who added it",
    "api_key.name": "what it is called",
    "attachment.content": "the picture, without its metadata",
    "call_back.satisfied": "what they said of it: yes, basically, no",
    "called_at": "when they were called",
    "channel": "the way it came in",
    "class_code": "urgent, utilities, normal or hard: sets the clocks",
    "closed_at": "when it was put away",
    "details": "what changed, as codes",
    "duplicate_of": "the request it repeats",
    "escalated_to": "how high it was handed: street office or department",
    "expected_end_at": "when it should be over",
    "external_id": "its number in the other system",
    "external_system": "the system it came from",
    "from_status": "state before",
    "happened_at": "when it happened",
    "height_px": "height of the picture",
    "key_hash": "hash of the key, which is shown once and never kept",
    "link": "what raised it: a study and its cluster, an incident",
    "media_type": "kind of picture",
    "name_zh": "name in Chinese",
    "paused_from": "since when its clocks stand still; empty: they run",
    "paused_s": "seconds its clocks stood still before",
    "placed_by": "what tells where it is: unit, building, a point, only the community",
    "position": "place in the list",
    "raised_at": "when it was raised",
    "raised_by": "who raised it",
    "reached": "the resident was reached: the call counts",
    "received_at": "when it came in",
    "reopened_times": "how often it was opened again",
    "request.owner": "the user who sees to it",
    "resolved_at": "when it was solved, last",
    "respond_h": "hours in which somebody answers; of a category empty: those of its class",
    "responded": "they say somebody answered",
    "returned_times": "how often it was sent back: once at most",
    "revoked_at": "when it was taken back; empty: it opens",
    "solve_h": "hours in which it is solved; of a category empty: those of its class",
    "solved": "they say it is solved",
    "summary": "what they ask for, in their words",
    "to_status": "state after",
    "token": "what its address is made of, so that none can be guessed",
    "waiting_until": "how long it may wait at most",
    "width_px": "width of the picture",
    "words": "words by which it is found when typing",
}
HEAD = ("| column | type | may be empty | meaning |", "|---|---|---|---|")
AGES = "people of that age; empty is unknown"


def dictionary() -> str:
    """Return the whole document."""
    all_tables()
    parts = [INTRODUCTION]
    for room in ROOMS_WITH_TABLES:
        parts.append(f"## {room.capitalize()}\n")
        parts += _tables_of(room)
    return "\n".join(parts)


def _tables_of(room: str) -> Iterator[str]:
    for described in vars(import_module(f"geo.{room}.tables")).values():
        if isinstance(described, type) and described.__module__ == f"geo.{room}.tables":
            table = getattr(described, "__table__", None)
            if table is not None:
                yield _table(table, str(getdoc(described)))


def _table(table: Table, description: str) -> str:
    lines = [f"### {table.fullname}\n", f"{description}\n", *HEAD]
    lines += [
        f"| {column.name} | {_type(column)} | {'yes' if column.nullable else ''} | {_meaning(column)} |"
        for column in table.columns
    ]
    checks = [check for check in table.constraints if isinstance(check, CheckConstraint)]
    rules = sorted(
        f"`{check.sqltext}`"
        for check in checks
        if not str(check.sqltext).startswith("ST_") and not str(check.name).endswith(NOT_BLANK)
    )
    rules += sorted(filter(None, (_bound(table, str(check.name)) for check in checks)))
    lines += ["", "Rules: " + "; ".join(rules) + "."] if rules else []
    return "\n".join(lines) + "\n"


def _bound(table: Table, rule: str) -> str:
    column = rule.removeprefix(f"ck_{table.name}_").removesuffix(NOT_BLANK)
    return f"`{column}` has at most {LONGEST[column]} characters" if column in LONGEST and NOT_BLANK in rule else ""


def _type(column: Column[object]) -> str:
    if isinstance(column.type, Geometry):
        return f"{column.type.geometry_type.lower()} 4326"
    return column.type.compile(DIALECT).lower()


def _meaning(column: Column[object]) -> str:
    key = "key; " if column.primary_key and column.name != "id" else ""
    if f"{column.table.name}.{column.name}" in MEANING:
        return key + MEANING[f"{column.table.name}.{column.name}"]
    if column.name.startswith("age_"):
        return key + AGES
    if column.name.endswith("_id") and column.name not in MEANING:
        return f"{key}the {column.name.removesuffix('_id').replace('_', ' ')}"
    return key + MEANING[column.name]


if __name__ == "__main__":
    TARGET.write_text(dictionary(), encoding="utf-8")
