"""Guard, sign-in and our routes on a real database: what a browser gets by asking, guessing and replaying."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from geo.access import accounts, passwords, sessions
from geo.access.sessions import COOKIE
from geo.briefing.overview import stand_now
from geo.store.session import Actor, owner_engine
from geo.web import limits
from geo.web.forms import FORM_COOKIE, own_path
from geo.web.guard import Guard
from geo.web.server import Server
from tests.users import add_user

HERE = "http://127.0.0.1:8501"
TILE = "/tiles/community+building/{z}/{x}/{y}.mvt"
FORM = re.compile(r'name="form_token" value="(\w+)"')
ABROAD = [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "/sign-in",
]

Browser = httpx.AsyncClient
Visit = Callable[[Browser], Awaitable[Any]]


async def _streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("a page", headers={"x-user": scope["state"]["visitor"].actor.name})(scope, receive, send)


def browse(visit: Visit, *, user: str | None = None, client: str = "127.0.0.1", base: str = HERE) -> Any:
    """Let a browser of somebody make requests; a redirect is not followed."""

    async def run() -> Any:
        server = Server()
        await server.pool.open()
        transport = httpx.ASGITransport(Guard(server.shortcut(_streamlit), server.visitors), client=(client, 5000))
        cookies = {COOKIE: accounts.admit(user)} if user else {}
        try:
            async with Browser(transport=transport, base_url=base, cookies=cookies) as browser:
                return await visit(browser)
        finally:
            await server.pool.close()

    return asyncio.run(run())


def get(path: str, *, user: str | None = None, **asked: Any) -> httpx.Response:
    async def visit(browser: Browser) -> httpx.Response:
        return await browser.get(path)

    answer: httpx.Response = browse(visit, user=user, **asked)
    return answer


async def form(browser: Browser, path: str = "/sign-in") -> dict[str, str]:
    found = FORM.search((await browser.get(path)).text)
    assert found
    return {"form_token": found[1]}


async def click(browser: Browser, account: str, **more: str) -> httpx.Response:
    """Sign in with the demo's one click."""
    return await browser.post("/sign-in/demo", data=await form(browser) | {"account": account} | more)


def owners(query: str) -> list[tuple[Any, ...]]:
    with owner_engine().connect() as owner:
        return [tuple(row) for row in owner.execute(text(query))]


def tile_at_the_middle(z: int) -> str:
    [(x, y)] = owners(
        f"SELECT floor((ST_X(c) + 180) / 360 * 2 ^ {z})::int, "
        f"floor((1 - asinh(tan(radians(ST_Y(c)))) / pi()) / 2 * 2 ^ {z})::int "
        "FROM (SELECT ST_Centroid(extent) AS c FROM city) s"
    )
    return TILE.format(z=z, x=x, y=y)


@pytest.mark.usefixtures("demo_store_for_module")
class TestInTheDemoCity:
    def test_one_click_opens_the_page_that_was_asked_for(self) -> None:
        async def visit(browser: Browser) -> tuple[httpx.Response, httpx.Response]:
            return await click(browser, "demo-planner", next="/places?place=building:7"), await browser.get("/places")

        entered, page = browse(visit)
        assert (entered.status_code, entered.headers["location"]) == (303, "/places?place=building:7")
        assert page.headers["x-user"] == "demo-planner"
        cookie = next(one for one in entered.headers.get_list("set-cookie") if one.startswith(COOKIE))
        assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))

    @pytest.mark.parametrize(
        ("client", "base", "headers"),
        [
            ("10.0.0.7", HERE, {}),
            ("127.0.0.1", "http://rebound.example:8501", {}),
            ("127.0.0.1", HERE, {"x-forwarded-for": "10.0.0.7"}),
            ("127.0.0.1", HERE, {"forwarded": "for=10.0.0.7"}),
        ],
    )
    def test_the_click_works_on_this_machine_by_its_own_name_only(
        self, client: str, base: str, headers: dict[str, str]
    ) -> None:
        async def visit(browser: Browser) -> tuple[str, httpx.Response]:
            browser.headers.update(headers)
            page = (await browser.get("/sign-in")).text
            return page, await click(browser, "demo-administrator")

        page, refused = browse(visit, client=client, base=base)
        assert "demo-administrator" not in page
        assert refused.status_code == 403
        assert "set-cookie" not in refused.headers

    def test_a_form_without_its_proof_does_nothing(self) -> None:
        async def visit(browser: Browser) -> list[int]:
            own = await form(browser)
            wrong: list[dict[str, str]] = [{}, {"form_token": ""}, {"form_token": "0" * 64}]
            found = [(await browser.post("/sign-in/demo", data=one | {"account": "demo-leader"})) for one in wrong]
            browser.cookies.delete(FORM_COOKIE)
            found.append(await browser.post("/sign-in/demo", data=own | {"account": "demo-leader"}))
            assert not any(COOKIE in answer.headers.get("set-cookie", "") for answer in found)
            return [answer.status_code for answer in found]

        assert browse(visit) == [403] * 4

    def test_a_foreign_page_cannot_post_the_form_even_with_its_proof(self) -> None:
        async def visit(browser: Browser) -> int:
            fields = await form(browser) | {"account": "demo-leader"}
            return (
                await browser.post("/sign-in/demo", data=fields, headers={"origin": "https://evil.example"})
            ).status_code

        assert browse(visit) == 403

    @pytest.mark.parametrize("abroad", ABROAD)
    def test_no_address_leads_to_another_host(self, abroad: str) -> None:
        assert own_path(abroad) == "/"

        async def visit(browser: Browser) -> str:
            return (await click(browser, "demo-leader", next=abroad)).headers["location"]

        assert browse(visit) == "/"

    def test_a_cookie_replayed_after_the_sign_out_opens_nothing(self) -> None:
        async def visit(browser: Browser) -> tuple[httpx.Response, list[int]]:
            await click(browser, "demo-planner")
            token = browser.cookies[COOKIE]
            before = (await browser.get("/classes/building")).status_code
            out = await browser.post("/sign-out", data={"form_token": sessions.form_token(token)})
            assert COOKIE not in browser.cookies
            after = [
                (await browser.get(path, headers={"cookie": f"{COOKIE}={token}"})).status_code
                for path in ("/classes/building", tile_at_the_middle(14), "/names/building/7", "/places")
            ]
            return out, [before, *after]

        out, found = browse(visit)
        assert found == [200, 401, 401, 401, 303]
        assert out.headers["location"] == "/sign-in"
        assert out.headers["clear-site-data"] == '"cache"'

    def test_signing_out_takes_the_proof_of_ones_own_page(self) -> None:
        async def visit(browser: Browser) -> list[int]:
            await click(browser, "demo-planner")
            refused = await browser.post("/sign-out", data={"form_token": "0" * 64})
            return [refused.status_code, (await browser.get("/classes/building")).status_code]

        assert browse(visit) == [403, 200]

    def test_signing_in_again_ends_the_session_before(self) -> None:
        async def visit(browser: Browser) -> tuple[str, str]:
            await click(browser, "demo-planner")
            first = browser.cookies[COOKIE]
            fields = {"form_token": sessions.form_token(first), "account": "demo-leader"}
            await browser.post("/sign-in/demo", data=fields)
            return first, browser.cookies[COOKIE]

        first, second = browse(visit)
        assert sessions.still_open([first, second]) == {second}

    def test_the_routes_of_the_map_are_not_for_an_auditor(self) -> None:
        for path in ("/classes/building", tile_at_the_middle(14), "/names/building/7"):
            answer = get(path, user="demo-auditor")
            assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")

    def test_a_guessed_number_of_a_foreign_place_is_a_place_that_is_not_there(self) -> None:
        [(own, foreign)] = owners(
            "SELECT min(b.id) FILTER (WHERE b.community_id = r.community_id), "
            "min(b.id) FILTER (WHERE NOT EXISTS (SELECT FROM user_role o WHERE o.user_name = 'demo-organiser' "
            "AND o.community_id = b.community_id)) FROM building b, user_role r WHERE r.user_name = 'demo-organiser'"
        )
        assert get(f"/names/building/{own}", user="demo-organiser").status_code == 200
        answers = [get(f"/names/building/{number}", user="demo-organiser") for number in (foreign, 10**15)]
        assert {answer.status_code for answer in answers} == {404}

    @pytest.mark.parametrize(
        "path",
        ["/tiles/person/14/1/1.mvt", "/tiles/building/14/1/-1.mvt", "/tiles/building/99/1/1.mvt", "/classes/person",
         "/names/person/1", "/names/building/0x7", "/assets/../app.py", "/assets/%2e%2e/app.py", "/tiles/../app.py"],
    )  # fmt: skip
    def test_a_guessed_path_finds_nothing(self, path: str) -> None:
        assert (
            get(path, user="demo-administrator").status_code in {400, 404}
            or "x-user" in get(path, user="demo-administrator").headers
        )

    def test_a_tile_lasts_only_under_the_address_of_what_its_reader_sees(self) -> None:
        path = tile_at_the_middle(13)
        versions = {name: stand_now(Actor(name)).version("places") for name in ("demo-organiser", "demo-leader")}
        assert len(set(versions.values())) == 2
        seen = {}
        for reader in versions:
            for address, version in versions.items():
                answer = get(f"{path}?v={version}", user=reader)
                assert ("immutable" in answer.headers["cache-control"]) == (reader == address)
                assert answer.headers["cache-control"].startswith("private")
                seen[reader, address] = answer.content
        assert seen["demo-leader", "demo-leader"] == seen["demo-leader", "demo-organiser"]
        assert seen["demo-organiser", "demo-organiser"] == seen["demo-organiser", "demo-leader"]
        assert len(seen["demo-leader", "demo-leader"]) > len(seen["demo-organiser", "demo-organiser"])

    def test_two_users_of_the_same_communities_share_the_address_of_a_tile(self) -> None:
        assert stand_now(Actor("demo-leader")).version("places") == stand_now(Actor("demo-planner")).version("places")


def test_an_address_that_keeps_guessing_has_to_wait(clean_store: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ONE_MORE_EVERY_S", 600.0)
    monkeypatch.setattr(passwords, "matches", lambda _stored, _password: False)
    add_user("wang", "planner")

    async def visit(browser: Browser) -> list[httpx.Response]:
        fields = await form(browser) | {"name": "nobody", "password": "wrong and wrong"}
        return [await browser.post("/sign-in", data=fields) for _turn in range(limits.AT_ONCE + 1)]

    *refused, waiting = browse(visit)
    assert {answer.status_code for answer in refused} == {401}
    assert waiting.status_code == 429
    assert 1 <= int(waiting.headers["retry-after"]) <= limits.ONE_MORE_EVERY_S
    assert "wrong and wrong" not in waiting.text


def test_an_empty_table_of_accounts_says_how_to_make_the_first(clean_store: object) -> None:
    page = get("/sign-in")
    assert "yizhan user add NAME --role administrator" in page.text
    assert 'type="password"' not in page.text
    add_user("wang", "administrator")
    assert 'type="password"' in get("/sign-in").text


def test_a_name_is_shown_as_text_and_the_language_is_the_one_chosen(clean_store: object) -> None:
    add_user("wang", "planner")

    async def visit(browser: Browser) -> httpx.Response:
        fields = {"name": '"><script>alert(1)</script>', "password": "wrong", "lang": "zh_CN"}
        return await browser.post("/sign-in", data=await form(browser) | fields)

    answer = browse(visit)
    assert "<script>alert" not in answer.text
    assert '<html lang="zh-CN">' in answer.text


@pytest.mark.parametrize(
    ("content", "kind"),
    [("a=1&" * 5000, "application/x-www-form-urlencoded"), ("{}", "application/json"), ("a=1", ""),
     ("&".join(f"f{at}=1" for at in range(50)), "application/x-www-form-urlencoded")],
)  # fmt: skip
def test_what_is_no_form_of_ours_is_refused(clean_store: object, content: str, kind: str) -> None:
    async def visit(browser: Browser) -> int:
        return (await browser.post("/sign-in", content=content, headers={"content-type": kind})).status_code

    assert browse(visit) == 400
