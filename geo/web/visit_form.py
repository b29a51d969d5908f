"""The visit form for the phone: a small page of its own, what is due, and the way in for visits kept on the phone.

The page holds no data, so that it may be kept for offline use; what is due is asked for apart and never cached.
"""

import hashlib
import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial, wraps
from typing import Any

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from geo.errors import BadInput, NotAllowed, YizhanError
from geo.i18n import LANGUAGES, N_, _, current_language
from geo.maps.city_map import asset_address
from geo.maps.files import content
from geo.people.need_reads import need_by_number
from geo.people.visit_reads import DueNeed, due_needs, due_of_need
from geo.people.visit_rules import FINDING_LABELS, MINUTE_CHOICES, RESULT_LABELS, VisitDraft, draft_of, kind_due
from geo.people.visit_writes import Recorded, record_visit
from geo.store.clock import today
from geo.store.session import Actor, reading, writing
from geo.web import gate
from geo.web.answers import actor_of, status_of
from geo.web.forms import PROOF, Proof

FORM = "/visit-form/"
DUE, VISITS, WORKER = f"{FORM}due", f"{FORM}visits", f"{FORM}worker.js"
ASSETS = ("house.svg", "visit-form.css", "visit-form.js")
NO_STORE = {"cache-control": "no-store"}
AHEAD_DAYS, MOST_LISTED = 7, 300
MOST_BYTES = 4_000
LONGEST_NUMBER = 20
AT_ONCE = 4
NOT_THE_FORM = N_("This is not what the visit form sends. Open the form again.")
TOO_OLD = N_("The form was opened for another sign-in. Open it again; what is on the phone stays there.")
TEXTS = {
    "title": N_("Visits"),
    "back": N_("Back to the list"),
    "loading": N_("What is due is being fetched."),
    "nothing": N_("No visit is due in the next seven days at the doors you look after."),
    "no_list": N_("There is no list on this phone. Open this page once with signal, then it works without."),
    "offline": N_("No signal. What you save stays on this phone and is sent later."),
    "as_of": N_("List of {moment}"),
    "signed_out": N_("Your sign-in has ended. Visits on this phone wait until you sign in again."),
    "sign_in": N_("Sign in"),
    "no_role": N_("Your role does not let you record visits here. Ask an administrator; visits on this phone wait."),
    "no_worker": N_("This address is not https: the page opens with signal only. Visits you save are still kept."),
    "no_store": N_("This browser keeps nothing, so the visit was not saved. Leave the private window, then try again."),
    "everywhere": N_("All compounds"),
    "overdue": N_("Overdue"),
    "never": N_("Never visited"),
    "due": N_("Due in the next seven days"),
    "asked": N_("Chosen"),
    "days_late": N_("{count} days overdue"),
    "due_today": N_("due today"),
    "due_on": N_("due on {day}"),
    "since": N_("since {day}"),
    "after_change": N_("after a change: within a day"),
    "done": N_("recorded"),
    "result": N_("Did you meet somebody?"),
    "findings": N_("How was it?"),
    "minutes": N_("How many minutes?"),
    "minute": N_("{count} min"),
    "when": N_("When?"),
    "now": N_("Just now"),
    "hours_ago": N_("{count} h ago"),
    "yesterday": N_("Yesterday at this time"),
    "days_ago": N_("{count} days ago"),
    "save": N_("Save"),
    "saved": N_("Saved on this phone."),
    "arrived": N_("Sent: the visit is recorded."),
    "waiting": N_("{count} waiting to be sent"),
    "sent": N_("{count} sent today"),
    "refused": N_("{count} not accepted"),
    "next_due": N_("next due on {day}"),
    "send_now": N_("Send now"),
    "again": N_("Try again"),
    "correct": N_("Correct"),
    "drop": N_("Delete from this phone"),
    "sure": N_("Delete the visit to {number} from this phone? It was not accepted and is nowhere else."),
}
"""What the page says; the script fills in what stands in braces."""

Handler = Callable[["VisitForm", Request], Awaitable[Response]]


def told(handler: Handler) -> Handler:
    """Answer in the reader's language; what went wrong is its status and the one JSON shape."""

    @wraps(handler)
    async def answer(self: "VisitForm", request: Request) -> Response:
        gate.speak(request)
        try:
            return await handler(self, request)
        except YizhanError as error:
            shape = {"code": error.code, "message": error.text()}
            return JSONResponse(shape, status_code=status_of(error), headers=NO_STORE)

    return answer


def mark_of(actor: Actor) -> str:
    """Return what a phone keeps a user's visits under: the same for the same user, without the name.

    >>> mark_of(Actor("wang")) == mark_of(Actor("wang")), mark_of(Actor("wang")) == mark_of(Actor("li"))
    (True, False)
    """
    return hashlib.blake2b(actor.name.encode(), digest_size=9, person=b"visit form").hexdigest()


class VisitForm:
    """The routes of the visit form."""

    def __init__(self) -> None:
        self._work = CapacityLimiter(AT_ONCE)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route(FORM, self.show, methods=["GET"]),
            Route(WORKER, self.worker, methods=["GET"]),
            Route(DUE, self.due, methods=["GET"]),
            Route(VISITS, self.take, methods=["POST"]),
        ]

    @told
    async def show(self, request: Request) -> Response:
        """Show the form: texts and choices, nothing about anybody."""
        page = gate.PAGES.get_template("visit_form.html").render(
            language=current_language().replace("_", "-"),
            brand=_("Yizhan"),
            title=_(TEXTS["title"]),
            assets={name: asset_address(name) for name in ASSETS},
            languages=[(f"{FORM}?lang={code}", name, code == current_language()) for code, name in LANGUAGES.items()],
            given=_given(actor_of(request)),
        )
        return HTMLResponse(page, headers=NO_STORE | {"vary": "accept-language"})

    @told
    async def worker(self, _request: Request) -> Response:
        """Give the service worker, which opens the page where there is no signal."""
        return Response(content("visit-form-worker.js"), media_type="text/javascript", headers=NO_STORE)

    @told
    async def due(self, request: Request) -> Response:
        """Answer with what is due in the next days by building, door and number, and the proof to hand in visits."""
        actor = actor_of(request)
        number = request.query_params.get("need", "")[:LONGEST_NUMBER]
        found = await to_thread.run_sync(partial(_due, actor, number), limiter=self._work)
        needs = [_listed(need) for need in found]
        answer = {"who": mark_of(actor), PROOF: Proof.of(request).token, "needs": needs}
        return JSONResponse(answer, headers=NO_STORE)

    @told
    async def take(self, request: Request) -> Response:
        """Record one visit of the one who is signed in, however often it is handed in: 201 at first, then 200."""
        fields = await _fields_of(request)
        actor = actor_of(request)
        proof = {PROOF: str(fields.get(PROOF, ""))}
        if not Proof.of(request).holds(proof) or fields.get("who") != mark_of(actor):
            raise NotAllowed(TOO_OLD)
        visit = fields.get("visit")
        if not isinstance(visit, dict):
            raise BadInput(NOT_THE_FORM)
        made = await to_thread.run_sync(_record, actor, draft_of(visit), limiter=self._work)
        due = made.next_due_on.isoformat() if made.next_due_on else None
        answer = {"number": made.number, "next_due_on": due, "again": made.again}
        return JSONResponse(answer, status_code=200 if made.again else 201, headers=NO_STORE)


def _given(actor: Actor) -> dict[str, Any]:
    return {
        "who": mark_of(actor),
        "addresses": {"due": DUE, "visits": VISITS, "worker": WORKER, "form": FORM},
        "texts": {name: _(words) for name, words in TEXTS.items()},
        "results": [(code, _(words)) for code, words in RESULT_LABELS.items()],
        "findings": [(code, _(words)) for code, words in FINDING_LABELS.items()],
        "minutes": MINUTE_CHOICES,
    }


def _due(actor: Actor, number: str) -> list[DueNeed]:
    with reading(actor) as connection:
        found = due_needs(connection, until=today() + timedelta(days=AHEAD_DAYS), limit=MOST_LISTED)
        asked = need_by_number(connection, number) if number else None
        one = due_of_need(connection, asked.id) if asked else None
    return [*([one] if one and one.id not in {need.id for need in found} else []), *found]


def _listed(need: DueNeed) -> dict[str, Any]:
    return {
        "id": need.id,
        "number": need.number,
        "compound": need.compound or need.community,
        "place": need.place,
        "room": need.room,
        "due_on": need.due_on.isoformat(),
        "kind": kind_due(need.state, after_change=need.after_change),
    }


def _record(actor: Actor, draft: VisitDraft) -> Recorded:
    with writing(actor) as session:
        return record_visit(session, draft)


async def _fields_of(request: Request) -> dict[str, Any]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise BadInput(NOT_THE_FORM)
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise BadInput(NOT_THE_FORM)
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise BadInput(NOT_THE_FORM) from None
    if not isinstance(fields, dict):
        raise BadInput(NOT_THE_FORM)
    return fields
