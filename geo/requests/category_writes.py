"""Commands on categories of requests: add one, change names, class, hours, words and order, retire it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotFound, Outdated
from geo.i18n import N_, _
from geo.places.search_text import cleaned
from geo.requests.tables import CLASSES, RequestCategory
from geo.store import audit, versions
from geo.store.texts import LONGEST

MAY_EDIT = "edit_categories"
FIELDS = ("name", "name_zh", "class_code", "respond_h", "solve_h", "words", "position", "active")
MOST_HOURS, MOST_POSITION, MOST_WORDS = 8760, 9999, 500


def add_category(session: Session, code: str, values: Mapping[str, Any]) -> int:
    """Add a category and return its id; values: see FIELDS, name, name_zh and class_code are needed.

    Raises BadInput naming the field, Conflict for a code that is there, NotAllowed.
    """
    require(session, MAY_EDIT)
    wanted = cleaned(code).lower()
    if not wanted.isidentifier() or not wanted.isascii() or len(wanted) > LONGEST["code"]:
        raise BadInput(N_("Code: small letters, digits and _ only, beginning with a letter."))
    if session.scalar(select(RequestCategory.id).where(RequestCategory.code == wanted)) is not None:
        raise Conflict(N_("Code: there is a category “{code}” already. Choose another."), code=wanted)
    if not {"name", "name_zh", "class_code"} <= values.keys():
        raise BadInput(N_("Give the name in both languages and the class."))
    made = RequestCategory(code=wanted, **_checked(values))
    session.add(made)
    session.flush()
    _log(session, "add_category", made, None)
    return made.id


def change_category(session: Session, category_id: int, changes: Mapping[str, Any], *, version: int) -> None:
    """Change fields (see FIELDS) of a category; requests that are here keep what they were promised.

    active False retires it: it cannot be chosen any more. Raises BadInput, Outdated, NotAllowed, NotFound.
    """
    require(session, MAY_EDIT)
    found = session.get(RequestCategory, category_id, with_for_update=True)
    if found is None:
        raise NotFound(N_("This category does not exist. Open the list again."))
    if found.version != version:
        raise Outdated(N_("Somebody else changed this category meanwhile. Look again, then decide what to keep."))
    values, before = _checked(changes), _image(found)
    for name, value in values.items():
        setattr(found, name, value)
    session.flush()
    _log(session, "change_category", found, before)


def _checked(values: Mapping[str, Any]) -> dict[str, Any]:
    unknown = set(values) - set(FIELDS)
    if unknown:
        raise BadInput(N_("{field} is nothing a category has."), field=sorted(unknown)[0])
    found: dict[str, Any] = {
        name: cleaned(value) or None if isinstance(value, str) else value for name, value in values.items()
    }
    for name, label in (("name", N_("Name")), ("name_zh", N_("Name in Chinese"))):
        if name in found and not 0 < len(found[name] or "") <= LONGEST[name]:
            most = LONGEST[name]
            raise BadInput(N_("{field}: write a name of at most {count} characters."), field=_(label), count=most)
    if "class_code" in found and found["class_code"] not in CLASSES:
        raise BadInput(N_("Class: choose one of the list."))
    for name in ("respond_h", "solve_h"):
        if found.get(name) is not None and not 0 < found[name] <= MOST_HOURS:
            raise BadInput(N_("Hours: give a number above 0 and up to {most}, or leave it open."), most=MOST_HOURS)
    if "position" in found and not 0 <= found["position"] <= MOST_POSITION:
        raise BadInput(N_("Order: give a number from 0 to {most}."), most=MOST_POSITION)
    if len(found.get("words") or "") > MOST_WORDS:
        raise BadInput(N_("Words: at most {count} characters."), count=MOST_WORDS)
    return found


def _image(category: RequestCategory) -> dict[str, Any]:
    return {"code": category.code} | {name: getattr(category, name) for name in FIELDS}


def _log(session: Session, action: str, category: RequestCategory, before: dict[str, Any] | None) -> None:
    audit.record(session, action, "request_category", category.id, audit.Change(before=before, after=_image(category)))
    versions.bump(session, "requests")
