"""The day of the city, wherever the server stands."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from geo.settings import Settings, settings
from geo.store.clock import today


@pytest.fixture(autouse=True)
def read_again(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def test_the_day_begins_at_the_citys_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    days = []
    for zone in ("Etc/GMT+12", "Pacific/Kiritimati"):
        monkeypatch.setenv("YIZHAN_TIME_ZONE", zone)
        settings.cache_clear()
        before = datetime.now(ZoneInfo(zone)).date()
        days.append(today())
        assert before <= days[-1] <= datetime.now(ZoneInfo(zone)).date()
    assert days[1] - days[0] in (timedelta(days=1), timedelta(days=2))


def test_a_zone_nobody_knows_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YIZHAN_TIME_ZONE", "Mars/Olympus")
    with pytest.raises(ValidationError, match="IANA"):
        Settings()
