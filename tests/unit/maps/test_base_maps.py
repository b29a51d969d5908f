"""Base maps of other hosts: off by default, named to the browser's policy when on."""

from collections.abc import Callable, Iterator

import pytest

from geo.maps import base_maps
from geo.settings import settings
from geo.web.guard import security_headers


@pytest.fixture
def switched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    def switch(**environment: str) -> None:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        settings.cache_clear()

    yield switch
    monkeypatch.undo()
    settings.cache_clear()


def policy(path: str) -> str:
    """Return the policy an answer to a path carries."""
    return dict(security_headers(path))[b"content-security-policy"].decode()


def test_none_is_offered_until_they_are_switched_on() -> None:
    assert base_maps.base_maps() == () == base_maps.hosts()
    assert "https:" not in policy("/")


def test_switched_on_their_hosts_are_named_in_the_policy(switched: Callable[..., None]) -> None:
    switched(YIZHAN_ONLINE_BASE_MAPS="true")
    assert "https://tile.openstreetmap.org" in policy("/component/x")
    assert "tianditu" not in policy("/")


def test_tianditu_is_offered_with_a_key_only_and_the_key_cannot_change_the_address(
    switched: Callable[..., None],
) -> None:
    switched(YIZHAN_ONLINE_BASE_MAPS="true", YIZHAN_TIANDITU_KEY="a&b={z}/../<x>")
    sheets = next(found.urls for found in base_maps.base_maps() if found.name == "Tianditu")
    assert all("a%26b%3D%7Bz%7D%2F..%2F%3Cx%3E" in url for url in sheets)


def test_attributions_are_made_safe(switched: Callable[..., None], monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = base_maps.BaseMap("x", ("https://a.example/{z}",), "<img src=x onerror=alert(1)>", 18)
    monkeypatch.setattr(base_maps, "base_maps", lambda: (hostile,))
    assert "<" not in base_maps.described()[0]["attribution"]
