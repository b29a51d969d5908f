"""Answers of the server's own routes: errors in one shape, bodies compressed once, revalidation by ETag."""

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Scope

from geo.access.sessions import Visitor
from geo.errors import STATUS, NotSignedIn, YizhanError
from geo.i18n import N_, preferred_language, use_language
from geo.store.session import Actor

Handler = Callable[[Request], Awaitable[Response]]
GZIP_LEVEL = 5
FOREVER = "private, max-age=604800, immutable"
ASK_AGAIN = "private, no-cache"


@dataclass(frozen=True)
class Body:
    """A body as it is kept and sent: gzip bytes, media type, ETag, further headers."""

    packed: bytes
    media_type: str
    etag: str
    more: tuple[tuple[str, str], ...] = ()


def pack(content: bytes, media_type: str, *more: tuple[str, str]) -> Body:
    """Compress a body and name it by its content.

    >>> len(pack(b"a" * 10_000, "text/plain").packed) < 100
    True
    """
    digest = hashlib.blake2b(content, digest_size=9).hexdigest()
    return Body(gzip.compress(content, GZIP_LEVEL, mtime=0), media_type, f'"{digest}"', more)


def send(request: Request, body: Body, *, lasting: bool) -> Response:
    """Answer with a packed body, or 304 when the client has it; lasting when the address names the data version."""
    headers = {"etag": body.etag, "cache-control": FOREVER if lasting else ASK_AGAIN, "vary": "accept-encoding"}
    headers |= dict(body.more)
    if request.headers.get("if-none-match") == body.etag:
        return Response(status_code=304, headers=headers)
    content = body.packed
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["content-encoding"] = "gzip"
    else:
        content = gzip.decompress(content)
    return Response(content, media_type=body.media_type, headers=headers)


def visitor_of(scope: Scope) -> Visitor:
    """Return who asks, as the guard has put it into the state; NotSignedIn when nobody did."""
    visitor = scope.get("state", {}).get("visitor")
    if not isinstance(visitor, Visitor):
        raise NotSignedIn(N_("Nobody is signed in. Sign in first."))
    return visitor


def actor_of(request: Request) -> Actor:
    """Return in whose name an answer is made."""
    return visitor_of(request.scope).actor


def status_of(error: YizhanError) -> int:
    """Return the HTTP status of an error.

    >>> status_of(NotSignedIn("Nobody is signed in."))
    401
    """
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def error_answer(scope: Scope, error: YizhanError) -> Response:
    """Return an error as its status and the one JSON shape: code and message in the reader's language."""
    use_language(preferred_language(Headers(scope=scope).get("accept-language", "")))
    content = {"code": error.code, "message": error.text()}
    return JSONResponse(content, status_code=status_of(error), headers={"cache-control": "no-store"})


def answering(handler: Handler) -> Handler:
    """Turn the errors of a route into its status and one JSON shape: code and message in the reader's language."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except YizhanError as error:
            return error_answer(request.scope, error)

    return answer
