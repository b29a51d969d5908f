"""A database named by DATABASE_URL: checked and used, never made or stopped."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.errors import StoreUnavailable
from geo.settings import settings
from geo.store import cluster, provision
from geo.store.cluster import Cluster


@pytest.fixture
def named(clean_store: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    addresses = clean_store.addresses()
    monkeypatch.setenv("DATABASE_URL", addresses.app_url.replace("+psycopg", ""))
    monkeypatch.setenv("YIZHAN_OWNER_DATABASE_URL", addresses.owner_url.replace("+psycopg", ""))
    settings.cache_clear()
    yield clean_store
    monkeypatch.undo()
    settings.cache_clear()


def test_its_addresses_get_our_driver(named: Cluster) -> None:
    assert not cluster.is_private()
    assert cluster.ensure_running() == cluster.addresses() == named.addresses()


def test_a_password_in_its_address_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://someone:secret@db.example:5433/town?sslmode=require")
    settings.cache_clear()
    try:
        found = cluster.addresses()
    finally:
        monkeypatch.undo()
        settings.cache_clear()
    assert found.app_url == found.owner_url == "postgresql+psycopg://someone:secret@db.example:5433/town?sslmode=require"


def test_without_superuser_a_missing_leak_proof_mark_does_not_stop_the_start(named: Cluster) -> None:
    with named.superuser("yizhan") as connection:
        connection.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) NOT LEAKPROOF")
    cluster.ensure_running()
    with named.superuser("yizhan") as connection:
        assert not provision.is_leakproof(connection)


def test_one_without_postgis_is_refused_with_what_to_do(named: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provision, "EXTENSIONS", ())
    with named.superuser("yizhan") as connection:
        connection.execute("DROP EXTENSION postgis CASCADE")
    with pytest.raises(StoreUnavailable, match="CREATE EXTENSION postgis"):
        cluster.ensure_running()


@pytest.mark.parametrize(
    ("limit", "value", "words"),
    [("OLDEST_POSTGRESQL", 99, "version 99 or newer"), ("OLDEST_POSTGIS", (9, 9), r"version 9\.9 or newer")],
)
def test_one_that_is_too_old_is_refused(
    named: Cluster, monkeypatch: pytest.MonkeyPatch, limit: str, value: object, words: str
) -> None:
    monkeypatch.setattr(provision, limit, value)
    with pytest.raises(StoreUnavailable, match=words):
        cluster.ensure_running()


def test_one_that_never_answers_is_refused_without_showing_the_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(provision, "PATIENCE_S", 0.1)
    url = f"postgresql+psycopg://someone:secret@/town?host={tmp_path}"
    with pytest.raises(StoreUnavailable, match="does not answer") as refused:
        provision.check_external(url, url)
    assert "secret" not in str(refused.value)
