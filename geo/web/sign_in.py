"""Signing in and out: the routes behind the sign-in page, its forms and the demo's one click."""

import time
from collections.abc import Awaitable, Callable, Mapping
from functools import partial, wraps
from typing import Any, Protocol
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from geo.access import accounts, sessions
from geo.access.sessions import COOKIE, Visitor
from geo.errors import BadInput, NotAllowed, YizhanError
from geo.i18n import N_, _, current_language, preferred_language
from geo.web import gate
from geo.web.forms import Proof, device_of, fields_of, is_at_this_machine, own_path, set_session
from geo.web.limits import Attempts
from geo.web.visitors import Visitors, token_of

HASHES_AT_ONCE = 2
TOO_OLD = N_("The page was open for too long. Try again.")
TOO_MANY = N_("Too many tries from this address. Try again in {seconds} seconds.")
SIGN_IN = "/sign-in"
PASSWORD_PAGE = f"{SIGN_IN}/password"
NEXT_COOKIE = "yizhan_next"
OUTSIDE_COOKIES = ("_streamlit_user", "_streamlit_user_tokens")

Fields = Mapping[str, str]
Handler = Callable[["SignIn", Request], Awaitable[Response]]


class SingleSignOn(Protocol):
    """Who else can say who somebody is, when configured (OpenID Connect)."""

    def providers(self) -> tuple[str, ...]:
        """Return the names of those who are configured, ``default`` for one without a name."""

    def entrance(self, provider: str) -> str:
        """Return the address where signing in with one of them begins."""

    def verified_email(self, request: Request) -> str | None:
        """Return the verified e-mail address a browser comes back with; None when it has not been there.

        Raises NotAllowed for an address nobody has verified.
        """


class TooMany(NotAllowed):
    """An address has tried too often."""


def spoken(handler: Handler) -> Callable[["SignIn", Request], Awaitable[Response]]:
    """Answer in the reader's language; what went wrong otherwise is a page of its own."""

    @wraps(handler)
    async def answer(self: "SignIn", request: Request) -> Response:
        gate.speak(request)
        try:
            return await handler(self, request)
        except YizhanError as error:
            return gate.failure(request, error)

    return answer


class SignIn:
    """The routes of the sign-in."""

    def __init__(self, visitors: Visitors, single_sign_on: SingleSignOn | None = None) -> None:
        self.visitors = visitors
        self.single_sign_on = single_sign_on
        self.attempts = Attempts()
        self._hashes = CapacityLimiter(HASHES_AT_ONCE)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route(SIGN_IN, self.show, methods=["GET"]),
            Route(SIGN_IN, self.enter, methods=["POST"]),
            Route(f"{SIGN_IN}/demo", self.enter_demo, methods=["POST"]),
            Route(f"{SIGN_IN}/outside", self.go_outside, methods=["GET"]),
            Route(PASSWORD_PAGE, self.show_password, methods=["GET"]),
            Route(PASSWORD_PAGE, self.change_password, methods=["POST"]),
            Route("/sign-out", self.leave, methods=["POST"]),
        ]

    @spoken
    async def show(self, request: Request) -> Response:
        """Show the sign-in page; who is signed in already goes on, and so does who comes back from outside."""
        visitor = await self.visitors.visitor(token_of(request.scope["headers"]))
        if visitor is not None:
            return _onwards(request, request.query_params, visitor)
        email, told = None, ""
        try:
            email = self.single_sign_on.verified_email(request) if self.single_sign_on else None
            if email is not None:
                token = await self._in_thread(accounts.admit_by_email, request, email)
                asked_before = {"next": unquote(request.cookies.get(NEXT_COOKIE, "/"))}
                return await self._welcome(request, asked_before, token)
        except NotAllowed as refused:
            told = refused.text()
        response = await self._page(request, request.query_params, told=told)
        _forget_outside(request, response)
        return response

    @spoken
    async def enter(self, request: Request) -> Response:
        """Sign in with a name and a password."""
        fields = await self._fields(request)
        if not Proof.of(request).holds(fields):
            return await self._page(request, fields, told=_(TOO_OLD), status=403)
        try:
            self._take_attempt(request)
            name, password = fields.get("name", ""), fields.get("password", "")
            token = await self._in_thread(accounts.sign_in, request, name, password)
        except TooMany as refused:
            return _later(await self._page(request, fields, told=refused.text(), status=429), refused)
        except NotAllowed as refused:
            return await self._page(request, fields, told=refused.text(), status=401)
        self.attempts.give_back(_host(request), time.monotonic())
        return await self._welcome(request, fields, token)

    @spoken
    async def enter_demo(self, request: Request) -> Response:
        """Sign in as one of the demo's accounts: from this machine only, and in a demo city only."""
        fields = await self._fields(request)
        if not Proof.of(request).holds(fields):
            return await self._page(request, fields, told=_(TOO_OLD), status=403)
        if not is_at_this_machine(request):
            raise NotAllowed(N_("The demo accounts open on the machine that runs the demo only."))
        token = await self._in_thread(accounts.enter_demo, request, fields.get("account", ""))
        return await self._welcome(request, fields, token)

    @spoken
    async def go_outside(self, request: Request) -> Response:
        """Lead to who else can say who somebody is; the page asked for is remembered meanwhile."""
        provider = request.query_params.get("provider", "")
        if self.single_sign_on is None or provider not in self.single_sign_on.providers():
            return _to_sign_in(None)
        answer = RedirectResponse(self.single_sign_on.entrance(provider), status_code=303)
        following = quote(own_path(request.query_params.get("next", "/")), safe="")
        answer.set_cookie(NEXT_COOKIE, following, max_age=600, httponly=True, samesite="lax", path=SIGN_IN)
        return answer

    @spoken
    async def show_password(self, request: Request) -> Response:
        """Show the page to change one's own password."""
        visitor = await self.visitors.visitor(token_of(request.scope["headers"]))
        if visitor is None:
            return _to_sign_in(PASSWORD_PAGE)
        page = gate.password_page(request, request.query_params, due=visitor.must_change, told="")
        return gate.answer(request, page)

    @spoken
    async def change_password(self, request: Request) -> Response:
        """Change one's own password."""
        fields = await self._fields(request)
        visitor = await self.visitors.visitor(token_of(request.scope["headers"]))
        if visitor is None:
            return _to_sign_in(PASSWORD_PAGE)
        try:
            _check_new_password(request, fields)
            self._take_attempt(request)
            current, new = fields.get("current", ""), fields.get("new", "")
            token = await self._in_thread(accounts.change_password, request, visitor, current, new)
        except (BadInput, NotAllowed) as refused:
            page = gate.password_page(request, fields, due=visitor.must_change, told=refused.text())
            return _later(gate.answer(request, page, 429 if isinstance(refused, TooMany) else 400), refused)
        return await self._welcome(request, fields, token)

    @spoken
    async def leave(self, request: Request) -> Response:
        """Sign out: the session, its tabs and what the browser keeps of its pages end."""
        fields = await self._fields(request)
        token = token_of(request.scope["headers"])
        visitor = await self.visitors.visitor(token)
        if visitor is not None and not Proof.of(request).holds(fields):
            raise NotAllowed(TOO_OLD)
        if visitor is not None:
            await to_thread.run_sync(sessions.sign_out, visitor)
        self.visitors.forget(token)
        response = _to_sign_in(None)
        response.headers["clear-site-data"] = '"cache"'
        response.delete_cookie(COOKIE, path="/")
        _forget_outside(request, response)
        return response

    async def _fields(self, request: Request) -> dict[str, str]:
        fields = await fields_of(request)
        gate.speak(request, fields)
        return fields

    def _take_attempt(self, request: Request) -> None:
        seconds = self.attempts.take(_host(request), time.monotonic())
        if seconds:
            raise TooMany(TOO_MANY, seconds=seconds)

    async def _in_thread(self, work: Callable[..., str], request: Request, *given: Any) -> str:
        bound = partial(work, *given, device=device_of(request), host=_host(request))
        return await to_thread.run_sync(bound, limiter=self._hashes)

    async def _welcome(self, request: Request, fields: Fields, token: str) -> Response:
        """Lead on with a new session; the one this browser had before ends."""
        before = token_of(request.scope["headers"])
        replaced = await self.visitors.visitor(before)
        if replaced is not None:
            await to_thread.run_sync(sessions.sign_out, replaced)
        self.visitors.forget(before)
        response = _onwards(request, fields, await self.visitors.visitor(token))
        set_session(response, token)
        _forget_outside(request, response)
        return response

    async def _page(self, request: Request, fields: Fields, *, told: str = "", status: int = 200) -> Response:
        demo = await to_thread.run_sync(accounts.demo_accounts) if is_at_this_machine(request) else ()
        nobody_yet = not await to_thread.run_sync(accounts.has_users)
        outside = self.single_sign_on.providers() if self.single_sign_on else ()
        page = gate.sign_in_page(request, fields, demo=demo, nobody_yet=nobody_yet, told=told, outside=outside)
        return gate.answer(request, page, status)


def _check_new_password(request: Request, fields: Fields) -> None:
    if not Proof.of(request).holds(fields):
        raise BadInput(TOO_OLD)
    if fields.get("new") != fields.get("again"):
        raise BadInput(N_("The new password was not the same both times."))


def _onwards(request: Request, fields: Fields, visitor: Visitor | None) -> Response:
    """Lead to the page that was asked for, in the language chosen; first to a new password where one is due."""
    following = own_path(fields.get("next", "/"))
    browsers = preferred_language(request.headers.get("accept-language", ""))
    parts = urlsplit(following)
    if current_language() != browsers and "lang" not in dict(parse_qsl(parts.query)):
        following = parts._replace(query="&".join(filter(None, [parts.query, f"lang={current_language()}"]))).geturl()
    if visitor is not None and visitor.must_change:
        following = f"{PASSWORD_PAGE}?{urlencode({'next': following, 'lang': current_language()})}"
    return RedirectResponse(following, status_code=303, headers={"cache-control": "no-store"})


def _to_sign_in(following: str | None) -> Response:
    asked = f"?{urlencode({'next': following})}" if following else ""
    return RedirectResponse(f"{SIGN_IN}{asked}", status_code=303, headers={"cache-control": "no-store"})


def _later(response: Response, refused: YizhanError) -> Response:
    if isinstance(refused, TooMany):
        response.headers["retry-after"] = str(refused.values["seconds"])
    return response


def _forget_outside(request: Request, response: Response) -> None:
    for name in request.cookies:
        if name.startswith(OUTSIDE_COOKIES):
            response.delete_cookie(name, path="/")


def _host(request: Request) -> str | None:
    return request.client.host if request.client else None
