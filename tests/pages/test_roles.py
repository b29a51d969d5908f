"""Every role through every page: what is open to it opens, what is not says so in words; forms only for who may."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geo.access.rules import MAY, PAGE_ACTIONS, ROLES
from geo.access.sessions import open_session
from geo.i18n import use_language
from geo.settings import ROOT
from pages.parts import session
from tests.store.access.roles import actor_of, peopled
from tests.store.small_city import SmallCity

PAGES = sorted(path.stem for path in (ROOT / "pages").glob("*.py") if path.stem not in {"__init__", "navigation"})


@pytest.fixture(scope="module")
def city(clean_store_for_module: object) -> SmallCity:
    return peopled()


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    yield
    use_language("en")


def entered(role: str, monkeypatch: pytest.MonkeyPatch) -> AppTest:
    token = open_session(actor_of(role).name)
    monkeypatch.setattr(session, "session_token", lambda: token)
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=60)
    page.query_params["lang"] = "en"
    page.run()
    assert not page.exception
    return page


def opened(page: AppTest, name: str, **query: str) -> AppTest:
    for key, value in query.items():
        page.query_params[key] = value
    page.switch_page(f"{name}.py").run()
    assert not page.exception
    return page


def words(page: AppTest) -> str:
    parts = (*page.title, *page.subheader, *page.caption, *page.markdown, *page.info, *page.error, *page.warning)
    return "\n".join(part.value for part in parts).replace("\\", "")


def labels(page: AppTest) -> set[str]:
    return {button.label for button in page.button}


def test_every_page_has_its_action_and_every_action_of_a_page_its_page() -> None:
    assert set(PAGE_ACTIONS) == set(PAGES)
    navigation = Path(ROOT / "pages" / "navigation.py").read_text(encoding="utf-8")
    assert [name for name in PAGES if f'("{name}", ' not in navigation] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_is_told_who_may_open_the_others(
    role: str, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = entered(role, monkeypatch)
    for name in PAGES:
        action = PAGE_ACTIONS[name]
        shown = words(opened(page, name))
        is_open = "Your role does not let you" not in shown
        assert is_open == (action in MAY[role]), name
        assert is_open or "These roles may: Administrator" in shown, name
        assert not page.error, (name, shown)


@pytest.mark.parametrize(
    ("role", "first"),
    [("administrator", "Neighbourhood map"), ("leader", "Neighbourhood map"), ("building_head", "My doors"),
     ("auditor", "Audit")],
)  # fmt: skip
def test_a_role_comes_in_where_its_work_is(
    role: str, first: str, city: SmallCity, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = entered(role, monkeypatch)
    assert [title.value for title in page.title] == [first]
    assert f"the-{role}" in words(page)


@pytest.mark.parametrize("role", [role for role in ROLES if "see_map" in MAY[role]])
def test_forms_are_there_for_who_may_use_them(role: str, city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    page = entered(role, monkeypatch)
    may = MAY[role]
    card = opened(page, "neighbourhood_map", place=f"building:{city['north-b1']}")
    assert ("Assign this head" in labels(card)) == ("assign_heads" in may)
    if "see_holders" in may:
        assert "王建国" in words(card)
    else:
        assert "王建国" not in words(card)
        assert "Building head: held" in words(card)
    places = opened(page, "places", place=f"building:{city['north-b1']}")
    assert ("Save the correction" in labels(places)) == ("edit_places" in may)
    station = opened(page, "places", place=f"station:{city['station']}")
    assert ("Save the correction" in labels(station)) == ("edit_stations" in may)
    parameters = opened(page, "parameters")
    assert ("Save" in labels(parameters)) == ("change_parameters" in may)


def test_a_head_sees_their_own_doors_at_once_and_nobody_elses(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    page = entered("building_head", monkeypatch)
    shown = words(page)
    assert "The doors of 王建国" in shown
    assert "金桂花园2号楼" in shown
    assert not page.text_input
    assert "Somebody else" not in labels(page)
    other = words(opened(page, "my_doors", person=str(city["wang"] + 1)))
    assert "The doors of 王建国" in other


def test_who_is_signed_out_meanwhile_is_shown_the_way_back(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    page = entered("leader", monkeypatch)
    monkeypatch.setattr(session, "session_token", lambda: "a-token-that-never-was")
    page.run()
    assert not page.exception
    assert "You are not signed in any more" in words(page)
    assert not page.title
    assert not page.metric


def test_nothing_a_browser_sends_names_another_actor(city: SmallCity, monkeypatch: pytest.MonkeyPatch) -> None:
    page = entered("leader", monkeypatch)
    for name in ("user", "actor", "role", "token", "yizhan_session"):
        page.query_params[name] = "the-administrator"
    shown = words(opened(page, "users"))
    assert "Your role does not let you manage users" in shown
    assert "the-leader" in shown
