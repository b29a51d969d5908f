"""The log in words: what was done to what, field by field, for people who never saw a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from geo.access import consents, contacts, helped_persons, reveals, user_rules
from geo.access.log_reads import LogEntry, log_communities
from geo.access.rules import ROLE_LABELS
from geo.i18n import N_, _, listed
from geo.people import candidacy_rules, circle_rules, needs, visit_rules, volunteer_rules
from geo.people.rules import HOW_LABELS
from geo.places.history import FieldChange, Names, changes_of, names_of, value_text
from geo.places.rules import ACTION_LABELS as PLACE_ACTIONS
from geo.places.rules import FIELD_LABELS, KIND_LABELS, PLACE_KINDS, table_of
from geo.planning import scenario_rules, shift_rules
from geo.planning.rules import BY_NAME
from geo.requests import log_fields
from geo.requests import rules as request_rules

ACTION_LABELS = (
    PLACE_ACTIONS
    | reveals.ACTION_LABELS
    | user_rules.ACTION_LABELS
    | volunteer_rules.ACTION_LABELS
    | visit_rules.ACTION_LABELS
    | circle_rules.ACTION_LABELS
    | shift_rules.ACTION_LABELS
    | scenario_rules.ACTION_LABELS
    | candidacy_rules.ACTION_LABELS
    | request_rules.ACTION_LABELS
    | {
        "import": N_("File imported"),
        "undo_import": N_("Import taken back"),
        "take_back_needs": N_("Care needs of an import taken back"),
        "load demo": N_("Demo city loaded"),
        "parameter": N_("Number of the city changed"),
        "keep study": N_("Study kept"),
        "drop study": N_("Study put away"),
        "restore study": N_("Study listed again"),
        "make_key": N_("Key made"),
        "export": N_("Layers exported"),
        "change_photos": N_("Photos of a request changed"),
        "make_api_key": N_("Key for another system made"),
        "revoke_api_key": N_("Key of another system taken back"),
        "publish_counts": N_("Counts of people published"),
        "raise_proposal": N_("Proposal raised"),
        "withdraw_proposal": N_("Proposal withdrawn"),
        "export_log": N_("Log taken away as a file"),
        "sign in": N_("Signed in"),
        "sign in failed": N_("Sign-in failed"),
        "account waits": N_("Account has to wait"),
        "change password": N_("Password changed"),
        "sign out": N_("Signed out"),
        "sign out everywhere": N_("Signed out everywhere"),
    }
)
ENTITY_LABELS = KIND_LABELS | log_fields.ENTITY_LABELS | {
    "import_run": N_("Import"),
    "parameter": N_("Number of the city"),
    "app_user": N_("Account"),
    "person": N_("Person"),
    "helped_person": N_("Helped person"),
    "care_need": N_("Care need"),
    "volunteer": N_("Volunteer"),
    "visit": N_("Visit"),
    "care_circle": N_("Care circle"),
    "shift": N_("Shift"),
    "study": N_("Study"),
    "scenario": N_("Scenario"),
    "proposal": N_("Proposal"),
    "candidacy": N_("Request to take a post"),
    "sealing_key": N_("Key"),
    "user_role": N_("Role"),
    "layers": N_("Layers"),
    "api_key": N_("Key of another system"),
    "audit_entry": N_("Log"),
    "publication": N_("Published counts"),
}
MORE_FIELDS = log_fields.LOG_FIELDS | {
    "format": N_("Format"),
    "file": N_("File"),
    "read": N_("Rows read"),
    "accepted": N_("Rows accepted"),
    "repaired": N_("Rows repaired"),
    "refused": N_("Rows refused"),
    "new": N_("New"),
    "changed": N_("Changed"),
    "unchanged": N_("Unchanged"),
    "waiting": N_("Waiting for their place"),
    "moved": N_("Moved to their place"),
    "removed": N_("Removed"),
    "restored": N_("Put back"),
    "size": N_("Size"),
    "seed": N_("Seed"),
    "host": N_("Asked from"),
    "failures": N_("Failed attempts"),
    "seconds": N_("Seconds to wait"),
    "fields": N_("What was looked at"),
    "purpose": N_("Purpose"),
    "persons": N_("Persons"),
    "residents": N_("Residents by age"),
    "helped": N_("People who need care"),
    "tasks": N_("Help needed"),
    "opened_on": N_("Opened on"),
    "needs": N_("Care needs"),
    "skills": N_("Skills"),
    "hours_week": N_("Hours a week"),
    "cadence_days": N_("Days between visits"),
    "limit_m": N_("Walks at most"),
    "birth_year": N_("Year of birth"),
    "party_member": N_("Party member"),
    "checked_in_on": N_("Checked in on"),
    "times": N_("Times"),
    "minutes": N_("Minutes"),
    "recorded_by": N_("Recorded by"),
    "confirmed_by": N_("Confirmed by"),
    "person_id": N_("Person"),
    "team_id": N_("Team"),
    "import": N_("Import"),
    "ended_on": N_("Ended on"),
    "given_on": N_("Given on"),
    "withdrawn_on": N_("Taken back on"),
    "role": N_("Role"),
    "user_name": N_("User"),
    "from_on": N_("From"),
    "to_on": N_("Until"),
    "reason": N_("Reason"),
    "how": N_("How"),
    "entries": N_("Entries"),
    "areas": N_("Areas"),
    "compounds": N_("Compounds"),
    "buildings": N_("Buildings"),
    "units": N_("Units"),
    "households": N_("Households"),
    "roads": N_("Roads"),
    "stations": N_("Stations"),
    "candidates": N_("Candidate sites"),
    "posts": N_("Roster of posts"),
    "community_id": N_("Community"),
    "result": N_("Result"),
    "visited_on": N_("Visited on"),
    "next_due_on": N_("Next visit due"),
    "care_need_id": N_("Care need"),
    "circle_id": N_("Care circle"),
    "volunteer_id": N_("Volunteer"),
    "study_id": N_("Study"),
    "asked_on": N_("Asked on"),
    "asked_by": N_("Asked by"),
    "decided_on": N_("Decided on"),
    "primary": N_("Come first (numbers of volunteers)"),
    "turn": N_("Take turns (numbers of volunteers)"),
    "backup": N_("Step in (numbers of volunteers)"),
    "circles": N_("Care circles"),
    "shifts": N_("Shifts"),
    "on_day": N_("Day"),
    "task": N_("Help needed"),
    "from_minute": N_("From (minutes after midnight)"),
    "to_minute": N_("Until (minutes after midnight)"),
    "from": N_("From"),
    "to": N_("Until"),
}
VALUE_LABELS: dict[str, Mapping[str, str]] = log_fields.LOG_VALUES | {
    "fields": reveals.FIELD_LABELS,
    "purpose": consents.PURPOSE_LABELS | reveals.LIST_PURPOSES | contacts.PURPOSES,
    "tasks": needs.TASK_LABELS,
    "task": needs.TASK_LABELS,
    "skills": volunteer_rules.SKILL_LABELS,
    "role": ROLE_LABELS,
    "risk_class": helped_persons.RISK_LABELS,
    "result": visit_rules.RESULT_LABELS,
    "kind": visit_rules.KIND_LABELS,
    "how": HOW_LABELS | consents.WAY_LABELS,
}
UNTOLD = frozenset({"id", "version", "changed_at", "import_id", "pinyin", "search"})
KEPT_BACK = "person"
"""Images of holders, whose names only some of the log's readers may see."""


@dataclass(frozen=True)
class LogLine:
    """One entry in the words of the reader: community "" for none, place: kind and key of a place to open, or None."""

    id: int
    at: datetime
    who: str
    action: str
    what: str
    community: str
    changes: tuple[FieldChange, ...]
    note: str
    place: tuple[str, int] | None
    details: dict[str, Any]

    @property
    def changed(self) -> str:
        """All changes in one line."""
        return "; ".join(change_text(change) for change in self.changes)


def change_text(change: FieldChange) -> str:
    """Return a change as one reads it aloud.

    >>> change_text(FieldChange("Floors", "6", "11")), change_text(FieldChange("Layers", "", "areas"))
    ('Floors: 6 → 11', 'Layers: areas')
    """
    if change.before:
        return _("{field}: {before} → {after}", field=change.field, before=change.before, after=change.after or "–")
    return _("{label}: {value}", label=change.field, value=change.after)


def told(connection: Connection, entries: Sequence[LogEntry]) -> list[LogLine]:
    """Return entries in words; names of places and persons stand there as far as the actor may see them."""
    names, communities = names_of(connection, map(_Placed, entries)), log_communities(connection)
    return [_line(entry, names, communities) for entry in entries]


def action_text(action: str) -> str:
    """Return what was done, in words; an action without words reads as it is stored.

    >>> action_text("assign_head"), action_text("new_thing")
    ('Head assigned', 'new thing')
    """
    return _(ACTION_LABELS[action]) if action in ACTION_LABELS else action.replace("_", " ")


def entity_text(entity: str) -> str:
    """Return what kind of record it is about, in words.

    >>> entity_text("import_run"), entity_text("new_thing")
    ('Import', 'new thing')
    """
    return _(ENTITY_LABELS[entity]) if entity in ENTITY_LABELS else entity.replace("_", " ")


class _Placed:
    """An entry as the history of places reads it: images of records by table and key, nothing where it has others."""

    def __init__(self, entry: LogEntry) -> None:
        self.before = entry.before if _holds_images(entry.before) else None
        self.after = entry.after if _holds_images(entry.after) else None


def _holds_images(side: Mapping[str, Any] | None) -> bool:
    return bool(side) and all(
        isinstance(rows, dict) and all(key.isdecimal() and isinstance(row, dict | None) for key, row in rows.items())
        for rows in (side or {}).values()
    )


def _line(entry: LogEntry, names: Names, communities: Mapping[int, str]) -> LogLine:
    is_place = entry.entity in PLACE_KINDS and entry.entity_id is not None
    return LogLine(
        id=entry.id,
        at=entry.at,
        who=entry.who,
        action=action_text(entry.action),
        what=_what(entry, names, communities),
        community=communities.get(entry.community_id or 0, ""),
        changes=tuple(_changes(entry, names, communities)),
        note=_note(entry),
        place=(entry.entity, entry.entity_id) if is_place and entry.entity_id is not None else None,
        details={side: _shown(getattr(entry, side)) for side in ("before", "after")},
    )


def _what(entry: LogEntry, names: Names, communities: Mapping[int, str]) -> str:
    kind = entity_text(entry.entity)
    if entry.entity == "parameter":
        known = BY_NAME.get(entry.note or "")
        return _(known.label) if known else kind
    if entry.entity_id is None:
        return kind
    table = table_of(entry.entity)
    name = names.get((table, entry.entity_id)) or communities.get(entry.entity_id if table == "area" else 0)
    return f"{kind} {name or _image_name(entry, table) or _('no. {id}', id=entry.entity_id)}"


def _image_name(entry: LogEntry, table: str) -> str | None:
    for side in (entry.after, entry.before):
        rows = (side or {}).get(table)
        image = rows.get(str(entry.entity_id)) if isinstance(rows, dict) else side
        found = next((image[key] for key in ("name", "number", "code") if image.get(key)), None) if image else None
        if isinstance(found, str):
            return found
    return None


def _changes(entry: LogEntry, names: Names, communities: Mapping[int, str]) -> Iterator[FieldChange]:
    if _holds_images(entry.after) or _holds_images(entry.before):
        if entry.entity in KIND_LABELS:
            yield from changes_of(entry.entity, _Placed(entry), names)
        return
    before, after = dict(_flat(entry.before)), dict(_flat(entry.after))
    for name in dict.fromkeys((*before, *after)):
        old, new = before.get(name), after.get(name)
        if name in UNTOLD or (name in before and old == new) or (old is None and new is None):
            continue
        label = _label(name)
        yield FieldChange(
            label, _value(name, old, communities) if name in before else "", _value(name, new, communities)
        )


def _flat(side: Mapping[str, Any] | None) -> Iterator[tuple[str, Any]]:
    for name, value in (side or {}).items():
        if isinstance(value, dict):
            yield from ((inner, found) for inner, found in value.items() if not isinstance(found, dict))
        else:
            yield name, value


def _label(name: str) -> str:
    if name in BY_NAME:
        return _(BY_NAME[name].label)
    known = FIELD_LABELS | MORE_FIELDS
    return _(known[name]) if name in known else name.replace("_", " ")


def _value(name: str, value: Any, communities: Mapping[int, str]) -> str:
    if value is None and name in BY_NAME:
        return _("the default")
    if name == "community_id" and value in communities:
        return communities[value]
    if isinstance(value, list | tuple):
        return listed(_value(name, one, communities) for one in value)
    words = VALUE_LABELS.get(name, {})
    return _(words[value]) if isinstance(value, str) and value in words else value_text(name, value)


def _note(entry: LogEntry) -> str:
    if entry.entity == "parameter":
        return ""
    if entry.action in {"undo", "undo_holding"} and entry.note:
        return _("undoes entry {number}", number=entry.note.removeprefix("#"))
    return entry.note or ""


def _shown(side: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if side is None else {name: value for name, value in side.items() if name != KEPT_BACK}


def known_actions(seeing: Iterable[str] | None = None) -> dict[str, str]:
    """Return the actions to choose from with their words, in the order of the words."""
    chosen = ACTION_LABELS if seeing is None else [action for action in ACTION_LABELS if action in set(seeing)]
    return dict(sorted(((action, action_text(action)) for action in chosen), key=lambda pair: pair[1]))
