"""The route of photos: /attachments/{token}, a picture of a request for who may see the request."""

from uuid import UUID

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.access.reads import require
from geo.errors import NotFound
from geo.i18n import N_
from geo.requests.attachment_reads import ADDRESS, Picture, picture_of
from geo.store.session import Actor, reading
from geo.web.answers import actor_of, answering

KEPT = "private, max-age=3600"


class AttachmentRoute:
    """Answers with the bytes of one photo; it is kept by the browser of who asked, for an hour."""

    def route(self) -> Route:
        """Return the route."""
        return Route(ADDRESS + "{token:uuid}", answering(self.answer))

    async def answer(self, request: Request) -> Response:
        """Answer with a picture, as itself and never as a page."""
        picture = await run_in_threadpool(_picture, actor_of(request), request.path_params["token"])
        headers = {"cache-control": KEPT, "vary": "cookie", "content-disposition": "inline"}
        return Response(picture.content, media_type=picture.media_type, headers=headers)


def _picture(actor: Actor, token: UUID) -> Picture:
    with reading(actor) as connection:
        require(connection, "see_requests")
        found = picture_of(connection, token)
    if found is None:
        raise NotFound(N_("This photo does not exist any more, or you may not see it. Open the request again."))
    return found
