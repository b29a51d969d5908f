"""Clusters of a single test, made in short-lived folders and always stopped."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from geo.store.cluster import Cluster


@pytest.fixture
def folder() -> Iterator[Path]:
    """An empty folder the server's user may pass through."""
    path = Path(tempfile.mkdtemp(prefix="yz-"))
    path.chmod(0o711)
    yield path
    shutil.rmtree(path)


@pytest.fixture
def cluster_at(folder: Path) -> Iterator[Callable[..., Cluster]]:
    """Make the cluster of a state folder below ``folder``; all are removed at the end."""
    made: list[Cluster] = []

    def make(name: str = "state", **options: int) -> Cluster:
        made.append(Cluster(folder / name, durable=False, **options))
        return made[-1]

    yield make
    for cluster in made:
        cluster.remove()
