"""Answers of the server's own routes: errors in one shape, bodies compressed once, revalidation by ETag."""

import gzip
import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import wraps

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from geo.access.actor import OPERATOR
from geo.errors import STATUS, YizhanError
from geo.i18n import preferred_language, use_language
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


def actor_of(request: Request) -> Actor:
    """Return who asks: the guard lets nobody through but this machine while nobody can sign in."""
    del request
    return OPERATOR


def answering(handler: Handler) -> Handler:
    """Turn the errors of a route into its status and one JSON shape: code and message in the reader's language."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        try:
            return await handler(request)
        except YizhanError as error:
            use_language(preferred_language(request.headers.get("accept-language", "")))
            status = next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)
            return JSONResponse({"code": error.code, "message": error.text()}, status_code=status)

    return answer
