"""Connections outlive a server that is away for a moment."""

from threading import Timer
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from geo.access.actor import OPERATOR
from geo.errors import StoreUnavailable
from geo.store import session
from geo.store.session import reading

if TYPE_CHECKING:
    from geo.store.cluster import Cluster


def test_a_server_that_comes_up_within_the_patience_is_waited_for(clean_store: "Cluster") -> None:
    session.engine().dispose()
    session.owner_engine().dispose()
    clean_store.stop()
    later = Timer(1.0, clean_store.ensure_running)
    later.start()
    with reading(OPERATOR) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    later.join()


def test_a_server_that_stays_away_is_told_with_what_to_do(
    clean_store: "Cluster", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "CONNECT_PATIENCE_S", 0.2)
    session.engine().dispose()
    session.owner_engine().dispose()
    clean_store.stop()
    try:
        with pytest.raises(StoreUnavailable, match="yizhan db start"), reading(OPERATOR):
            pass
    finally:
        clean_store.ensure_running()
