"""Commands on photos of requests: add one, take a wrong one away. Each is one step with its log entry."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from geo.access.reads import require
from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.requests.photos import cleaned_photo
from geo.requests.tables import Attachment, RequestEvent
from geo.store import audit, versions

MOST_PHOTOS = 12
REQUEST = text("SELECT id, community_id FROM request WHERE id = :id")
ACTOR = text("SELECT current_setting('app.user_name')")
HELD = text("SELECT count(*) FROM attachment WHERE request_id = :id")
NO_REQUEST = N_("This request does not exist, or you may not see it. Open the list of requests again.")


@dataclass(frozen=True)
class Added:
    """A photo that was added: its id, and the token its address is made of."""

    attachment_id: int
    token: UUID


def add_attachment(session: Session, request_id: int, name: str, content: bytes) -> Added:
    """Keep a photo of a request, stripped of everything but the picture, with an event in its history.

    Raises BadInput for what is no photo or one too many, NotFound for a request the actor does not see.
    """
    require(session, "record_requests")
    request = _seen(session, request_id)
    photo = cleaned_photo(name, content)
    if int(session.scalar(HELD, {"id": request_id}) or 0) >= MOST_PHOTOS:
        raise BadInput(
            N_("This request has {count} photos, as many as are kept. Take one away first."), count=MOST_PHOTOS
        )
    who = str(session.scalar(ACTOR))
    kept = Attachment(
        request_id=request_id,
        community_id=request.community_id,
        file_name=photo.file_name,
        media_type=photo.media_type,
        width_px=photo.width_px,
        height_px=photo.height_px,
        content=photo.content,
        added_by=who,
    )
    session.add(kept)
    session.flush()
    _tell(session, request, who, {"added": kept.id})
    return Added(kept.id, kept.token)


def remove_attachment(session: Session, attachment_id: int) -> None:
    """Take a photo of a request away for good; the history says that there was one, and who took it away.

    Raises NotFound for a photo the actor does not see.
    """
    require(session, "work_requests")
    kept = session.get(Attachment, attachment_id)
    if kept is None:
        raise NotFound(N_("This photo does not exist any more, or you may not see it. Open the request again."))
    request = _seen(session, kept.request_id)
    session.delete(kept)
    session.flush()
    _tell(session, request, str(session.scalar(ACTOR)), {"removed": attachment_id})


def _seen(session: Session, request_id: int) -> Row[Any]:
    request = session.execute(REQUEST, {"id": request_id}).one_or_none()
    if request is None:
        raise NotFound(NO_REQUEST)
    return request


def _tell(session: Session, request: Row[Any], who: str, details: dict[str, Any]) -> None:
    """Put what happened to a photo into the history and the log: the number of the photo, never its name."""
    session.add(
        RequestEvent(
            request_id=request.id,
            community_id=request.community_id,
            happened_at=session.scalar(text("SELECT now()")),
            recorded_by=who,
            kind="attachment",
            details=details,
        )
    )
    change = audit.Change(after={"attachment": details}, community_id=request.community_id)
    audit.record(session, "change_photos", "request", request.id, change)
    versions.bump(session, "requests")
