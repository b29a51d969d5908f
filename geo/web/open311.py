"""Open311 GeoReport v2 at /open311/v2/: other systems hand in requests and ask for them, by a key or a sign-in.

The guard passes these paths on without a session: who asks is told by a key in the query or the form, and asked for
here, before anything else. Row security decides what is seen; errors have the shape of the interface.
"""

import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from anyio import CapacityLimiter, to_thread
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.access.rules import ROUTE_ACTIONS, refusal
from geo.access.sessions import Visitor
from geo.errors import BadInput, NotAllowed, NotFound, NotSignedIn, YizhanError
from geo.exchange import open311 as words
from geo.exchange.open311_reads import building_of, reports, services
from geo.i18n import N_, preferred_language, use_language
from geo.requests.api_key_reads import visitor_of_key
from geo.requests.draft import RequestDraft
from geo.requests.typed_place import typed_places
from geo.requests.writes import record_request
from geo.store.session import Actor, reading, writing
from geo.web.answers import status_of
from geo.web.limits import Attempts

OPEN311 = "/open311/"
VERSION = f"{OPEN311}v2/"
MOST_BYTES, MOST_FIELDS = 30_000, 60
AT_ONCE, ASKED_AT_ONCE, ONE_MORE_EVERY_S = 4, 120, 0.5
TOO_MANY = 429
FORM = "application/x-www-form-urlencoded"
NO_STORE = {"cache-control": "no-store"}
NO_SUCH_PATH = N_("There is nothing at this address. Ask for services, requests or tokens.")


@dataclass(frozen=True)
class Answer:
    """What is told: root and item name the elements of XML."""

    root: str
    item: str
    records: list[words.Record] | words.Record
    status: int = 200


class _TooMany(YizhanError):
    """Somebody asks more often than this server answers."""


class Open311Route:
    """The interface for other systems."""

    def __init__(self) -> None:
        self._work = CapacityLimiter(AT_ONCE)
        self._asked = Attempts(ASKED_AT_ONCE, ONE_MORE_EVERY_S)
        self._wrong = Attempts()

    def route(self) -> Route:
        """Return the route."""
        return Route(OPEN311 + "{path:path}", self.answer, methods=["GET", "POST"])

    async def answer(self, request: Request) -> Response:
        """Answer one request in the format its address or its header names, errors too."""
        use_language(preferred_language(request.headers.get("accept-language", "")))
        path, kind = _parted(request)
        try:
            told = await self._told(request, path)
        except YizhanError as error:
            status = TOO_MANY if isinstance(error, _TooMany) else status_of(error)
            told = Answer("errors", "error", words.errors(status, error.text()), status)
        body = words.as_xml(told.root, told.item, told.records) if kind == "xml" else words.as_json(told.records)
        return Response(body, told.status, NO_STORE, media_type=words.FORMATS[kind])

    async def _told(self, request: Request, path: list[str]) -> Answer:
        fields = await _form(request) if request.method == "POST" else {}
        visitor = await self._visitor(request, fields)
        if path == ["requests"] and request.method == "POST":
            if visitor.session_id >= 0:
                raise NotAllowed(N_("A request is handed in with an api_key. Ask an administrator for one."))
            return await self._run(_hand_in, visitor, fields, request.headers.get("idempotency-key", "").strip())
        if request.method == "POST":
            raise NotFound(NO_SUCH_PATH)
        return await self._run(_look_up, visitor, path, dict(request.query_params))

    async def _run(self, work: Any, visitor: Visitor, *given: Any) -> Answer:
        done: Answer = await to_thread.run_sync(partial(work, visitor.actor, *given), limiter=self._work)
        return done

    async def _visitor(self, request: Request, fields: dict[str, str]) -> Visitor:
        """Return who asks, by the key, else by the session; they have to be allowed to, and not to ask too often."""
        host = request.client.host if request.client else None
        key = fields.get("api_key") or request.query_params.get("api_key") or ""
        found = request.scope.get("state", {}).get("visitor")
        if key:
            if self._wrong.take(host, time.monotonic()):
                raise _TooMany(N_("Too many wrong keys came from your address. Wait a minute, then try again."))
            found = await to_thread.run_sync(visitor_of_key, key, limiter=self._work)
        if not isinstance(found, Visitor):
            if key:
                raise NotAllowed(N_("This api_key is not known here, or was taken back. Ask an administrator."))
            raise NotSignedIn(N_("Say who asks: add api_key, or sign in first."))
        if key:
            self._wrong.give_back(host, time.monotonic())
        action = "record_requests" if request.method == "POST" else ROUTE_ACTIONS[OPEN311]
        if not found.may(action):
            raise refusal(action)
        if self._asked.take(f"{found.actor.name} {found.session_id}", time.monotonic()):
            raise _TooMany(N_("You ask more often than is answered here. Wait some seconds, then go on."))
        return found


def _parted(request: Request) -> tuple[list[str], str]:
    """Return the parts of the path below the version, and json or xml."""
    path = request.url.path.removeprefix(VERSION)
    stem, _dot, ending = path.rpartition(".")
    if ending not in words.FORMATS:
        accepts = Headers(scope=request.scope).get("accept", "")
        stem, ending = path, "xml" if "xml" in accepts and "json" not in accepts and "html" not in accepts else "json"
    return stem.strip("/").split("/") if request.url.path.startswith(VERSION) else [], ending


async def _form(request: Request) -> dict[str, str]:
    wrong = BadInput(N_("Hand in a request as a form ({kind}) of at most {count} bytes."), kind=FORM, count=MOST_BYTES)
    if not request.headers.get("content-type", "").startswith(FORM):
        raise wrong
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise wrong
    try:
        return dict(parse_qsl(body.decode(), max_num_fields=MOST_FIELDS))
    except ValueError:
        raise wrong from None


def _look_up(actor: Actor, path: list[str], asked: dict[str, str]) -> Answer:
    with reading(actor) as connection:
        if path == ["services"]:
            return Answer("services", "service", services(connection))
        if path == ["requests"]:
            return Answer("service_requests", "request", reports(connection, words.wanted(asked, datetime.now(UTC))))
        if len(path) == 2 and path[0] == "services":
            if path[1] not in {one["service_code"] for one in services(connection)}:
                raise NotFound(N_("service_code: there is no such service; services lists them."))
            return Answer("service_definition", "attribute", words.definition(path[1]))
        if len(path) == 2 and path[0] in {"requests", "tokens"}:
            found = reports(connection, words.wanted({"service_request_id": path[1]}, datetime.now(UTC)))
            if not found:
                raise NotFound(N_("There is no such request, or you may not see it."))
            if path[0] == "requests":
                return Answer("service_requests", "request", found)
            number = found[0]["service_request_id"]
            return Answer("service_requests", "request", [{"service_request_id": number, "token": path[1]}])
    raise NotFound(NO_SUCH_PATH)


def _hand_in(actor: Actor, fields: dict[str, str], key: str) -> Answer:
    draft = words.draft_of(fields, datetime.now(UTC), key=key, system=f"open311 {actor.name}")
    if not draft.has_point:
        draft = _placed(actor, fields, draft)
    with writing(actor) as session:
        made = record_request(session, draft)
    record = {"service_request_id": made.number, "service_notice": None, "account_id": fields.get("account_id")}
    return Answer("service_requests", "request", [record], 200 if made.again else 201)


def _placed(actor: Actor, fields: dict[str, str], draft: RequestDraft) -> RequestDraft:
    """Return a draft at the building an address_id or address_string means; BadInput where that is none or several."""
    with reading(actor) as connection:
        code = fields.get("address_id", "")
        building = building_of(connection, code) if code else None
        if building is not None:
            return replace(draft, building_id=building)
        doors = [place for place in typed_places(connection, draft.address or "") if place.building_id is not None]
    if len(doors) != 1:
        raise BadInput(N_("address_string: it means no building here, or several. Add lat and long."))
    door = doors[0]
    return replace(draft, unit_id=door.id) if door.kind == "unit" else replace(draft, building_id=door.building_id)
