"""The route of moved stations: /siting/?study=3&site=7&lon=…&lat=… answers with the numbers, and stores nothing."""

from math import isfinite
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geo.briefing.siting_moves import draw_place, try_place
from geo.errors import BadInput
from geo.i18n import N_
from geo.store.session import Actor
from geo.web.answers import actor_of, answering

SITING = "/siting/"
LONGEST_ID = 18
NOT_ASKED = N_("Say the study, and lon and lat of the place in degrees; site is the station that would move there.")


class SitingRoute:
    """Answers with the figures today, of the plan, and with one of its stations moved or one more.

    drawn=1 adds the buildings newly within the limit and the outline of the walks, for when the station is let go.
    """

    def route(self) -> Route:
        """Return the route."""
        return Route(SITING, answering(self.answer))

    async def answer(self, request: Request) -> Response:
        """Answer one question."""
        query = request.query_params
        place = _degrees(query.get("lon", ""), 180.0), _degrees(query.get("lat", ""), 90.0)
        site = _id(query["site"]) if "site" in query else None
        what = _id(query.get("study", "")), site, query.get("drawn") == "1"
        answer = await run_in_threadpool(_asked, actor_of(request), what, place)
        return JSONResponse(answer, headers={"cache-control": "no-store"})


def _id(text: str) -> int:
    if not text.isdecimal() or len(text) > LONGEST_ID:
        raise BadInput(NOT_ASKED)
    return int(text)


def _degrees(text: str, most: float) -> float:
    try:
        value = float(text)
    except ValueError:
        raise BadInput(NOT_ASKED) from None
    if not isfinite(value) or abs(value) > most:
        raise BadInput(NOT_ASKED)
    return value


def _asked(actor: Actor, what: tuple[int, int | None, bool], place: tuple[float, float]) -> dict[str, Any]:
    study_id, site, drawn = what
    found = try_place(actor, study_id, *place, instead_of=site)
    answer = {
        "today": found.today, "plan": found.plan, "then": found.then, "gained": found.gained, "weights": found.weights
    }  # fmt: skip
    if drawn:
        shown = draw_place(actor, study_id, *place, instead_of=site)
        answer |= {"newly": shown.newly, "outline": shown.outline}
    return answer
