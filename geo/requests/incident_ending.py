"""Ending an incident with what it brought: the open requests that joined it are marked as solved in one go."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, Conflict, Outdated
from geo.i18n import N_
from geo.requests.held import held
from geo.requests.step_writes import MAY_WORK, move_request


def resolve_joined(session: Session, incident_id: int, seen: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    """Mark requests of an incident, as (id, version the user saw), as solved; one event and one log entry each.

    Returns the numbers of those whose state does not allow it: they stay as they are. Raises BadInput for a request of
    no such incident, Outdated, NotAllowed, NotFound; then nothing is changed.
    """
    require(session, MAY_WORK)
    left = []
    for request_id, version in seen:
        request = held(session, request_id, version)
        if request.incident_id != incident_id:
            raise BadInput(N_("Request {number} has not joined this incident."), number=request.number)
        try:
            move_request(session, request_id, "resolve", version=version)
        except Outdated:
            raise
        except Conflict:
            left.append(request.number)
    return tuple(left)
