"""Looking at persons: nothing sealed leaves the database before the log entry about it is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row
from sqlalchemy.orm import Session

from geo.access import sealing
from geo.access.asking import call, reasoned
from geo.access.consents import without_consent
from geo.access.helped_persons import CODES, FIELDS, SEALED, TABLE
from geo.access.keyring import keyring
from geo.access.keys import Keyring
from geo.access.reads import require
from geo.access.sealing import Spot
from geo.access.tables import RUN_PURPOSES
from geo.errors import BadInput, Conflict
from geo.i18n import N_
from geo.store import audit
from geo.store.session import Actor, writing

FIELD_LABELS = {
    "name": N_("name"),
    "phone": N_("telephone"),
    "notes": N_("notes"),
    "risk_class": N_("risk class"),
    "living_alone": N_("lives alone"),
    "birth_year": N_("year of birth"),
}
LIST_PURPOSES = {
    "rota": N_("a volunteers' rota"),
    "visits": N_("a round of visits"),
    "calls": N_("a round of telephone calls"),
    "emergency": N_("an emergency"),
}
ACTION_LABELS = {
    "record_person": N_("Person recorded"),
    "change_person": N_("Person changed"),
    "reveal": N_("Person looked at"),
    "export_person": N_("Copy handed to the person"),
    "erase_person": N_("Person erased"),
    "purge_persons": N_("Persons erased whose time was over"),
    "record_consent": N_("Consent recorded"),
    "withdraw_consent": N_("Consent taken back"),
    "run_with_persons": N_("Run with made-up names"),
    "open_need": N_("Care need opened"),
    "change_need": N_("Care need changed"),
    "end_need": N_("Care need ended"),
    "join_person": N_("Person recorded with a care need"),
    "rotate_key": N_("Sealed again with a new key"),
    "retire_keys": N_("Old keys given up"),
}
"""The words of what the log says about persons, needs and keys."""
MOST_AT_ONCE = 500


@dataclass(frozen=True)
class Revealed:
    """What was revealed of one person: the fields that were asked for. It never shows when it is printed."""

    person_id: int
    community_id: int
    version: int
    values: dict[str, Any] = field(repr=False)


def reveal(actor: Actor, person_id: int, fields: Sequence[str], *, reason: str) -> Revealed:
    """Return fields (see FIELD_LABELS) of one person; one log entry with the reason is kept first.

    Raises BadInput without a reason, NotAllowed, NotFound for somebody of another community, StoreUnavailable when
    the key is not here.
    """
    return disclosed(actor, [person_id], fields, purpose="look", reason=reason)[0]


def reveal_list(
    actor: Actor, person_ids: Sequence[int], fields: Sequence[str], *, purpose: str, reason: str
) -> list[Revealed]:
    """Return fields of several persons for a printed or exported list, with one log entry a person.

    purpose: one of LIST_PURPOSES; a rota only holds persons who agreed that volunteers see them. Raises what reveal
    raises, and Conflict when somebody has not agreed.
    """
    if purpose not in LIST_PURPOSES:
        raise BadInput(N_("Choose what the list is for."))
    if not 0 < len(person_ids) <= MOST_AT_ONCE:
        raise BadInput(N_("A list holds 1 to {count} persons. Choose fewer."), count=MOST_AT_ONCE)
    return disclosed(actor, person_ids, fields, purpose=purpose, reason=reason)


def disclosed(
    actor: Actor, person_ids: Sequence[int], fields: Sequence[str], *, purpose: str, reason: str
) -> list[Revealed]:
    """Return fields of persons for a purpose the database knows; what reveal, lists and copies have in common."""
    worded = reasoned(reason)
    wanted = [name for name in FIELDS if name in fields]
    if len(wanted) != len(set(fields)) or not wanted:
        raise BadInput(N_("Choose what to look at."))
    ids = sorted(set(person_ids))
    with writing(actor) as session:
        require(session, "export_person" if purpose == "copy" else "reveal_persons")
        keyring(session)
        _require_agreement(session, ids, purpose)
        asked = call(session, "ask", wanted=ids, fields=wanted, what_for=purpose, why=worded).scalar_one()
    with writing(actor) as session:
        ring = keyring(session)
        return [_opened(ring, row, wanted) for row in call(session, "take", asked=asked)]


def _require_agreement(session: Session, person_ids: list[int], purpose: str) -> None:
    if purpose != "rota":
        return
    lacking = without_consent(session, person_ids, "volunteers")
    if lacking:
        raise Conflict(
            N_("{count} persons have not agreed that volunteers see their data. Ask them first, or leave them out."),
            count=len(lacking),
        )


def _opened(ring: Keyring, row: Row[Any], wanted: list[str]) -> Revealed:
    values = {
        name: sealing.opened(ring, Spot(TABLE, name, row.id), getattr(row, f"{name}_sealed"))
        for name in SEALED
        if name in wanted
    }
    values |= {name: getattr(row, name) for name in CODES if name in wanted}
    return Revealed(row.id, row.community_id, row.version, values)


def reveals_of(connection: Connection, person_id: int, *, limit: int = 50) -> list[audit.Entry]:
    """Return the latest log entries about a helped person, newest first: who looked, when and why."""
    return audit.history(connection, "helped_person", person_id, limit=limit)


class RunRow(NamedTuple):
    """A helped person under a name made up for one run; birth_decade: 1940 for 1940 to 1949, None is unknown."""

    pseudonym: str
    building_id: int
    unit_id: int | None
    risk_class: str
    living_alone: bool | None
    birth_decade: int | None
    tasks: tuple[str, ...]


class PersonsOfRun(NamedTuple):
    """What a run reads: its number, the persons who agreed to it, and how many others have an open need."""

    run_id: int
    rows: list[RunRow]
    left_out: int


def run_rows(actor: Actor, purpose: str, *, community_id: int | None = None) -> PersonsOfRun:
    """Return the persons with an open need for a pairing, rota or siting run, with one log entry for the run.

    community_id: only that community (None: all the actor may plan for). Raises BadInput, NotAllowed.
    """
    if purpose not in RUN_PURPOSES:
        raise BadInput(N_("There is no such run. Choose pairing, rota or siting."))
    with writing(actor) as session:
        require(session, "run_with_persons")
        asked = call(session, "ask_run", what_for=purpose, only_community=community_id).one()
    with writing(actor) as session:
        rows = [
            RunRow._make([*row[:-1], tuple(row.tasks or ())]) for row in call(session, "run_rows", wanted=asked.run_id)
        ]
    return PersonsOfRun(asked.run_id, rows, asked.left_out)


def needs_of_run(session: Connection | Session, run_id: int, pseudonyms: Sequence[str]) -> dict[str, list[int]]:
    """Return the open needs behind made-up names of an own run, for those who work at their communities."""
    found: dict[str, list[int]] = {}
    for row in call(session, "needs_of_run", wanted=run_id, pseudonyms=list(pseudonyms)):
        found.setdefault(row.pseudonym, []).append(row.care_need_id)
    return found
