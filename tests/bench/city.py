"""The city the measurements run on: the demo city of so many buildings, kept between runs."""

from sqlalchemy import text

from data import accounts as demo_accounts
from geo.access.accounts import admit
from geo.access.actor import OPERATOR
from geo.access.sessions import COOKIE
from geo.store import cluster, migrate
from geo.store.session import engine, owner_engine, reading

NEARLY = 0.99
ADMINISTRATOR = "demo-administrator"


def ready(buildings: int) -> None:
    """Have a cluster with a demo city of so many buildings, made now unless it is there already."""
    from data.load import load_demo

    cluster.ensure_running()
    migrate.upgrade()
    if count() < NEARLY * buildings:
        load_demo(OPERATOR, "metro", 1, buildings, replace=True)
    with owner_engine().begin() as owner:
        demo_accounts.write(owner, OPERATOR)


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
