"""Statements typed into every field and written into every part of an address are words like any other."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.rules import MAY, PAGE_ACTIONS
from geo.access.sessions import open_session
from geo.settings import ROOT
from geo.store.session import owner_engine
from pages.parts import session
from tests.store.access.roles import actor_of, peopled
from tests.store.small_city import SmallCity

STATEMENTS = (
    "'; DROP TABLE building; --",
    "' OR '1'='1",
    '" OR ""="',
    "1; UPDATE user_role SET role = 'administrator'; --",
    "') UNION SELECT password_hash FROM credential --",
    "$$; DELETE FROM audit_entry; $$",
    "%' OR pg_sleep(9) IS NULL OR name LIKE '%",
    "\\'; TRUNCATE person; --",
    "{0} %s %(id)s :id",
)
ROLES = ("administrator", "organiser", "auditor")
COUNTED = ("building", "person", "user_role", "credential", "holding", "care_need", "area", "app_user")
DATABASE_WORDS = re.compile(r"syntax error|psycopg|sqlalchemy|UndefinedTable|password_hash\b.*argon", re.IGNORECASE)


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    return peopled()


def addressed() -> list[str]:
    """Return the names under which pages read choices from the address."""
    programs = [path.read_text(encoding="utf-8") for path in (ROOT / "pages").rglob("*.py")]
    found = {name for program in programs for name in re.findall(r'query_params(?:\.get\(|\.pop\(|\[)"(\w+)"', program)}
    return sorted(
        found | {"place", "community", "kind", "status", "task", "compound", "action", "entity", "who", "text"}
    )


def state() -> list[int]:
    with owner_engine().connect() as owner:
        return [owner.scalar(text(f"SELECT count(*) FROM {table}")) or 0 for table in COUNTED]


@pytest.fixture
def page(request: pytest.FixtureRequest, city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    token = open_session(actor_of(request.param).name)
    monkeypatch.setattr(session, "session_token", lambda: token)
    app = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    app.query_params["lang"] = "en"
    before = state()
    yield app.run()
    assert state() == before


def is_harmless(app: AppTest) -> bool:
    told = " ".join(part.value for part in (*app.error, *app.markdown, *app.warning, *app.info))
    return not app.exception and DATABASE_WORDS.search(told) is None


def _pages(role: str) -> list[str]:
    return [name for name, action in PAGE_ACTIONS.items() if action in MAY[role]]


@pytest.mark.parametrize(("page", "role"), [(role, role) for role in ROLES], indirect=["page"])
def test_statements_in_an_address_choose_nothing_and_change_nothing(page: AppTest, role: str) -> None:
    assert len(addressed()) > 10
    for name in _pages(role):
        for at, statement in enumerate(STATEMENTS[:3]):
            for key in addressed():
                page.query_params[key] = statement if key != "place" else f"building:{STATEMENTS[at]}"
            page.switch_page(f"{name}.py").run()
            assert is_harmless(page), (name, statement)


@pytest.mark.parametrize(("page", "role"), [(role, role) for role in ROLES], indirect=["page"])
def test_statements_in_the_fields_of_a_page_are_words(page: AppTest, role: str) -> None:
    filled = 0
    for name in _pages(role):
        for statement in STATEMENTS:
            page.switch_page(f"{name}.py").run()
            fields = [*page.text_input, *page.text_area]
            for field in fields:
                field.set_value(statement)
            filled += len(fields)
            page.run()
            assert is_harmless(page), (name, statement)
    assert filled > 0
