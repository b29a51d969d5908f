"""The form for requests on a real database: who may send, what is kept, and what strangers never get to read."""

import base64
import html
import json
import re
from collections.abc import Awaitable, Callable, Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from geo.access.requesters import requesters_kept
from geo.settings import settings
from geo.store.session import reading
from geo.web import request_form
from geo.web.forms import FORM_COOKIE
from geo.web.request_form import FORM, HAND_IN, PLACES
from tests.store.access.roles import actor_of, peopled
from tests.store.exchanging import asked
from tests.store.requesting import photo_with_place
from tests.store.small_city import SmallCity
from tests.store.test_guard import Browser, browse

GIVEN = re.compile(r'data-given="([^"]*)"')
STAFF = actor_of("station_staff").name


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    return peopled()


@pytest.fixture
def open_to_all(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YIZHAN_PUBLIC_REQUEST_FORM", STAFF)
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


async def given(browser: Browser) -> dict[str, Any]:
    found = GIVEN.search((await browser.get(FORM)).text)
    assert found
    told: dict[str, Any] = json.loads(html.unescape(found[1]))
    return told


def send(*forms: dict[str, Any], user: str | None = None, client: str = "127.0.0.1") -> list[Any]:
    """Open the form, then send what somebody filled in."""

    async def visit(browser: Browser) -> list[httpx.Response]:
        proof = {"form_token": (await given(browser))["form_token"]}
        return [await browser.post(HAND_IN, json=proof | {"key": str(uuid4())} | form) for form in forms]

    call: Callable[[Browser], Awaitable[Any]] = visit
    answers: list[Any] = browse(call, user=user, client=client)
    return answers


def stored(answer: httpx.Response) -> tuple[Any, ...]:
    query = (
        "SELECT id, channel, recorded_by, placed_by, community_id, building_id, summary FROM request WHERE number = :n"
    )
    [row] = asked(query, n=answer.json()["number"])
    return tuple(row)


def test_who_is_signed_in_sends_once_with_photo_and_sealed_name(city: SmallCity) -> None:
    form = {
        "key": str(uuid4()), "category": "water", "building_id": city["north-b1"], "summary": "三楼停水",
        "requester_phone": "555 0100", "photo": base64.b64encode(photo_with_place()).decode(),
    }  # fmt: skip
    first, again = send(form, form, user=actor_of("organiser").name)
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    row = stored(first)
    assert row[1:] == ("web", actor_of("organiser").name, "building", city["north"], city["north-b1"], "三楼停水")
    assert asked("SELECT count(*) FROM attachment WHERE request_id = :id", id=row[0]) == [1]
    with reading(actor_of("organiser")) as connection:
        assert requesters_kept(connection, [row[0]])[row[0]].has_phone


@pytest.mark.parametrize(
    ("place", "placed_by"),
    [
        ({"lon": 115.93, "lat": 36.43}, "point"),
        ({"address": "金桂花园 1号楼"}, "building"),
        ({"address": "somewhere", "community_id": "north"}, "community"),
    ],
)
def test_a_point_an_address_or_a_community_says_where_it_is(
    place: dict[str, Any], placed_by: str, city: SmallCity
) -> None:
    known = {name: city[value] if name == "community_id" else value for name, value in place.items()}
    [answer] = send({"category": "noise", **known}, user=STAFF)
    assert stored(answer)[3] == placed_by


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"category": ""}, 400),
        ({"category": "castles"}, 400),
        ({"lon": None, "lat": None}, 400),
        ({"lon": 115.95}, 400),
        ({"lon": "east"}, 400),
        ({"key": "no key"}, 400),
        ({"photo": "no base64 §"}, 400),
        ({"photo": base64.b64encode(b"<svg/>").decode()}, 400),
        ({"form_token": "forged"}, 403),
        ({"summary": "x" * 4001}, 400),
    ],
)
def test_what_cannot_be_taken_leaves_nothing(change: dict[str, Any], status: int, city: SmallCity) -> None:
    before = asked("SELECT count(*) FROM request")
    [answer] = send({"category": "noise", "lon": 115.93, "lat": 36.43} | change, user=STAFF)
    assert (answer.status_code, set(answer.json())) == (status, {"code", "message"})
    assert asked("SELECT count(*) FROM request") == before
    assert city


def test_without_the_setting_a_stranger_is_sent_to_the_sign_in(city: SmallCity) -> None:
    async def visit(browser: Browser) -> list[int]:
        page, places = await browser.get(FORM), await browser.get(f"{PLACES}?typed=x")
        sent = await browser.post(HAND_IN, json={})
        return [page.status_code, places.status_code, sent.status_code]

    assert browse(visit) == [303, 401, 401]
    assert city


@pytest.mark.usefixtures("open_to_all")
def test_a_stranger_may_send_and_reads_nothing_but_the_lists_of_the_form(city: SmallCity) -> None:
    [answer] = send({"category": "noise", "address": "x", "community_id": city["north"]})
    assert answer.status_code == 201
    assert stored(answer)[2] == STAFF

    async def visit(browser: Browser) -> tuple[dict[str, Any], list[int], str | None]:
        told = await given(browser)
        paths = (f"{PLACES}?typed=x", "/tiles/building/14/1/1.mvt", "/open311/v2/requests.json", "/requests")
        return told, [(await browser.get(path)).status_code for path in paths], browser.cookies.get(FORM_COOKIE)

    told, statuses, cookie = browse(visit)
    assert statuses == [401, 401, 401, 303]
    assert [name for _key, name in told["communities"]] == ["金桂社区"]
    assert set(told) == {"addresses", "texts", "suggests", "longest", "form_token", "categories", "communities"}
    assert told["suggests"] is False
    assert cookie


@pytest.mark.usefixtures("open_to_all")
def test_a_stranger_cannot_reach_where_the_named_user_does_not_work(city: SmallCity) -> None:
    [answer] = send({"category": "noise", "building_id": city["south-b1"]})
    assert answer.status_code in (400, 403, 404)
    assert asked("SELECT count(*) FROM request WHERE community_id = :id", id=city["south"]) == [0]


@pytest.mark.usefixtures("open_to_all")
def test_strangers_are_slowed_down_by_address(city: SmallCity) -> None:
    assert request_form.ONE_ADDRESS[0] == 5
    answers = send(*[{"category": "noise", "lon": 115.93, "lat": 36.43}] * 6, client="203.0.113.9")
    assert [answer.status_code for answer in answers] == [201] * 5 + [429]
    assert "Wait" in answers[-1].json()["message"]
    assert city


@pytest.mark.usefixtures("open_to_all")
def test_a_foreign_page_sends_nothing(city: SmallCity) -> None:
    async def visit(browser: Browser) -> int:
        proof = (await given(browser))["form_token"]
        form = {"key": str(uuid4()), "form_token": proof, "category": "noise", "lon": 115.93, "lat": 36.43}
        return (await browser.post(HAND_IN, json=form, headers={"origin": "https://evil.example"})).status_code

    assert browse(visit) == 403
    assert city
