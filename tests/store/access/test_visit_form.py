"""The visit form's routes on a real database: what the phone gets, what it may hand in, and what attacks come to."""

import asyncio
import json
from typing import Any
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import text

from geo.access.sessions import form_token
from geo.store.session import Actor, owner_engine
from geo.web.visit_form import MOST_BYTES, mark_of
from geo.web.visitors import FRESH_S
from tests.store.access import helped
from tests.store.access.helped import ADMINISTRATOR, AUDITOR, HEAD, LEADER, PLANNER, SOUTH, STAFF, WORDS, Helped
from tests.store.small_city import NORTH_ORGANISER as NORTH
from tests.store.test_guard import HERE, Browser, browse, get

FORM, DUE, VISITS = "/visit-form/", "/visit-form/due", "/visit-form/visits"


@pytest.fixture
def there(clean_store: object) -> Helped:
    return helped.build()


def visit(need: int, **fields: Any) -> dict[str, Any]:
    moment = text("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')")
    with owner_engine().connect() as owner:
        now = owner.scalar(moment)
    met = {"key": str(uuid4()), "need": need, "visited_at": now, "result": "met", "findings": ["all_well"]}
    return met | {"minutes": 20, "kind": "care"} | fields


async def due(browser: Browser) -> dict[str, Any]:
    answer = await browser.get(DUE)
    assert answer.status_code == 200, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def hand_in(browser: Browser, sent: object, **changed: Any) -> httpx.Response:
    """Hand in a visit as the form does; changed overrules fields and headers of the request."""
    told = await due(browser)
    headers = {"origin": HERE} | changed.pop("headers", {})
    body = {"who": told["who"], "form_token": told["form_token"], "visit": sent} | changed
    return await browser.post(VISITS, json=body, headers=headers)


def visits() -> list[tuple[Any, ...]]:
    with owner_engine().connect() as owner:
        rows = owner.execute(text("SELECT care_need_id, recorded_by, result, findings, minutes FROM visit ORDER BY id"))
        return [tuple(row) for row in rows]


def handed_in(user: Actor, sent: object, **changed: Any) -> httpx.Response:
    async def run(browser: Browser) -> httpx.Response:
        return await hand_in(browser, sent, **changed)

    answer: httpx.Response = browse(run, user=user.name)
    return answer


def test_the_page_holds_no_data_and_no_script_of_its_own(there: Helped) -> None:
    answer = get(FORM, user=HEAD.name)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "style-src 'self';" in policy
    assert "unsafe" not in policy
    for word in (*WORDS, there.number, HEAD.name, "金桂花园", "form_token"):
        assert word not in answer.text, word
    assert "<script>" not in answer.text
    assert answer.text.count("<script") == 1
    assert " style=" not in answer.text


@pytest.mark.parametrize(("lang", "words"), [("en", "Did you meet somebody?"), ("zh_CN", 'lang="zh-CN"')])
def test_the_page_speaks_the_language_that_is_asked_for(there: Helped, lang: str, words: str) -> None:
    assert words in get(f"{FORM}?lang={lang}", user=HEAD.name).text


@pytest.mark.parametrize("user", [LEADER, PLANNER, AUDITOR])
def test_who_does_not_visit_gets_neither_page_nor_list(there: Helped, user: Actor) -> None:
    for path in (FORM, DUE, "/visit-form/worker.js"):
        assert get(path, user=user.name).status_code == 403, path


def test_nobody_is_led_to_the_sign_in_and_gets_no_list(there: Helped) -> None:
    page = get(f"{FORM}?lang=en")
    assert (page.status_code, page.headers["location"]) == (303, "/sign-in?next=/visit-form/%3Flang%3Den")
    assert get(DUE).status_code == 401
    assert get("/visit-form/worker.js").status_code == 401


def test_the_list_says_where_and_when_and_nothing_about_whom(there: Helped) -> None:
    answer = get(DUE, user=HEAD.name)
    assert answer.headers["cache-control"] == "no-store"
    [need] = answer.json()["needs"]
    assert need == {
        "id": there.need, "number": there.number, "compound": "金桂花园", "place": "金桂花园2号楼1单元", "room": None,
        "due_on": helped.DAY.isoformat(), "kind": "first",
    }  # fmt: skip
    assert not [word for word in (*WORDS, "high") if word in answer.text]


def test_everybody_gets_the_needs_of_their_own_places_only(there: Helped) -> None:
    told = {user.name: get(DUE, user=user.name).json() for user in (NORTH, STAFF, HEAD, SOUTH, ADMINISTRATOR)}
    seen = {name: {need["id"] for need in answer["needs"]} for name, answer in told.items()}
    assert seen[NORTH.name] == seen[STAFF.name] == seen[HEAD.name] == {there.need}
    assert there.need not in seen[SOUTH.name]
    assert seen[ADMINISTRATOR.name] == {there.need} | seen[SOUTH.name]
    assert len({answer["who"] for answer in told.values()}) == 5


def test_a_need_that_is_asked_for_is_on_the_list_when_the_visitor_sees_it(there: Helped) -> None:
    assert handed_in(NORTH, visit(there.need, findings=["lonely"])).status_code == 201
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE care_need SET cadence_days = 90 WHERE id = :id"), {"id": there.need})
    assert get(DUE, user=NORTH.name).json()["needs"] == []
    for user, wanted in ((NORTH, [there.need]), (SOUTH, [])):
        found = get(f"{DUE}?need={there.number}", user=user.name).json()["needs"]
        assert [need["id"] for need in found if need["number"] == there.number] == wanted


def test_a_visit_is_recorded_and_the_answer_says_when_the_next_is_due(there: Helped) -> None:
    sent = visit(there.need, findings=["unwell", "lonely"], minutes=45)
    answer = handed_in(HEAD, sent)
    assert answer.status_code == 201
    assert set(answer.json()) == {"number", "next_due_on", "again"}
    assert answer.json()["number"] == there.number
    assert visits() == [(there.need, HEAD.name, "met", ["unwell", "lonely"], 45)]


def test_the_same_visit_handed_in_again_is_the_same_answer_once_more(there: Helped) -> None:
    sent = visit(there.need)
    first, second = handed_in(HEAD, sent), handed_in(HEAD, sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert second.json() == first.json() | {"again": True}
    assert len(visits()) == 1


def test_another_body_under_the_same_key_is_refused(there: Helped) -> None:
    sent = visit(there.need)
    handed_in(HEAD, sent)
    answer = handed_in(HEAD, sent | {"minutes": 90})
    assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
    assert len(visits()) == 1


def test_a_foreign_page_hands_in_nothing(there: Helped) -> None:
    for origin in ("https://evil.example", "http://127.0.0.1:9999", "null"):
        assert handed_in(HEAD, visit(there.need), headers={"origin": origin}).status_code == 403, origin
    assert visits() == []


def test_a_form_of_another_site_cannot_send_what_is_taken_here(there: Helped) -> None:
    async def run(browser: Browser) -> list[int]:
        told = await due(browser)
        body = json.dumps({"who": told["who"], "form_token": told["form_token"], "visit": visit(there.need)})
        kinds = ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
        return [
            (await browser.post(VISITS, content=body, headers={"content-type": kind})).status_code for kind in kinds
        ]

    assert browse(run, user=HEAD.name) == [400, 400, 400]
    assert visits() == []


def test_without_a_cookie_nothing_is_recorded(there: Helped) -> None:
    async def run(browser: Browser) -> int:
        body = {"who": mark_of(HEAD), "form_token": form_token("guessed"), "visit": visit(there.need)}
        return (await browser.post(VISITS, json=body)).status_code

    assert browse(run) == 401
    assert visits() == []


@pytest.mark.parametrize(
    "proof", [{"form_token": ""}, {"form_token": "0" * 64}, {"form_token": None}, {"form_token": [1]}]
)
def test_without_the_proof_of_this_sign_in_nothing_is_recorded(there: Helped, proof: dict[str, Any]) -> None:
    assert handed_in(HEAD, visit(there.need), **proof).status_code == 403
    assert visits() == []


def test_what_another_user_left_in_the_queue_is_not_recorded_under_ones_own_name(there: Helped) -> None:
    assert handed_in(NORTH, visit(there.need), who=mark_of(HEAD)).status_code == 403
    assert visits() == []


@pytest.mark.parametrize("user", [SOUTH, HEAD])
def test_the_need_of_elsewhere_is_not_found_by_its_number(there: Helped, user: Actor) -> None:
    with owner_engine().connect() as owner:
        query = text("SELECT id FROM care_need WHERE community_id = :at")
        foreign = owner.scalar(query, {"at": there.city["north" if user == SOUTH else "south"]})
    answer = handed_in(user, visit(foreign))
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer.json() == handed_in(user, visit(10**12)).json()
    assert visits() == []


def test_a_stolen_body_replayed_by_somebody_else_tells_and_changes_nothing(there: Helped) -> None:
    sent = visit(there.need)
    handed_in(HEAD, sent)
    answer = handed_in(STAFF, sent)
    assert answer.status_code == 409
    assert there.number not in answer.text
    assert [row[1] for row in visits()] == [HEAD.name]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([], "This is not what the visit form sends"),
        ("x", "This is not what the visit form sends"),
        ({"result": "met' OR 1=1"}, "Result"),
        ({"findings": ["all_well", "fell"]}, "Findings"),
        ({"visited_at": "2031-01-01T00:00:00Z"}, "Time of the visit"),
        ({"visited_at": "2026-01-01T00:00:00Z"}, "Time of the visit"),
        ({"minutes": 100000}, "Minutes"),
        ({"key": "1"}, "Key of the visit"),
    ],
)
def test_what_is_no_visit_is_refused_by_its_field(there: Helped, sent: Any, told: str) -> None:
    answer = handed_in(HEAD, visit(there.need) | sent if isinstance(sent, dict) else sent)
    assert answer.status_code == 400
    assert answer.json()["message"].startswith(told)
    assert visits() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[" * 3900, b'"x"', b"1", b"x" * (MOST_BYTES + 1), b"\xff\xfe"])
def test_whatever_else_is_sent_is_refused_without_an_accident(there: Helped, body: bytes) -> None:
    async def run(browser: Browser) -> int:
        return (await browser.post(VISITS, content=body, headers={"content-type": "application/json"})).status_code

    assert browse(run, user=HEAD.name) == 400


def test_a_suspended_user_hands_in_nothing_more(there: Helped) -> None:
    async def run(browser: Browser) -> list[int]:
        told = await due(browser)
        with owner_engine().begin() as owner:
            owner.execute(text("UPDATE app_user SET status = 'suspended' WHERE name = :name"), {"name": HEAD.name})
            owner.execute(text("UPDATE user_session SET ended_at = now() WHERE user_name = :name"), {"name": HEAD.name})
        await asyncio.sleep(1.1 * FRESH_S)
        body = {"who": told["who"], "form_token": told["form_token"], "visit": visit(there.need)}
        return [(await browser.post(VISITS, json=body)).status_code, (await browser.get(DUE)).status_code]

    assert browse(run, user=HEAD.name) == [401, 401]
    assert visits() == []
