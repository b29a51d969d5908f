"""The audit page: who did and who saw what, and the chain over it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR
from geo.i18n import use_language
from geo.settings import ROOT
from geo.store import audit, chain
from geo.store.session import Actor, owner_engine, reading, writing
from tests.pages.conftest import SignIn
from tests.store.small_city import SmallCity, build


@pytest.fixture
def city(clean_store: object) -> Iterator[SmallCity]:
    yield build()
    use_language("en")


def _opened(**query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    page.query_params["lang"] = query.pop("lang", "en")
    page.run()
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page("audit.py").run()
    assert not page.exception
    return page


def _rows(page: AppTest, column: str = "What was done") -> list[str]:
    return list(page.dataframe[0].value[column]) if page.dataframe else []


def _words(page: AppTest) -> str:
    parts = (*page.markdown, *page.caption, *page.error, *page.warning, *page.info, *page.success)
    return "\n".join(part.value for part in parts).replace("\\", "")


def _record(actor: Actor, action: str, community_id: int | None, note: str = "x") -> None:
    with writing(actor) as session:
        audit.record(session, action, "helped_person", 5, audit.Change(community_id=community_id, note=note))


def test_an_administrator_reads_who_did_what_in_words(city: SmallCity, administrator: Actor) -> None:
    _record(OPERATOR, "change_person", city["north"], "=1+1 <script>alert(1)</script>")
    page = _opened()
    assert _rows(page) == ["Person changed", "Signed in"]
    assert _rows(page, "Remark")[0] == "=1+1 <script>alert(1)</script>"
    assert _rows(page, "Community") == ["金桂社区", ""]


def test_who_saw_what_is_a_view_of_its_own_and_stands_in_the_address(city: SmallCity, administrator: Actor) -> None:
    _record(OPERATOR, "change_person", city["north"])
    _record(OPERATOR, "reveal", city["north"])
    page = _opened(view="saw")
    assert _rows(page) == ["Person looked at"]
    page = _opened()
    page.segmented_control(key="log_view").set_value("saw").run()
    assert _rows(page) == ["Person looked at"]
    assert page.query_params["view"] == "saw"


def test_choices_narrow_the_log_and_can_be_put_back(city: SmallCity, administrator: Actor) -> None:
    _record(OPERATOR, "reveal", city["north"], "a fall")
    _record(administrator, "change_person", city["south"])
    page = _opened()
    page.selectbox(key="log_community").set_value(city["north"]).run()
    assert _rows(page) == ["Person looked at"]
    assert page.query_params["community"] == str(city["north"])
    page.selectbox(key="log_who").set_value(administrator.name).run()
    assert _rows(page) == []
    assert "No entry fits" in _words(page)
    next(button for button in page.button if button.key == "log_again").click().run()
    assert len(_rows(page)) == 3
    page.text_input(key="log_words").set_value("FALL").run()
    assert _rows(page, "Remark") == ["a fall"]
    assert not page.exception


@pytest.mark.parametrize(
    "query",
    [
        {"who": "nobody"},
        {"about": "helped_person:999999999999999999999"},
        {"about": "x" * 500},
        {"action": "' OR 1=1 --"},
        {"from": "2026-99-99", "until": "soon", "community": "-1", "before": "yesterday_7"},
        {"words": "\x00\u202e"},
    ],
)
def test_an_address_that_makes_no_sense_shows_a_page_all_the_same(
    city: SmallCity, administrator: Actor, query: dict[str, str]
) -> None:
    assert "Audit" in [title.value for title in _opened(**query).title]


def test_older_entries_are_one_page_further(city: SmallCity, administrator: Actor) -> None:
    with writing(OPERATOR) as session:
        for number in range(70):
            audit.record(session, "change_person", "helped_person", number, audit.Change())
    page = _opened()
    assert len(_rows(page)) == 50
    next(button for button in page.button if button.key == "log_older").click().run()
    assert len(_rows(page)) == 21
    assert "before" in page.query_params
    next(button for button in page.button if button.key == "log_newest").click().run()
    assert len(_rows(page)) == 50


def test_an_organiser_sees_the_looks_at_persons_of_their_community_and_no_chain(
    city: SmallCity, sign_in: SignIn
) -> None:
    _record(OPERATOR, "reveal", city["north"])
    _record(OPERATOR, "reveal", city["south"])
    sign_in("organiser", community_id=city["north"])
    page = _opened(view="saw")
    assert _rows(page, "Community") == ["金桂社区"]
    assert "in your communities" in _words(page)
    assert [button for button in page.button if button.key == "log_check"] == []


@pytest.mark.parametrize("role", ["leader", "planner"])
def test_the_page_is_closed_to_others(city: SmallCity, sign_in: SignIn, role: str) -> None:
    sign_in(role)
    page = _opened()
    assert not page.dataframe
    assert "Your role does not let you" in _words(page)


def test_the_chain_is_shown_and_checked(city: SmallCity, sign_in: SignIn) -> None:
    _record(OPERATOR, "reveal", city["north"])
    sign_in("auditor")
    page = _opened()
    with reading(OPERATOR) as connection:
        head = chain.head(connection)
    assert head is not None
    assert page.code[0].value == head.hash
    _check(page, head.hash)
    assert "all 2 entries are as they were written" in _words(page)
    assert "0 entries came after it" in _words(page)
    _check(page, "f" * 64)
    assert "is not in the chain" in _words(page)
    _check(page, "no hash")
    assert "64 digits" in _words(page)
    with owner_engine().begin() as owner:
        owner.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        owner.execute(text("UPDATE audit_entry SET actor = 'somebody' WHERE id = 1"))
    _check(page, "")
    assert "1 entries are not as they were written" in _words(page)
    assert list(page.dataframe[1].value["What is wrong"]) == ["the entry is not what was sealed"]


def _check(page: AppTest, noted: str) -> None:
    page.text_input(key="log_noted").set_value(noted)
    next(button for button in page.button if button.key == "log_check").click().run()
    assert not page.exception


def test_the_page_speaks_chinese(city: SmallCity, administrator: Actor) -> None:
    assert not _opened(lang="zh_CN").exception
