"""The route of the names shown while hovering: /names/{kind}/{id}."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from geo.errors import NotFound
from geo.i18n import LANGUAGES, N_, _, number, use_language
from geo.places.names import building_name_of
from geo.places.rules import CODE_LABELS
from geo.store.statements import statement
from geo.web.answers import ASK_AGAIN, actor_of, answering
from geo.web.pool import Pool

KINDS = ("building", "compound", "community", "station", "candidate_site", "unit")


class Names:
    """Answers with the lines a tooltip shows; the map sets them as text."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool

    def route(self) -> Route:
        """Return the route of the names."""
        return Route("/names/{kind}/{place_id:int}", answering(self.answer))

    async def answer(self, request: Request) -> Response:
        """Answer with the name of a place and a second line about it."""
        kind, place_id = request.path_params["kind"], request.path_params["place_id"]
        if kind not in KINDS:
            raise NotFound(N_("There is no {kind} {id}"), kind=kind, id=place_id)
        async with self.pool.reading(actor_of(request)) as connection:
            cursor = await connection.execute(statement("web", f"name_{kind}"), {"id": place_id})
            found = await cursor.fetchone()
            columns = [column.name for column in cursor.description or ()]
        if found is None:
            raise NotFound(N_("There is no {kind} {id}"), kind=kind, id=place_id)
        language = request.query_params.get("lang", "")
        use_language(language if language in LANGUAGES else "en")
        lines = tooltip(kind, dict(zip(columns, found, strict=True)))
        return JSONResponse({"lines": lines}, headers={"cache-control": ASK_AGAIN})


class _Row:
    def __init__(self, values: dict[str, object]) -> None:
        self.__dict__.update(values)


def tooltip(kind: str, values: dict[str, object]) -> list[str]:
    """Return the lines of a tooltip in the current language.

    >>> tooltip("station", {"name": "Lakeside", "status": "open"})
    ['Lakeside', 'Open']
    """
    if kind == "station":
        return [str(values["name"]), _(CODE_LABELS[str(values["status"])])]
    name = building_name_of(_Row(values)) if kind == "building" else str(values["name"])
    if kind == "candidate_site":
        return [name, _("candidate site")]
    households = None if values["households"] is None else int(str(values["households"]))
    return [name, _("Households: {count}", count=number(households))]


