"""Where a request belongs: from what a draft says of its place to unit, building, community and point."""

from typing import Any

from sqlalchemy import Connection, Row, text
from sqlalchemy.orm import Session

from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.requests.draft import RequestDraft
from geo.store.statements import statement


def place_of(session: Connection | Session, draft: RequestDraft) -> Row[Any]:
    """Return where a draft belongs: placed_by, community_id, building_id, unit_id and geom.

    Raises NotFound for a place the actor does not see, BadInput for a point in no community.
    """
    asked = {name: getattr(draft, name) for name in ("unit_id", "building_id", "community_id", "lon", "lat")}
    found = session.execute(text(statement("requests", "place_of")), asked).one()
    if found.community_id is not None:
        return found
    if draft.has_point and draft.unit_id is None and draft.building_id is None:
        raise BadInput(
            N_("Place: this point lies in none of your communities. Put it on the map again, or choose a building.")
        )
    raise NotFound(N_("Place: it does not exist, or you may not see it. Choose it again."))
