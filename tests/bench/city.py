"""The databases the measurements run on: the demo city of so many buildings, kept between runs, and ones used once."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from data import accounts as demo_accounts
from geo.access.accounts import admit
from geo.access.actor import OPERATOR
from geo.access.sessions import COOKIE
from geo.settings import settings
from geo.store import cluster, migrate
from geo.store.session import engine, owner_engine, reading

NEARLY = 0.99
ADMINISTRATOR = "demo-administrator"


def ready(buildings: int) -> float | None:
    """Have a cluster with a demo city of so many buildings; return the seconds it took, None when it was there."""
    from data.load import load_demo

    cluster.ensure_running()
    migrate.upgrade()
    taken = None
    if count() < NEARLY * buildings:
        began = time.perf_counter()
        load_demo(OPERATOR, "metro", 1, buildings, replace=True)
        taken = time.perf_counter() - began
    with owner_engine().begin() as owner:
        demo_accounts.write(owner, OPERATOR)
    return taken


def session_cookie(user: str = ADMINISTRATOR) -> str:
    """Sign a user in and return the cookie that says so."""
    return f"{COOKIE}={admit(user, device='measurement')}"


def count() -> int:
    with reading(OPERATOR) as connection:
        return int(connection.scalar(text("SELECT count(*) FROM building")) or 0)


def stop() -> None:
    """Stop the cluster; its files stay for the next run."""
    engine().dispose()
    owner_engine().dispose()
    cluster.private().stop()


@contextmanager
def apart(name: str) -> Iterator[None]:
    """Work for a while on a migrated, empty database of one's own, gone afterwards."""
    folder = Path(os.environ["YIZHAN_STATE_DIR"])
    _settle_in(folder.with_name(f"bench_{name}"))
    made = cluster.private()
    made.ensure_running()
    try:
        migrate.upgrade()
        yield
    finally:
        engine().dispose()
        owner_engine().dispose()
        made.remove()
        _settle_in(folder)


def _settle_in(folder: Path) -> None:
    os.environ["YIZHAN_STATE_DIR"] = str(folder)
    settings.cache_clear()
