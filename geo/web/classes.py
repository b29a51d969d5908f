"""The route of the class arrays: /classes/{kind}?v=…[&topic=…][&community=…&kind=…][&since=state]."""

import json
from datetime import date

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.access.reads import may, require
from geo.briefing.class_arrays import ARRAYS, KINDS, Array, filtered, inside
from geo.briefing.coverage_arrays import COVERAGE
from geo.briefing.coverage_paint import Asked
from geo.errors import BadInput, NotFound
from geo.i18n import N_
from geo.places.tables import COMPOUND_KINDS
from geo.store.clock import today
from geo.store.session import Actor, reading
from geo.web.answers import Body, actor_of, answering, pack, send
from geo.web.cache import MB, Bodies

MEDIA_TYPE = "application/octet-stream"
MOST_PATCHED = 20_000
LONGEST_ID, LONGEST_STATE = 18, 20


class Classes:
    """Answers with the classes of a kind: bytes by id, or as JSON the few that changed since a state."""

    def __init__(self) -> None:
        self._whole = Bodies(64 * MB)

    def route(self) -> Route:
        """Return the route of the classes."""
        return Route("/classes/{kind}", answering(self.answer))

    async def answer(self, request: Request) -> Response:
        """Answer one request for classes."""
        kind = request.path_params["kind"]
        if kind not in KINDS:
            raise NotFound(N_("There are no classes of {kind}"), kind=kind)
        community, compound_kind = _filter(request)
        actor = actor_of(request)
        array = await run_in_threadpool(_array, actor, kind, request)
        if community is not None or compound_kind is not None:
            body = await run_in_threadpool(_filtered_body, actor, array, community, compound_kind)
        else:
            changed = self._patch_body(request, array)
            body = changed if changed is not None else await run_in_threadpool(self._whole_body, array)
        return send(request, body, lasting=False)

    def warm(self, actor: Actor, on: date) -> None:
        """Compute what the first look at the map needs."""
        for kind in KINDS:
            self._whole_body(ARRAYS.current(actor, kind, on))

    def _patch_body(self, request: Request, array: Array) -> Body | None:
        since = request.query_params.get("since", "")
        found = array.since(int(since)) if since.isdecimal() and len(since) <= LONGEST_STATE else None
        if found is None or len(found[0]) > MOST_PATCHED:
            return None
        content = json.dumps({"ids": found[0], "classes": found[1]}).encode()
        return pack(content, "application/json", ("x-state", str(array.state)))

    def _whole_body(self, array: Array) -> Body:
        state = array.state
        body = self._whole.get(state)
        if body is None:
            more = (("x-first-id", str(array.first)), ("x-state", str(state)))
            body = pack(array.values.tobytes(), MEDIA_TYPE, *more)
            self._whole.put(state, body)
        return body


def _array(actor: Actor, kind: str, request: Request) -> Array:
    if "topic" not in request.query_params:
        return ARRAYS.current(actor, kind, today())
    asked = Asked.from_query(request.query_params)
    with reading(actor) as connection:
        require(connection, "see_coverage")
        if asked.topic == "away":
            require(connection, "see_holders")
        if asked.topic == "visits":
            require(connection, "see_needs")
        if asked.topic == "skill" and not may(connection, "run_studies"):
            require(connection, "see_volunteers")
    return COVERAGE.current(actor, asked, kind, today())


def _filter(request: Request) -> tuple[int | None, str | None]:
    community, kind = request.query_params.get("community"), request.query_params.get("kind")
    if community is not None and not (community.isdecimal() and len(community) <= LONGEST_ID):
        raise BadInput(N_("“{text}” is not the number of a community"), text=community)
    if kind is not None and kind not in COMPOUND_KINDS:
        raise BadInput(N_("There is no kind of compound called {kind}"), kind=kind)
    return int(community) if community else None, kind


def _filtered_body(actor: Actor, array: Array, community_id: int | None, compound_kind: str | None) -> Body:
    with reading(actor) as connection:
        ids = inside(connection, array.kind, community_id=community_id, compound_kind=compound_kind)
    return pack(filtered(array, ids).tobytes(), MEDIA_TYPE, ("x-first-id", str(array.first)))
