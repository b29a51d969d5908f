"""Single sign-on with a real provider on this machine: a verified address of a user makes one that user."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from geo.store.cluster import Cluster
from geo.store.session import owner_engine
from tests.browser.conftest import HERE, free_port, serving, visiting
from tests.browser.oidc_provider import CLIENT, CLIENT_WORD, Provider, provider
from tests.users import add_user

ADDRESS = "li@example.org"
SECRETS = """[auth]
redirect_uri = "{app}/oauth2callback"
cookie_secret = "{cookie}"
client_id = "{client}"
client_secret = "{word}"
server_metadata_url = "{provider}/.well-known/openid-configuration"
"""


@pytest.fixture(scope="module")
def outside() -> Iterator[Provider]:
    with provider(free_port()) as running:
        yield running


@pytest.fixture(scope="module")
def app(demo_store_for_module: Cluster, tmp_path_factory: pytest.TempPathFactory, outside: Provider) -> Iterator[str]:
    """The app of an organisation that signs its people in itself."""
    add_user("li", "planner")
    with owner_engine().begin() as owner:
        owner.execute(text("UPDATE app_user SET email = :address WHERE name = 'li'"), {"address": ADDRESS})
    port = free_port()
    home = tmp_path_factory.mktemp("home")
    (home / ".streamlit").mkdir()
    told = {"app": f"http://{HERE}:{port}", "provider": outside.address, "client": CLIENT, "word": CLIENT_WORD}
    (home / ".streamlit" / "secrets.toml").write_text(SECRETS.format(cookie="0" * 64, **told))
    with serving(home / "log", port=port, HOME=str(home), AUTHLIB_INSECURE_TRANSPORT="1") as address:
        yield address


@pytest.fixture
def page(browser: Browser, app: str) -> Iterator[Page]:
    with visiting(browser, user=None) as opened:
        yield opened


def come_in(page: Page, app: str) -> None:
    page.goto(f"{app}/parameters")
    page.get_by_role("link", name="account of your organisation").click()


def test_a_verified_address_of_a_user_opens_the_page_that_was_asked_for(
    page: Page, app: str, outside: Provider
) -> None:
    outside.claims = {"email": ADDRESS.upper(), "email_verified": True}
    come_in(page, app)
    expect(page).to_have_url(f"{app}/parameters")
    expect(page.get_by_test_id("stSidebar").get_by_text("li", exact=True)).to_be_visible()
    names = {cookie.get("name", "") for cookie in page.context.cookies()}
    assert "yizhan_session" in names
    assert not [name for name in names if name.startswith("_streamlit_user")]
    page.get_by_test_id("stSidebar").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize(
    ("claims", "told"),
    [
        ({"email": "zhao@example.org", "email_verified": True}, "No user here has the e-mail address"),
        ({"email": ADDRESS, "email_verified": False}, "has not verified your e-mail address"),
        ({"email": ADDRESS}, "has not verified your e-mail address"),
        ({}, "has not verified your e-mail address"),
    ],
)
def test_anybody_else_is_told_why_and_stays_out(
    page: Page, app: str, outside: Provider, claims: dict[str, object], told: str
) -> None:
    outside.claims = claims
    come_in(page, app)
    expect(page.get_by_role("alert")).to_contain_text(told)
    page.goto(f"{app}/parameters")
    expect(page).to_have_url(re.compile("/sign-in"))


def test_what_the_provider_said_is_taken_up_once(page: Page, app: str, outside: Provider) -> None:
    outside.claims = {"email": ADDRESS, "email_verified": True}
    kept: list[str] = []
    page.on(
        "response",
        lambda answer: kept.extend(re.findall(r"_streamlit_user=([^;]{20,})", _cookies(answer.headers_array()))),
    )
    come_in(page, app)
    expect(page).to_have_url(f"{app}/parameters")
    assert kept
    page.goto("about:blank")
    page.context.clear_cookies()
    page.context.add_cookies([{"name": "_streamlit_user", "value": kept[0], "url": app}])
    page.goto(f"{app}/parameters")
    expect(page).to_have_url(re.compile("/sign-in"))


def _cookies(headers: list[dict[str, str]]) -> str:
    return " ".join(header["value"] for header in headers if header["name"].lower() == "set-cookie")
