"""Forms of our own pages: their fields, the proof that they come from our page, and where they may lead."""

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from geo.access.actor import is_loopback
from geo.access.sessions import COOKIE, form_token
from geo.errors import BadInput
from geo.i18n import N_
from geo.settings import settings

FORM_COOKIE = "yizhan_form"
PROOF = "form_token"
MOST_BYTES, MOST_FIELDS = 10_000, 20
LONGEST_NEXT = 2000
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")
OWN_PLACES = ("/sign-in", "/sign-out")


def own_path(asked: str) -> str:
    """Return the page of this app an address leads to, the first page for any other address.

    >>> own_path("/places?place=building:7"), own_path("//evil.example"), own_path("https://evil.example")
    ('/places?place=building:7', '/', '/')
    """
    parts = urlsplit(asked)
    strange = not asked.isascii() or not asked.isprintable() or "\\" in asked or len(asked) > LONGEST_NEXT
    if strange or parts.scheme or parts.netloc or not asked.startswith("/") or asked.startswith(("//", *OWN_PLACES)):
        return "/"
    return asked


async def fields_of(request: Request) -> dict[str, str]:
    """Return the fields of a posted form; BadInput for anything but a short form."""
    wrong = BadInput(N_("This is not the form of the sign-in page."))
    if not request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        raise wrong
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise wrong
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=MOST_FIELDS))
    except ValueError:
        raise wrong from None


@dataclass(frozen=True)
class Proof:
    """What ties a form to the browser it was made for: its session, else a cookie of the form's own."""

    secret: str
    fresh: bool = field(default=False)

    @classmethod
    def of(cls, request: Request) -> "Proof":
        """Return the one proof of a request's browser, a fresh one for a browser without any cookie of ours."""
        made: Proof | None = getattr(request.state, "proof", None)
        if made is None:
            known = request.cookies.get(COOKIE) or request.cookies.get(FORM_COOKIE)
            made = request.state.proof = cls(known) if known else cls(secrets.token_urlsafe(32), fresh=True)
        return made

    @property
    def token(self) -> str:
        """What the form carries."""
        return form_token(self.secret)

    def holds(self, fields: Mapping[str, str]) -> bool:
        """Tell whether a posted form was made for this browser."""
        return not self.fresh and hmac.compare_digest(fields.get(PROOF, "").encode(), self.token.encode())

    def keep(self, response: Response, *, path: str = "/sign-in") -> None:
        """Give the browser its cookie when it had none; path: below which it goes along."""
        if self.fresh:
            options = {"httponly": True, "samesite": "strict", "path": path, "secure": settings().https}
            response.set_cookie(FORM_COOKIE, self.secret, **options)  # type: ignore[arg-type]


def set_session(response: Response, token: str) -> None:
    """Give the browser the cookie of its session."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=settings().session_hours * 3600,
        httponly=True,
        samesite="lax",
        secure=settings().https,
        path="/",
    )


def is_at_this_machine(request: Request) -> bool:
    """Tell whether a request was made on this machine, by a loopback name, and not passed on by a proxy."""
    asked = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    client = request.client.host if request.client else ""
    return is_loopback(client) and is_loopback(asked) and not any(name in request.headers for name in FORWARDED)


def device_of(request: Request) -> str:
    """Return the browser and system of a request in a few words, as its list of devices shows it."""
    told = request.headers.get("user-agent", "")
    browsers = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
               ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip
    named = [next((name for mark, name in marks if mark in told), "") for marks in (browsers, systems)]
    return " · ".join(filter(None, named)) or told[:40]
