"""Open311 on a real database: who gets in with a key, what they see, what they hand in; errors in the one shape."""

from collections.abc import Awaitable, Callable
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from geo.access.actor import OPERATOR
from geo.access.requesters import requesters_kept
from geo.errors import Conflict, NotFound
from geo.requests.api_key_reads import api_keys
from geo.requests.api_key_writes import make_api_key, revoke_api_key
from geo.store.session import reading, writing
from geo.web import open311
from tests.store.access.roles import actor_of, peopled
from tests.store.exchanging import asked
from tests.store.requesting import add_request
from tests.store.small_city import SmallCity
from tests.store.test_guard import Browser, browse

V2 = "/open311/v2/"
NORTH = {"lat": "36.43", "long": "115.93"}


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    made = peopled()
    made.ids["here"] = add_request(made, summary="no water", number="H-1")
    made.ids["there"] = add_request(made, "south", number="T-9")
    return made


@pytest.fixture(scope="module")
def key(city: SmallCity) -> str:
    return made_key("organiser")


def made_key(role: str) -> str:
    with writing(OPERATOR) as session:
        return make_api_key(session, f"system of the {role}", actor_of(role).name)


def ask(path: str, *, user: str | None = None, **params: str) -> httpx.Response:
    async def visit(browser: Browser) -> httpx.Response:
        return await browser.get(V2 + path, params=params)

    answer: httpx.Response = browse(visit, user=user)
    return answer


def hand_in(*forms: dict[str, str], user: str | None = None, headers: dict[str, str] | None = None) -> list[Any]:
    async def visit(browser: Browser) -> list[httpx.Response]:
        return [await browser.post(V2 + "requests.json", data=form, headers=headers or {}) for form in forms]

    call: Callable[[Browser], Awaitable[Any]] = visit
    answers: list[Any] = browse(call, user=user)
    return answers


def test_the_services_are_the_categories_in_the_readers_language(key: str) -> None:
    first = ask("services.json", api_key=key).json()[0]
    assert (first["service_code"], first["service_name"], first["metadata"]) == ("gas", "Gas smell or leak", False)

    async def visit(browser: Browser) -> httpx.Response:
        return await browser.get(f"{V2}services.xml?api_key={key}", headers={"accept-language": "zh-CN"})

    listed = ET.fromstring(browse(visit).content)
    assert (listed.tag, listed[0].tag, listed[0].findtext("service_name")) == ("services", "service", "燃气泄漏")
    assert ask("services/water.json", api_key=key).json() == {"service_code": "water", "attributes": []}
    assert ask("services/castles.json", api_key=key).status_code == 404


def test_a_key_sees_what_its_user_sees_and_nothing_of_who_asked(city: SmallCity, key: str) -> None:
    found = ask("requests.json", api_key=key, start_date="2026-11-01T00:00:00Z").json()
    assert [one["service_request_id"] for one in found] == ["H-1"]
    assert (found[0]["status"], found[0]["service_code"], found[0]["description"]) == ("open", "water", "no water")
    assert not [name for name in found[0] if "name" in name and name != "service_name"]
    everywhere = ask("requests.json", api_key=made_key("administrator"), service_request_id="H-1,T-9").json()
    assert {one["service_request_id"] for one in everywhere} == {"H-1", "T-9"}
    assert ask("requests/T-9.json", api_key=key).json() == [
        {"code": 404, "description": "There is no such request, or you may not see it."}
    ]
    assert ask("tokens/H-1.json", api_key=key).json() == [{"service_request_id": "H-1", "token": "H-1"}]
    assert city


@pytest.mark.parametrize(
    ("filters", "count"),
    [
        ({"status": "open"}, 1),
        ({"status": "closed"}, 0),
        ({"status": "open,closed"}, 1),
        ({"service_code": "water,noise"}, 1),
        ({"service_code": "noise"}, 0),
        ({"start_date": "2026-11-21T00:00:00Z"}, 0),
        ({"end_date": "2026-11-21T00:00:00+08:00"}, 1),
        ({"end_date": "2026-11-20T08:00:00Z"}, 0),
    ],
)
def test_requests_are_filtered_as_the_interface_says(
    filters: dict[str, str], count: int, city: SmallCity, key: str
) -> None:
    asked_for = {"start_date": "2026-11-01T00:00:00Z"} | filters if "end_date" not in filters else filters
    assert len(ask("requests.json", api_key=key, **asked_for).json()) == count
    assert city


@pytest.mark.parametrize(
    ("path", "params", "status"),
    [
        ("requests.json", {"status": "sleeping"}, 400),
        ("requests.json", {"start_date": "soon"}, 400),
        ("requests.xml", {"start_date": "2026-01-01", "end_date": "2026-11-01"}, 400),
        ("castles.json", {}, 404),
        ("requests/1/2.json", {}, 404),
    ],
)
def test_errors_have_the_shape_of_the_interface(path: str, params: dict[str, str], status: int, key: str) -> None:
    answer = ask(path, api_key=key, **params)
    assert answer.status_code == status
    if path.endswith("xml"):
        told = ET.fromstring(answer.content)
        assert (told.tag, told[0].tag, told[0].findtext("code")) == ("errors", "error", str(status))
    else:
        assert [set(one) for one in answer.json()] == [{"code", "description"}]
        assert answer.json()[0]["code"] == status


def test_without_a_key_or_with_a_wrong_one_nobody_gets_in(city: SmallCity) -> None:
    assert ask("requests.json").status_code == 401
    assert ask("requests.json", api_key="x" * 43).status_code == 403
    assert ask("requests.json", user=actor_of("organiser").name).status_code == 200
    assert ask("requests.json", user=actor_of("leader").name).status_code == 403
    assert city


def test_a_request_is_handed_in_once_under_its_key_and_who_asked_is_sealed(city: SmallCity, key: str) -> None:
    form = {"api_key": key, "service_code": "water", "description": "no water on floor 3", **NORTH,
            "first_name": "Mary", "last_name": "Jones", "phone": "555 0100", "email": "m@example.org"}  # fmt: skip
    first, again = hand_in(form, form, headers={"idempotency-key": "abc-1"})
    assert (first.status_code, again.status_code) == (201, 200)
    number = first.json()[0]["service_request_id"]
    assert again.json() == first.json()
    [row] = asked(
        "SELECT id, channel, recorded_by, community_id, placed_by, summary FROM request WHERE number = :n", n=number
    )
    assert row[1:] == ("open311", actor_of("organiser").name, city["north"], "point", "no water on floor 3")
    with reading(actor_of("organiser")) as connection:
        assert requesters_kept(connection, [row[0]])[row[0]].has_phone
    shown = ask(f"requests/{number}.json", api_key=key).text
    assert not [word for word in ("Mary", "Jones", "555 0100", "m@example.org") if word in shown]


def test_an_address_or_a_building_stands_for_a_point(city: SmallCity, key: str) -> None:
    by_code, by_name, unclear = hand_in(
        {"api_key": key, "service_code": "water", "address_id": "north-b1"},
        {"api_key": key, "service_code": "water", "address_string": "金桂花园 2号楼"},
        {"api_key": key, "service_code": "water", "address_string": "somewhere"},
    )
    numbers = [answer.json()[0]["service_request_id"] for answer in (by_code, by_name)]
    found = asked("SELECT building_id FROM request WHERE number = ANY (:n) ORDER BY id", n=numbers)
    assert found == [city["north-b1"], city["north-b2"]]
    assert (unclear.status_code, "lat and long" in unclear.text) == (400, True)


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "castles"}, 400),
        ({"lat": "north"}, 400),
        ({"lat": "36.43", "long": "115.95"}, 400),
        ({"description": "x" * 4001}, 400),
        ({"api_key": "wrong"}, 403),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_leaves_nothing(
    change: dict[str, str], status: int, city: SmallCity, key: str
) -> None:
    before = asked("SELECT count(*) FROM request")
    form = {"api_key": key, "service_code": "water", **NORTH} | change
    assert hand_in(form)[0].status_code == status
    assert asked("SELECT count(*) FROM request") == before
    assert city


def test_a_sign_in_alone_hands_in_nothing_and_neither_does_a_foreign_page_or_json(city: SmallCity, key: str) -> None:
    form = {"service_code": "water", **NORTH}
    assert hand_in(form, user=actor_of("organiser").name)[0].status_code == 403
    foreign = hand_in(form | {"api_key": key}, headers={"origin": "https://evil.example"})
    assert foreign[0].status_code == 403

    async def visit(browser: Browser) -> httpx.Response:
        return await browser.post(f"{V2}requests.json?api_key={key}", json=form)

    assert browse(visit).status_code == 400
    assert city


def test_a_key_that_was_taken_back_opens_nothing_and_is_kept_as_a_hash(city: SmallCity) -> None:
    key = made_key("station_staff")
    assert ask("services.json", api_key=key).status_code == 200
    with reading(OPERATOR) as connection:
        kept = next(one for one in api_keys(connection) if one.user_name == actor_of("station_staff").name)
    with writing(OPERATOR) as session:
        revoke_api_key(session, kept.id)
    assert ask("services.json", api_key=key).status_code == 403
    with pytest.raises(Conflict), writing(OPERATOR) as session:
        revoke_api_key(session, kept.id)
    with pytest.raises(NotFound), writing(OPERATOR) as session:
        make_api_key(session, "x", "nobody")
    dumped = asked("SELECT query_to_xml('TABLE api_key', true, true, '')::text || (SELECT string_agg(a::text, '') "
                   "FROM audit_entry a)")  # fmt: skip
    assert key not in dumped[0]
    assert city


def test_who_asks_too_often_or_guesses_keys_has_to_wait(
    city: SmallCity, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(open311, "ASKED_AT_ONCE", 3)
    monkeypatch.setattr(open311, "ONE_MORE_EVERY_S", 600.0)

    async def visit(browser: Browser) -> list[int]:
        own = [(await browser.get(f"{V2}services.json?api_key={key}")).status_code for _turn in range(4)]
        wrong = [(await browser.get(f"{V2}services.json?api_key=guess{turn}")).status_code for turn in range(12)]
        return own + wrong[-1:]

    assert browse(visit) == [200, 200, 200, 429, 429]
    assert city
