"""Commands on helped persons: record and change. Name, phone and notes are sealed before they leave this process."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy.orm import Session

from geo.access import sealing
from geo.access.asking import call
from geo.access.keyring import keyring
from geo.access.keys import Keyring
from geo.access.reads import require
from geo.access.sealing import Spot
from geo.access.tables import RISK_CLASSES
from geo.errors import BadInput, Conflict
from geo.i18n import N_

TABLE = "personal.helped_person"
SEALED = ("name", "phone", "notes")
CODES = ("risk_class", "living_alone", "birth_year")
FIELDS = (*SEALED, *CODES)
RISK_LABELS = {"high": N_("high risk"), "key": N_("key household"), "general": N_("general")}
LONGEST = {"name": 100, "phone": 40, "notes": 4000}
BORN_FIRST, BORN_LAST = 1890, 2200


class Whereabouts(NamedTuple):
    """Where somebody lives, as far as it is known."""

    building_id: int
    unit_id: int | None = None
    household_id: int | None = None


@dataclass(frozen=True)
class PersonDetails:
    """Who is helped; None is unknown. What is sealed never shows when the record is printed."""

    name: str = field(repr=False)
    phone: str | None = field(default=None, repr=False)
    notes: str | None = field(default=None, repr=False)
    risk_class: str = field(default="general", repr=False)
    living_alone: bool | None = field(default=None, repr=False)
    birth_year: int | None = field(default=None, repr=False)


def record_person(session: Session, where: Whereabouts, details: PersonDetails) -> int:
    """Record somebody who is helped and return the key of the record; the log holds no value of it.

    Raises BadInput, NotAllowed, NotFound for a place the actor does not work at, StoreUnavailable without a key.
    """
    require(session, "edit_needs")
    values = _checked({name: getattr(details, name) for name in FIELDS})
    ring = keyring(session)
    person_id = int(call(session, "new_person_ids", how_many=1).scalar_one())
    call(
        session,
        "record_person",
        given_id=person_id,
        at_building=where.building_id,
        at_unit=where.unit_id,
        at_household=where.household_id,
        **_stored(ring, person_id, values),
    )
    return person_id


def change_person(
    session: Session, person_id: int, changes: Mapping[str, Any], *, version: int | None = None
) -> None:  # fmt: skip
    """Change fields (see FIELDS) of a helped person; the log names the fields only.

    version: the one the user saw. Raises BadInput, NotAllowed, NotFound, Conflict when somebody was faster.
    """
    require(session, "edit_needs")
    values = _checked(changes)
    stored = _stored(keyring(session), person_id, values)
    done = call(session, "change_person", wanted=person_id, fields=list(values), **stored, seen=version)
    if not done.scalar_one():
        raise Conflict(N_("Somebody else changed this person meanwhile. Look again, then decide what to keep."))


def _stored(ring: Keyring, person_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    sealed = {
        name: sealing.seal(ring.sealing, Spot(TABLE, name, person_id), values.get(name)) for name in SEALED
    }  # fmt: skip
    codes = {"risk": values.get("risk_class"), "alone": values.get("living_alone"), "born": values.get("birth_year")}
    return sealed | codes


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = [name for name in values if name not in FIELDS]
    if unknown:
        raise BadInput(N_("{field} is nothing that is kept about a helped person."), field=unknown[0])
    found: dict[str, Any] = {name: _cleaned(name, value) if name in SEALED else value for name, value in values.items()}
    if "name" in found and not found["name"]:
        raise BadInput(N_("Write down the person's name."))
    if found.get("risk_class", "general") not in RISK_CLASSES:
        raise BadInput(N_("Choose one of the risk classes."))
    born = found.get("birth_year")
    if born is not None and not BORN_FIRST <= born <= BORN_LAST:
        raise BadInput(
            N_("The year of birth is a year from {first} on. Correct it, or leave it open."), first=BORN_FIRST
        )
    return found


def _cleaned(name: str, value: str | None) -> str | None:
    written = "\n".join(" ".join(line.split()) for line in (value or "").splitlines()).strip()
    if len(written) > LONGEST[name]:
        raise BadInput(N_("This text is too long: at most {count} characters."), count=LONGEST[name])
    return written or None
