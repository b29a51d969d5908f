"""The route of what-if: /what-if/?wishes=leaves:7,head:building:4:new answers with what changes, and stores nothing."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geo.access.reads import require
from geo.briefing.coverage_what_if import Outcome, parse_wishes, what_if
from geo.store.session import Actor, reading
from geo.web.answers import actor_of, answering

WHAT_IF = "/what-if/"


class WhatIfRoute:
    """Answers with the buildings whose class would change and the figures today and then."""

    def route(self) -> Route:
        """Return the route."""
        return Route(WHAT_IF, answering(self.answer))

    async def answer(self, request: Request) -> Response:
        """Answer one question."""
        wishes = parse_wishes(request.query_params.get("wishes", ""))
        found = await run_in_threadpool(_asked, actor_of(request), wishes)
        classes = {"ids": list(found.buildings), "classes": list(found.buildings.values())}
        return JSONResponse(classes | {"figures": found.figures()}, headers={"cache-control": "no-store"})


def _asked(actor: Actor, wishes: tuple[str, ...]) -> Outcome:
    with reading(actor) as connection:
        require(connection, "see_coverage")
    return what_if(actor, wishes)
