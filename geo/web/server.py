"""The server's own routes and what happens when it starts and stops."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.routing import BaseRoute, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from geo.access.actor import OPERATOR
from geo.briefing.overview import EVERYWHERE, areas_by_need, known_communities, overview, stand_now, vacant_heads
from geo.coverage.reach_study import walks
from geo.coverage.warm import warm as compile_distances
from geo.errors import YizhanError
from geo.hotspots.warm import warm as compile_hotspots
from geo.i18n import LANGUAGES, use_language
from geo.jobs.scheduler import Scheduler
from geo.requests.attachment_reads import ADDRESS as PHOTOS
from geo.settings import settings
from geo.siting.warm import warm as compile_siting
from geo.store import cluster, migrate, session
from geo.store.clock import today
from geo.web import assets, first_look
from geo.web.attachments import AttachmentRoute
from geo.web.classes import Classes
from geo.web.guard import is_page
from geo.web.names import Names
from geo.web.open311 import OPEN311, Open311Route
from geo.web.pool import Pool
from geo.web.request_form import FORM as REQUEST_FORM
from geo.web.request_form import RequestForm
from geo.web.sign_in import SignIn, SingleSignOn
from geo.web.siting import SitingRoute
from geo.web.tiles import Tiles
from geo.web.visit_form import FORM, VisitForm
from geo.web.visitors import Visitors
from geo.web.what_if import WHAT_IF, WhatIfRoute

LOG = logging.getLogger(__name__)
OURS = (
    "/tiles/",
    "/classes/",
    "/names/",
    "/assets/",
    "/sign-in",
    "/sign-out",
    FORM,
    WHAT_IF,
    PHOTOS,
    OPEN311,
    REQUEST_FORM,
)


class Server:
    """The routes beside Streamlit's own, with the pool and the caches they share."""

    def __init__(self, single_sign_on: SingleSignOn | None = None) -> None:
        self.visitors = Visitors()
        self.sign_in = SignIn(self.visitors, single_sign_on)
        self.pool = Pool()
        self.tiles = Tiles(self.pool)
        self.classes = Classes()
        self.names = Names(self.pool)
        self.visit_form = VisitForm()
        self.request_form = RequestForm()

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        data = [
            self.tiles.route(),
            self.classes.route(),
            self.names.route(),
            WhatIfRoute().route(),
            SitingRoute().route(),
            AttachmentRoute().route(),
            Open311Route().route(),
        ]
        return [*data, assets.route(), *self.visit_form.routes(), *self.request_form.routes(), *self.sign_in.routes()]

    def shortcut(self, app: ASGIApp) -> ASGIApp:
        """Answer our own routes before Streamlit's sessions and compression, which they have no use for."""
        ours = Router(self.routes())

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            mine = scope["type"] == "http" and scope["path"].startswith(OURS)
            if scope["type"] == "http" and not mine and is_page(scope["path"]):
                await first_look.answer_with_page(app, scope, receive, send)
            else:
                await (ours if mine else app)(scope, receive, send)

        return answer

    @asynccontextmanager
    async def lifespan(self, _app: Any) -> AsyncIterator[dict[str, Any]]:
        """Start the database, bring it up to date, open the pool, warm up; take it all down at the end."""
        await run_in_threadpool(cluster.ensure_running)
        await run_in_threadpool(migrate.upgrade)
        await self.pool.open()
        warming = asyncio.create_task(run_in_threadpool(self._warm))
        scheduler = Scheduler()
        scheduler.start()
        try:
            yield {}
        finally:
            await run_in_threadpool(scheduler.stop)
            await warming
            await self.pool.close()
            session.engine().dispose()

    def _warm(self) -> None:
        if settings().database_url is not None:
            return
        actor = OPERATOR
        try:
            self.classes.warm(actor, today())
            for language in LANGUAGES:
                use_language(language)
                stand = stand_now(actor)
                overview(stand, EVERYWHERE)
                vacant_heads(stand, None)
                areas_by_need(stand, None)
                known_communities(stand)
            compile_distances()
            compile_siting()
            compile_hotspots()
            with session.reading(actor) as connection:
                walks(connection)
        except YizhanError:
            LOG.exception("The map could not be warmed up")
