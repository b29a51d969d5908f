"""The form by which a request is written down on a phone or at home: a small page of its own, and where it is sent.

Who is signed in hands in as themselves. Residents without a sign-in get the form only where the setting
public_request_form names the user it acts as: they may hand in, slowly, and read nothing but the lists of the form.
"""

import base64
import json
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from functools import partial, wraps
from typing import Any
from uuid import UUID

from anyio import CapacityLimiter, to_thread
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from geo.access.sessions import Visitor
from geo.errors import BadInput, NotAllowed, NotSignedIn, YizhanError
from geo.i18n import LANGUAGES, N_, _, current_language
from geo.maps.city_map import asset_address
from geo.requests.attachment_writes import add_attachment
from geo.requests.draft import LONGEST_NAME, LONGEST_PHONE, LONGEST_SUMMARY, RequestDraft
from geo.requests.photos import MOST_BYTES as MOST_PHOTO_BYTES
from geo.requests.request_reads import categories
from geo.requests.typed_place import typed_places
from geo.requests.writes import record_request
from geo.settings import settings
from geo.store.session import Actor, reading, writing
from geo.store.texts import LONGEST
from geo.web import gate
from geo.web.answers import status_of
from geo.web.forms import PROOF, Proof
from geo.web.limits import Attempts

FORM = "/request-form/"
PLACES, HAND_IN = f"{FORM}places", f"{FORM}requests"
ASSETS = ("house.svg", "visit-form.css", "request-form.css", "request-form.js")
SYSTEM = "web form"
NO_STORE = {"cache-control": "no-store"}
MOST_BYTES = MOST_PHOTO_BYTES * 4 // 3 + 20_000
AT_ONCE, TOO_MANY = 3, 429
SIGNED_IN, ONE_ADDRESS, EVERYBODY = (30, 5.0), (5, 120.0), (60, 10.0)
"""How many requests may come at once, and in how many seconds one more: by a user, an address, all strangers."""
NOT_THE_FORM = N_("This is not what the form sends. Open the form again.")
MINE = text(
    "SELECT a.id, a.name FROM area a WHERE a.level = 'community' AND NOT a.placeholder AND a.closed_on IS NULL "
    "AND (app_runs_city() OR a.id IN (SELECT m.community_id FROM membership m "
    "WHERE m.role IN ('organiser', 'station_staff'))) ORDER BY a.name, a.id"
)
TEXTS = {
    "title": N_("Write down a request"),
    "category": N_("What is it about?"),
    "choose": N_("Choose …"),
    "place": N_("Where is it?"),
    "typed": N_("Compound and building, or an address"),
    "here": N_("I am there: use my position"),
    "position": N_("Your position is taken, to about {metres} m."),
    "no_position": N_("Your position is not known. Type the place, or choose the community."),
    "community": N_("Community"),
    "summary": N_("What happened?"),
    "photo": N_("A photo (where it was taken is not kept)"),
    "phone": N_("Telephone to call back, if you like"),
    "name": N_("Your name, if you like"),
    "sealed": N_("Name and telephone are sealed; whoever looks at them says why, and it is logged."),
    "send": N_("Send"),
    "sending": N_("Being sent …"),
    "sent": N_("Thank you. The number of the request is {number}: write it down to ask about it."),
    "another": N_("Write down another one"),
    "no_signal": N_("It could not be sent. What you wrote stays here: try again when there is signal."),
}
Handler = Callable[["RequestForm", Request], Awaitable[Response]]


class _TooMany(YizhanError):
    """Requests come faster than the form takes them."""


def told(handler: Handler) -> Handler:
    """Answer in the reader's language; what went wrong is its status and the one JSON shape."""

    @wraps(handler)
    async def answer(self: "RequestForm", request: Request) -> Response:
        gate.speak(request)
        try:
            return await handler(self, request)
        except YizhanError as error:
            status = TOO_MANY if isinstance(error, _TooMany) else status_of(error)
            return JSONResponse({"code": error.code, "message": error.text()}, status_code=status, headers=NO_STORE)

    return answer


class RequestForm:
    """The routes of the form for requests."""

    def __init__(self) -> None:
        self._work = CapacityLimiter(AT_ONCE)
        self._users, self._addresses, self._strangers = (
            Attempts(*pace) for pace in (SIGNED_IN, ONE_ADDRESS, EVERYBODY)
        )

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route(FORM, self.show, methods=["GET"]),
            Route(PLACES, self.places, methods=["GET"]),
            Route(HAND_IN, self.take, methods=["POST"]),
        ]

    @told
    async def show(self, request: Request) -> Response:
        """Show the form: its texts, the categories and the communities it takes requests for."""
        lists = await to_thread.run_sync(_lists, _writer(request), limiter=self._work)
        given = {
            "addresses": {"places": PLACES, "hand_in": HAND_IN},
            "texts": {name: _(words) for name, words in TEXTS.items()},
            "suggests": _visitor(request) is not None,
            "longest": {"summary": LONGEST_SUMMARY, "name": LONGEST_NAME, "phone": LONGEST_PHONE,
                        "address": LONGEST["address"]},
            PROOF: Proof.of(request).token,
        } | lists  # fmt: skip
        page = gate.PAGES.get_template("request_form.html").render(
            language=current_language().replace("_", "-"),
            brand=_("Yizhan"),
            title=_(TEXTS["title"]),
            assets={name: asset_address(name) for name in ASSETS},
            languages=[(f"{FORM}?lang={code}", name, code == current_language()) for code, name in LANGUAGES.items()],
            given=given,
        )
        answer = HTMLResponse(page, headers=NO_STORE | {"vary": "accept-language"})
        Proof.of(request).keep(answer, path=FORM)
        return answer

    @told
    async def places(self, request: Request) -> Response:
        """Answer with the places a text may mean, for who is signed in."""
        visitor = _visitor(request)
        if visitor is None:
            raise NotSignedIn(N_("Nobody is signed in. Sign in first."))
        typed = request.query_params.get("typed", "")[: LONGEST["address"]]
        found = await to_thread.run_sync(_places, visitor.actor, typed, limiter=self._work)
        return JSONResponse({"places": found}, headers=NO_STORE)

    @told
    async def take(self, request: Request) -> Response:
        """Record one request, however often it is handed in under its key: 201 at first, then 200."""
        fields = await _fields_of(request)
        if not Proof.of(request).holds({PROOF: str(fields.get(PROOF, ""))}):
            raise NotAllowed(N_("The form was opened for another sign-in, or too long ago. Open it again."))
        self._slow_down(request)
        draft, photo = _draft_of(fields), _photo_of(fields)
        number, again = await to_thread.run_sync(
            partial(_record, _writer(request), draft, photo), limiter=self._work
        )  # fmt: skip
        return JSONResponse({"number": number}, status_code=200 if again else 201, headers=NO_STORE)

    def _slow_down(self, request: Request) -> None:
        visitor, now = _visitor(request), time.monotonic()
        if visitor is not None:
            waits = self._users.take(visitor.actor.name, now)
        else:
            host = request.client.host if request.client else None
            waits = self._addresses.take(host, now) or self._strangers.take("everybody", now)
        if waits:
            raise _TooMany(
                N_("Many requests came from here just now. Wait {seconds} s, then send again."), seconds=waits
            )


def _visitor(request: Request) -> Visitor | None:
    found = request.scope.get("state", {}).get("visitor")
    return found if isinstance(found, Visitor) else None


def _writer(request: Request) -> Actor:
    """Return in whose name the form acts: who is signed in, else the user the setting names."""
    visitor, stranger = _visitor(request), settings().public_request_form
    if visitor is not None:
        return visitor.actor
    if stranger is None:
        raise NotSignedIn(N_("Nobody is signed in. Sign in first."))
    return Actor(stranger)


def _lists(actor: Actor) -> dict[str, Any]:
    with reading(actor) as connection:
        known = [(one.code, one.label) for one in categories(connection)]
        return {"categories": known, "communities": [tuple(row) for row in connection.execute(MINE)]}


def _places(actor: Actor, typed: str) -> list[dict[str, Any]]:
    with reading(actor) as connection:
        found = typed_places(connection, typed) if typed.strip() else []
    return [
        {"kind": one.kind, "id": one.id, "name": one.name, "context": one.context}
        for one in found
        if one.kind in ("unit", "building")
    ]


def _draft_of(fields: dict[str, Any]) -> RequestDraft:
    """Return what the form sent as a draft; BadInput for anything the form does not send."""
    try:
        key = str(UUID(str(fields["key"])))
        place = {name: int(fields[name]) for name in ("unit_id", "building_id", "community_id") if fields.get(name)}
        point = {name: float(fields[name]) for name in ("lon", "lat") if fields.get(name) is not None}
    except (KeyError, ValueError, TypeError) as error:
        raise BadInput(NOT_THE_FORM) from error
    texts = {name: str(fields[name]) for name in ("summary", "address", "requester_name", "requester_phone")
             if fields.get(name)}  # fmt: skip
    given: dict[str, Any] = {**place, **point, **texts}
    return RequestDraft(
        "web", str(fields.get("category") or ""), datetime.now(UTC), external_system=SYSTEM, external_id=key, **given
    )


def _photo_of(fields: dict[str, Any]) -> bytes | None:
    if not fields.get("photo"):
        return None
    try:
        return base64.b64decode(str(fields["photo"]), validate=True)
    except ValueError as error:
        raise BadInput(NOT_THE_FORM) from error


def _record(actor: Actor, draft: RequestDraft, photo: bytes | None) -> tuple[str, bool]:
    placed = _placed(actor, draft)
    with writing(actor) as session:
        made = record_request(session, placed)
        if photo is not None and not made.again:
            add_attachment(session, made.request_id, "photo", photo)
    return made.number, made.again


def _placed(actor: Actor, draft: RequestDraft) -> RequestDraft:
    """Return a draft at the one door its address means, where nothing else says where it is."""
    said = draft.has_point or draft.unit_id is not None or draft.building_id is not None
    if said or not draft.address:
        return draft
    with reading(actor) as connection:
        doors = [one for one in typed_places(connection, draft.address) if one.kind in ("unit", "building")]
    if len(doors) != 1:
        return draft
    kept = {name: getattr(draft, name) for name in RequestDraft.__dataclass_fields__}
    return RequestDraft(**kept | {f"{doors[0].kind}_id": doors[0].id})


async def _fields_of(request: Request) -> dict[str, Any]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise BadInput(NOT_THE_FORM)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise BadInput(N_("The photo is too large. Choose a smaller one."))
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput(NOT_THE_FORM) from None
    if not isinstance(fields, dict):
        raise BadInput(NOT_THE_FORM)
    return fields
