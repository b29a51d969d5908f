"""Where a drawn place belongs: the parent its shape lies in, or the placeholder that waits for one."""

from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.places.rules import UNASSIGNED
from geo.store.statements import statement

ENTRANCE_WITHIN_M = 30.0
GATE_WITHIN_M = 50.0
UNASSIGNED_NAME = "unassigned"

Columns = dict[str, Any]


def parent_columns(session: Session, kind: str, shape: str | None, parent_id: int | None) -> Columns:
    """Return the columns that tie a place of a kind to its parent.

    shape: hex EWKB of the place (may be None when parent_id is given); parent_id: the parent chosen by hand (a
    community for a compound or grid, a compound for a building, gate, station or candidate site, a building for a
    unit, an area above for a community). Raises BadInput or NotFound when there is no parent to be found.
    """
    if parent_id is not None:
        return _chosen(session, kind, parent_id)
    if kind == "community":
        return {"parent_id": _area_above(session, shape)}
    if kind == "grid":
        community = _at(session, "community_at", shape)
        if community is None:
            raise BadInput(N_("A grid lies in a community. Draw it inside one, or choose the community."))
        return {"parent_id": community, "community_id": community}
    if kind == "compound":
        return {"community_id": _at(session, "community_at", shape) or placeholder_community(session)}
    if kind == "building":
        return _compound_columns(session, _at(session, "compound_at", shape) or _waiting_compound(session, shape))
    if kind == "unit":
        return _near(session, "building", shape, ENTRANCE_WITHIN_M)
    if kind == "gate":
        return _near(session, "compound", shape, GATE_WITHIN_M)
    compound = _at(session, "compound_at", shape)
    if compound is not None:
        return _compound_columns(session, compound)
    return {"compound_id": None, "community_id": _at(session, "community_at", shape) or placeholder_community(session)}


def placeholder_community(session: Session) -> int:
    """Return the community where places wait that lie in none; it is made when it is not there."""
    session.execute(
        text(
            "INSERT INTO area (level, code, name, parent_id, placeholder) SELECT 'community', :code, :name, id, true "
            "FROM area WHERE level = 'city' ON CONFLICT (level, code) DO NOTHING"
        ),
        {"code": UNASSIGNED, "name": UNASSIGNED_NAME},
    )
    found: int = session.execute(
        text("SELECT id FROM area WHERE level = 'community' AND code = :code"), {"code": UNASSIGNED}
    ).scalar_one()
    return found


def placeholder_compound(session: Session, community_id: int) -> int:
    """Return the compound where buildings of a community wait that lie in none; it is made when it is not there."""
    row = {"id": community_id, "prefix": f"{UNASSIGNED}-", "name": UNASSIGNED_NAME}
    session.execute(
        text(
            "INSERT INTO compound (code, name, community_id, placeholder) SELECT :prefix || code, :name, id, true "
            "FROM area WHERE id = :id ON CONFLICT (code) DO NOTHING"
        ),
        row,
    )
    found: int = session.execute(
        text("SELECT c.id FROM compound c JOIN area a ON c.code = :prefix || a.code WHERE a.id = :id"), row
    ).scalar_one()
    return found


def _waiting_compound(session: Session, shape: str | None) -> int:
    return placeholder_compound(session, _at(session, "community_at", shape) or placeholder_community(session))


def _at(session: Session, name: str, shape: str | None) -> int | None:
    return session.scalar(text(statement("places", name)), {"shape": shape})


def _area_above(session: Session, shape: str | None) -> int:
    found = _at(session, "area_above_at", shape)
    if found is None:
        raise BadInput(N_("There is no city yet. Import areas first."))
    return found


def _near(session: Session, table: str, shape: str | None, within_m: float) -> Columns:
    row = session.execute(text(statement("places", f"{table}_near")), {"shape": shape, "within_m": within_m}).first()
    if row is not None:
        return {f"{table}_id": row.id, "community_id": row.community_id}
    if table == "building":
        raise BadInput(
            N_("There is no building within {metres} m. Set the entrance at its building."), metres=int(within_m)
        )
    raise BadInput(N_("There is no compound within {metres} m. Set the gate at its compound."), metres=int(within_m))


def _compound_columns(session: Session, compound_id: int) -> Columns:
    return _chosen(session, "building", compound_id)


def _chosen(session: Session, kind: str, parent_id: int) -> Columns:
    if kind == "community":
        wanted, columns = "area", "id AS parent_id"
        condition = "level IN ('city', 'district', 'street_office')"
    elif kind in ("compound", "grid"):
        wanted, condition = "area", "level = 'community'"
        columns = "id AS community_id" if kind == "compound" else "id AS community_id, id AS parent_id"
    elif kind == "unit":
        wanted, columns, condition = "building", "id AS building_id, community_id", "true"
    else:
        wanted, columns, condition = "compound", "id AS compound_id, community_id", "true"
    row = session.execute(
        text(f"SELECT {columns} FROM {wanted} WHERE id = :id AND closed_on IS NULL AND {condition}"),  # noqa: S608
        {"id": parent_id},
    ).first()
    if row is None:
        raise NotFound(N_("The place this shall belong to does not exist or is closed. Choose another."))
    return dict(zip(row._fields, row, strict=True))
