"""Photos of a request as the actor may see them: what there is, and one picture by its token."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, text

ADDRESS = "/attachments/"
LISTED = text(
    "SELECT id, token, file_name, media_type, width_px, height_px, octet_length(content), added_by, added_at "
    "FROM attachment WHERE request_id = :id ORDER BY id"
)
PICTURE = text("SELECT media_type, content FROM attachment WHERE token = :token")


@dataclass(frozen=True)
class AttachmentView:
    """One photo of a request without its picture, which is asked for at its address."""

    id: int
    token: UUID
    file_name: str
    media_type: str
    width_px: int
    height_px: int
    size_bytes: int
    added_by: str
    added_at: datetime

    @property
    def address(self) -> str:
        """The address of the picture on this server."""
        return f"{ADDRESS}{self.token}"


@dataclass(frozen=True)
class Picture:
    """The bytes of a photo and their type."""

    media_type: str
    content: bytes


def attachments_of(connection: Connection, request_id: int) -> list[AttachmentView]:
    """Return the photos of a request in the order they came, none for a request the actor does not see."""
    return [AttachmentView(*row) for row in connection.execute(LISTED, {"id": request_id})]


def picture_of(connection: Connection, token: UUID) -> Picture | None:
    """Return the picture behind a token, None when there is none for this actor."""
    row = connection.execute(PICTURE, {"token": token}).one_or_none()
    return None if row is None else Picture(row.media_type, bytes(row.content))
