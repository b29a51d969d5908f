"""The route of the vector tiles: /tiles/{layer}[+{layer}…]/{z}/{x}/{y}.mvt?v={data version}."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from geo.store.session import Actor
from geo.web import layers
from geo.web.answers import Body, actor_of, answering, pack, send
from geo.web.cache import Bodies
from geo.web.pool import Pool, Scope

MEDIA_TYPE = "application/vnd.mapbox-vector-tile"


class Tiles:
    """Makes tiles as an actor may see them and remembers them by scope, layers, address and data version."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.kept = Bodies()

    def route(self) -> Route:
        """Return the route of the tiles."""
        return Route("/tiles/{layer}/{z:int}/{x:int}/{y:int}.mvt", answering(self.answer))

    async def answer(self, request: Request) -> Response:
        """Answer one request for a tile."""
        at = request.path_params
        names = layers.parse_names(at["layer"])
        address = layers.Address(at["z"], at["x"], at["y"])
        address.check()
        wanted = request.query_params.get("v", "")
        body, scope = await self.tile(actor_of(request), names, address, wanted=wanted)
        return send(request, body, lasting=wanted == scope.version(topics(names)))

    async def tile(
        self, actor: Actor, names: tuple[str, ...], address: layers.Address, *, wanted: str = ""
    ) -> tuple[Body, Scope]:
        """Return the packed tile of some layers, and the scope it holds for."""
        scope = await self.pool.scope(actor, wanted=wanted, topics=topics(names))
        key = (scope.sees, names, address, scope.version(topics(names)))
        body = self.kept.get(key)
        if body is None:
            body = pack(await self.make(scope, names, address), MEDIA_TYPE)
            self.kept.put(key, body)
        return body, scope

    async def make(self, scope: Scope, names: tuple[str, ...], address: layers.Address) -> bytes:
        """Ask the database for a tile; layers of one tile are simply written one after the other."""
        due = tuple(name for name in names if layers.is_due(name, address.z, from_afar=scope.from_afar))
        if not due:
            return b""
        query = layers.query(due, address.z, by_index=scope.by_index)
        async with self.pool.reading(scope.actor) as connection:
            row = await (await connection.execute(query, address.values(), binary=True)).fetchone()
        return bytes(row[0]) if row else b""


def topics(names: tuple[str, ...]) -> set[str]:
    """Return the data topics some layers depend on.

    >>> sorted(topics(("ground", "building")))
    ['base', 'places']
    """
    return {layers.LAYERS[name].topic for name in names}
