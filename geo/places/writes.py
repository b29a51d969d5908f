"""Commands on places: draw, move, correct, close, undo. Each is one step of a transaction with one audit entry."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, Conflict, NotAllowed
from geo.i18n import N_, _, listed
from geo.places import records
from geo.places.fields import checked_fields, missing_fields
from geo.places.parents import parent_columns
from geo.places.rules import AREA_KINDS, DRAWN_KINDS, FIELD_LABELS, KIND_LABELS, action_to_edit, pinyin_of, table_of
from geo.places.search_text import cleaned
from geo.places.shapes import Bounds, drawn_shape, ewkb_hex, shape_code
from geo.store import audit
from geo.store.statements import statement
from geo.store.versions import bump

UNDOABLE = frozenset({"draw", "move", "correct", "close", "undo", "status"})
WITH_PINYIN = frozenset({*AREA_KINDS, "compound", "station"})
NOT_PERMITTED = "42501"
EXAMPLES = 3
ENTITY_OF = text("SELECT entity FROM audit_entry WHERE id = :id")


def draw_place(
    session: Session,
    kind: str,
    geometry: dict[str, Any],
    fields: Mapping[str, Any],
    *,
    parent_id: int | None = None,
    note: str | None = None,
) -> int:
    """Make a new place from a drawing and return its id.

    kind: one of DRAWN_KINDS; geometry: GeoJSON in EPSG:4326; fields: as fields.FIELDS lists them; the code is made
    from the shape when none is given; parent_id: the parent, else the place it lies in. Raises BadInput, Conflict
    (the code is taken), NotAllowed (outside the actor's communities).
    """
    require(session, action_to_edit(kind))
    if kind not in DRAWN_KINDS:
        raise BadInput(N_("A {kind} cannot be drawn. Import it instead."), kind=_(KIND_LABELS.get(kind, kind)))
    shape = drawn_shape(geometry, kind, _extent(session))
    row = {name: value for name, value in checked_fields(kind, fields).items() if value is not None}
    _refuse_missing(kind, row)
    made = "code" not in row
    row.setdefault("code", shape_code(shape))
    row["geom"] = ewkb_hex(shape)
    if kind in AREA_KINDS:
        row["level"] = kind
    _spell(kind, row)
    with _explained(None if made else row["code"]):
        row |= parent_columns(session, kind, row["geom"], parent_id)
        place_id = records.insert(session, table_of(kind), row)
    _record(session, "draw", kind, place_id, (None, note, True))
    return place_id


def move_place(
    session: Session,
    kind: str,
    place_id: int,
    geometry: dict[str, Any],
    *,
    expected_version: int,
    note: str | None = None,
) -> None:
    """Give a place another shape or position (GeoJSON in EPSG:4326); its parent stays, unless it only waited for one.

    Raises BadInput, NotFound, and Conflict when somebody changed the place after expected_version.
    """
    require(session, action_to_edit(kind))
    table = table_of(kind)
    before = _opened(session, kind, place_id, expected_version, with_shape=True)
    fields: records.Image = {"geom": ewkb_hex(drawn_shape(geometry, kind, _extent(session)))}
    with _explained(None):
        if _waits(session, kind, place_id):
            fields |= parent_columns(session, kind, fields["geom"], None)
        records.overwrite(session, table, place_id, fields)
        _follow(session, kind, place_id)
    _record(session, "move", kind, place_id, (before, note, True))


def correct_place(  # noqa: PLR0913
    session: Session,
    kind: str,
    place_id: int,
    fields: Mapping[str, Any],
    *,
    expected_version: int,
    parent_id: int | None = None,
    note: str | None = None,
) -> None:
    """Correct fields of a place, or what it belongs to; fields not named stay as they are.

    Raises BadInput (also when nothing would change), NotFound, and Conflict when somebody was faster.
    """
    require(session, action_to_edit(kind))
    before = _opened(session, kind, place_id, expected_version)
    row = checked_fields(kind, fields)
    if row.get("code", "") is None:
        raise BadInput(N_("{field} is missing. Write it down, then save again."), field=_(FIELD_LABELS["code"]))
    if "name" in row:
        _spell(kind, row)
    if parent_id is not None:
        row |= parent_columns(session, kind, None, parent_id)
    changed = {name: value for name, value in row.items() if value != before.get(name)}
    if not changed:
        raise BadInput(N_("Nothing is different. Change a field, then save again."))
    with _explained(row.get("code")):
        records.overwrite(session, table_of(kind), place_id, changed)
        _follow(session, kind, place_id)
    _record(session, "correct", kind, place_id, (before, note, False))


def close_place(session: Session, kind: str, place_id: int, *, on: date, reason: str, expected_version: int) -> None:
    """Close a place on a day: it stays in the registry with its history, and is no longer drawn or counted.

    Its vacant posts close with it. Raises Conflict while it holds open places, somebody holds one of its posts or a
    care need is open there (the message says which), BadInput without a reason, NotFound.
    """
    require(session, action_to_edit(kind))
    why = cleaned(reason)
    if not why:
        raise BadInput(N_("Write down why this place is closed, so that the history can be read."))
    table = table_of(kind)
    before = _opened(session, kind, place_id, expected_version)
    _refuse_while_used(session, kind, place_id, on)
    posts = session.scalars(text(statement("places", "open_posts")), {"kind": kind, "id": place_id}).all()
    if posts:
        require(session, "assign_heads")
    old = records.single(table, place_id, before)
    old["post"] = {str(post): records.image(session, "post", post) for post in posts}
    day = {"closed_on": on.isoformat()}
    records.overwrite(session, table, place_id, day | ({"status": "closed"} if kind == "station" else {}))
    for post in posts:
        records.overwrite(session, "post", post, day)
    after = records.images(session, old)
    change = audit.Change(before=old, after=after, community_id=_community(kind, place_id, before), note=why)
    audit.record(session, "close", kind, place_id, change)
    bump(session, "places")
    if posts:
        bump(session, "posts")


def undo_change(session: Session, audit_entry_id: int) -> int:
    """Put back what one change of a place changed (a closed one opens again); return the id of the new audit entry.

    Raises NotFound, and Conflict when something later depends on the change.
    """
    require(session, action_to_edit(session.scalar(ENTITY_OF, {"id": audit_entry_id}) or ""))
    with _explained(None):
        entry, restored = records.undo(session, audit_entry_id, UNDOABLE)
        if entry.entity_id is not None:
            _follow(session, entry.entity, entry.entity_id)
    if entry.entity_id is not None:
        _refuse_under_closed(session, entry.entity, entry.entity_id)
    bump(session, "places")
    bump(session, "posts")
    return records.record_undo(session, entry, restored, "undo")


def _opened(
    session: Session, kind: str, place_id: int, expected_version: int, *, with_shape: bool = False
) -> records.Image:
    records.hold(session, kind, place_id, expected_version)
    found = records.image(session, table_of(kind), place_id, with_shape=with_shape) or {}
    if found.get("closed_on"):
        raise Conflict(N_("This place was closed on {day}. Undo the closing first."), day=found["closed_on"])
    if found.get("placeholder"):
        raise BadInput(N_("Here wait places that belong nowhere yet. Move those; this itself cannot be changed."))
    return found


def _record(
    session: Session, action: str, kind: str, place_id: int, change: tuple[records.Image | None, str | None, bool]
) -> None:
    before, note, with_shape = change
    table = table_of(kind)
    after = records.image(session, table, place_id, with_shape=with_shape)
    audit.record(
        session,
        action,
        kind,
        place_id,
        audit.Change(
            before=records.single(table, place_id, before),
            after=records.single(table, place_id, after),
            community_id=_community(kind, place_id, after),
            note=cleaned(note or "") or None,
        ),
    )
    bump(session, "places")


def _community(kind: str, place_id: int, image: records.Image | None) -> int | None:
    return place_id if kind == "community" else (image or {}).get("community_id")


def _extent(session: Session) -> Bounds:
    row = session.execute(
        text("SELECT ST_XMin(extent), ST_YMin(extent), ST_XMax(extent), ST_YMax(extent) FROM city")
    ).first()
    if row is None:
        raise BadInput(N_("There is no city yet. Import areas or buildings first, then draw."))
    return row[0], row[1], row[2], row[3]


def _refuse_missing(kind: str, row: Mapping[str, Any]) -> None:
    missing = missing_fields(kind, row)
    if missing:
        raise BadInput(N_("{field} is missing. Write it down, then save again."), field=_(missing[0]))


def _spell(kind: str, row: dict[str, Any]) -> None:
    if kind in WITH_PINYIN and row.get("name"):
        row["pinyin"] = pinyin_of(row["name"]) or None


def _waits(session: Session, kind: str, place_id: int) -> bool:
    if kind not in ("compound", "building", "station", "candidate_site"):
        return False
    parent = "area" if kind == "compound" else "compound"
    column = "community_id" if kind == "compound" else "compound_id"
    return bool(
        session.scalar(
            text(
                f"SELECT coalesce(p.placeholder, true) FROM {kind} t "  # noqa: S608
                f"LEFT JOIN {parent} p ON p.id = t.{column} WHERE t.id = :id"
            ),
            {"id": place_id},
        )
    )


def _follow(session: Session, kind: str, place_id: int) -> None:
    for name in ("stations_follow", "candidate_sites_follow", "posts_follow"):
        session.execute(text(statement("places", name)), {"kind": kind, "id": place_id})


def _refuse_while_used(session: Session, kind: str, place_id: int, on: date) -> None:
    rows = session.execute(text(statement("places", "in_use")), {"kind": kind, "id": place_id, "on": on}).all()
    places = [row for row in rows if row.kind not in {"holding", "need"}]
    if places:
        named = ", ".join(f"{_(KIND_LABELS[row.kind])} {row.name}" for row in places[:EXAMPLES])
        raise Conflict(
            N_("This place still holds {count} open places ({examples}). Close or move them first."),
            count=len(places),
            examples=named,
        )
    holders = [row.name or _("somebody") for row in rows if row.kind == "holding"]
    if holders:
        raise Conflict(N_("{names} still hold posts here. End their terms first."), names=listed(holders[:EXAMPLES]))
    if rows:
        raise Conflict(
            N_("Care needs are still open here ({numbers}). End them first."),
            numbers=listed(row.name for row in rows[:EXAMPLES]),
        )


def _refuse_under_closed(session: Session, kind: str, place_id: int) -> None:
    if session.scalar(text(statement("places", "under_closed")), {"kind": kind, "id": place_id}):
        raise Conflict(N_("The place this belongs to is closed. Undo that closing first."))


@contextmanager
def _explained(code: str | None) -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", "") or ""
        if "number" in constraint:
            raise Conflict(
                N_("There is another with this number in the same building. Choose another number.")
            ) from error
        if constraint.startswith("uq_") and code is None:
            raise Conflict(
                N_("There is already a place of exactly this shape. Open that one, or draw again.")
            ) from error
        if constraint.startswith("uq_"):
            raise Conflict(N_("The code {code} is taken by another place. Choose another."), code=code) from error
        raise BadInput(
            N_("The registry refuses this ({rule}). Correct the value it names, then save again."), rule=constraint
        ) from error
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == NOT_PERMITTED:
            raise NotAllowed(N_("This lies outside the communities you look after.")) from error
        raise
