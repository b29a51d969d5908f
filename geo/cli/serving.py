"""``yizhan serve``: the database, the demo when asked, and the server, until Ctrl-C."""

import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from types import FrameType
from typing import Annotated

import typer
import uvicorn
from sqlalchemy import text

from geo.access.actor import is_loopback
from geo.access.keyring import key_problems
from geo.cli import demonstration
from geo.cli.showing import note, say
from geo.errors import StoreUnavailable
from geo.i18n import N_, _
from geo.jobs.scheduler import interrupt_running
from geo.settings import ROOT, settings
from geo.store import cluster, migrate
from geo.store.session import connect, engine, owner_engine

PORTS_TRIED = 50
GRACE_S = 5
TALKATIVE = ("uvicorn", "uvicorn.access", "uvicorn.error")
ADDRESS = N_("Yizhan is ready: {address} (Ctrl-C stops it)")


class DemoSize(StrEnum):
    """The demo cities there are; none leaves an empty city empty."""

    NONE = "none"
    SMALL = "small"
    CITY = "city"
    METRO = "metro"


class Server(uvicorn.Server):
    """A server that says where it is once it answers."""

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start answering, then print the address."""
        await super().startup(sockets)
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        if self.started:
            host = "127.0.0.1" if self.config.host in {"0.0.0.0", "::"} else self.config.host  # noqa: S104
            shown = f"[{host}]" if ":" in host else host
            say(_(ADDRESS, address=f"http://{shown}:{self.config.port}"))
            sys.stdout.flush()


def add_to(app: typer.Typer) -> None:
    """Add the command."""
    app.command(help=N_("Start the database and the server; open the address it prints."))(serve)


def serve(
    demo: Annotated[DemoSize, typer.Option(help=N_("Load this demo city when there is no city yet."))] = DemoSize.NONE,
    host: Annotated[
        str | None, typer.Option(help=N_("The address to listen on; this machine only by default."))
    ] = None,
    port: Annotated[int | None, typer.Option(help=N_("The port; the next free one when busy, any for 0."))] = None,
) -> None:
    """Bring everything up, serve until a signal, and leave the database as it was found: stopped or running."""
    logging.basicConfig(level=settings().log_level.upper(), format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with _terminated_as_interrupted(), _database():
        if demo is not DemoSize.NONE and not _has_city():
            demonstration.load(demo.value, demonstration.SEED)
        _serve(host or settings().host, settings().port if port is None else port)


@contextmanager
def _terminated_as_interrupted() -> Iterator[None]:
    """Make a SIGTERM end this process the way Ctrl-C does, so that the database is stopped too."""

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _database() -> Iterator[None]:
    """Have the database running and migrated; stop it at the end when it was started here."""
    ours = cluster.is_private() and not cluster.private().status().running
    try:
        cluster.ensure_running()
        migrate.upgrade()
        _tell_of_keys()
        yield
    finally:
        if ours:
            _stop_database()


def _tell_of_keys() -> None:
    with connect(engine()) as connection:
        for problem in key_problems(connection):
            note(problem.text())


def _stop_database() -> None:
    if cluster.private().status().ready:
        interrupt_running()
    engine().dispose()
    owner_engine().dispose()
    cluster.private().stop()
    note(_("The server and its database have stopped."))


def _has_city() -> bool:
    with connect(owner_engine()) as connection:
        return bool(connection.scalar(text("SELECT EXISTS (SELECT FROM city)")))


def _serve(host: str, port: int) -> None:
    if not is_loopback(host) and not settings().https:
        note(
            _(
                "The server answers other machines at {host} without https: passwords can be read on the way. Put a "
                "proxy with https in front of it and set YIZHAN_HTTPS=true.",
                host=host,
            )
        )
    # Streamlit reads .streamlit/ from the working folder, and app.py lies beside it.
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    with free_socket(host, port) as listening:
        chosen = listening.getsockname()[1]
        if port not in {0, chosen}:
            note(_("Port {busy} is busy, using {port}.", busy=port, port=chosen))
        config = uvicorn.Config(
            "app:app",
            host=host,
            port=chosen,
            log_config=None,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=GRACE_S,
        )
        try:
            server = Server(config)
            server.run(sockets=[listening])
        except KeyboardInterrupt:
            return
    if not server.started:
        raise StoreUnavailable(N_("The server did not start; the lines above say why."))


def free_socket(host: str, port: int) -> socket.socket:
    """Return a listening socket on the port or the next free one above it; StoreUnavailable when none of fifty is."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for tried in range(port, min(port + PORTS_TRIED, 65_536)):
        listening = socket.socket(family, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, tried))
            listening.listen(128)
        except OSError as error:
            listening.close()
            reason = error.strerror
        else:
            listening.set_inheritable(True)
            return listening
    raise StoreUnavailable(
        N_("No port from {port} on can be used at {host} ({reason}). Name another with --port."),
        port=port,
        host=host,
        reason=reason,
    )
