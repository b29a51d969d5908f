"""What all tests share: a state folder of their own, one real PostGIS for the session, a clean database per test."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from geo.store.cluster import Cluster

OUTSIDE = [name for name in os.environ if name.startswith("YIZHAN_") and name != "YIZHAN_REAL_DATA"] + ["DATABASE_URL"]
REAL_DATA = os.environ.get("YIZHAN_REAL_DATA")
PRISTINE = "pristine"
WITH_DEMO = "with_demo"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.write_line(f"real data: {REAL_DATA or 'not given'}")


@pytest.fixture(scope="session", autouse=True)
def state_folder() -> Iterator[Path]:
    """A state folder for this run alone, reachable for the server's user; nothing outside is read or changed."""
    from geo.settings import settings

    folder = Path(tempfile.mkdtemp(prefix="yz-"))
    folder.chmod(0o711)
    keys = Path(tempfile.mkdtemp(prefix="yz-keys-"))
    with pytest.MonkeyPatch.context() as patch:
        for name in OUTSIDE:
            patch.delenv(name, raising=False)
        patch.setenv("YIZHAN_STATE_DIR", str(folder))
        patch.setenv("YIZHAN_KEY_FILE", str(keys / "yizhan.keys"))
        settings.cache_clear()
        yield folder
    settings.cache_clear()
    shutil.rmtree(folder)
    shutil.rmtree(keys)


@pytest.fixture(scope="session")
def running_cluster(state_folder: Path) -> Iterator["Cluster"]:
    """The private cluster of this run, fast and careless, with a migrated database kept as a template."""
    from geo.store import migrate, session
    from geo.store.cluster import Cluster

    cluster = Cluster(state_folder, durable=False)
    cluster.ensure_running()
    try:
        migrate.upgrade()
        session.owner_engine().dispose()
        _copy(cluster, "yizhan", PRISTINE)
        yield cluster
    finally:
        _hang_up()
        cluster.stop()


@pytest.fixture
def clean_store(running_cluster: "Cluster") -> Iterator["Cluster"]:
    """A database with nothing but what the migrations put in, for one test."""
    with _fresh(running_cluster, PRISTINE):
        yield running_cluster


@pytest.fixture(scope="module")
def clean_store_for_module(running_cluster: "Cluster") -> Iterator["Cluster"]:
    """A clean database that the tests of one module fill and share."""
    with _fresh(running_cluster, PRISTINE):
        yield running_cluster


@pytest.fixture(scope="session")
def demo_template(running_cluster: "Cluster") -> "Cluster":
    """The small demo city, loaded once for the session into a template."""
    from data.load import load_demo
    from geo.access.actor import OPERATOR

    with _fresh(running_cluster, PRISTINE):
        load_demo(OPERATOR, "small", 1)
    _copy(running_cluster, "yizhan", WITH_DEMO)
    return running_cluster


@pytest.fixture
def demo_store(demo_template: "Cluster") -> Iterator["Cluster"]:
    """A database with the small demo city, for one test."""
    with _fresh(demo_template, WITH_DEMO):
        yield demo_template


@pytest.fixture(scope="module")
def demo_store_for_module(demo_template: "Cluster") -> Iterator["Cluster"]:
    """A database with the small demo city that the tests of one module share."""
    with _fresh(demo_template, WITH_DEMO):
        yield demo_template


@contextmanager
def _fresh(cluster: "Cluster", template: str) -> Iterator[None]:
    _hang_up()
    _copy(cluster, template, "yizhan")
    yield
    _hang_up()


def _hang_up() -> None:
    from geo.store import session

    session.engine().dispose()
    session.owner_engine().dispose()


def _copy(cluster: "Cluster", source: str, target: str) -> None:
    with cluster.superuser() as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {target} TEMPLATE {source} OWNER yizhan_owner")
        connection.execute(f"GRANT CONNECT, TEMPORARY ON DATABASE {target} TO yizhan_app")
