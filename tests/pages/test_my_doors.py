"""A head's phone view: choose oneself, see one's doors."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from geo.access.actor import OPERATOR
from geo.i18n import use_language
from geo.people.writes import assign_head
from geo.settings import ROOT
from geo.store.clock import today
from geo.store.session import Actor, writing
from tests.store.small_city import SmallCity, build


@pytest.fixture
def city(clean_store: object, administrator: Actor) -> Iterator[SmallCity]:
    made = build()
    now = today()
    with writing(OPERATOR) as session:
        for code, to_on in (("north-b1", now + timedelta(days=20)), ("north-b2", None), ("north-b3", None)):
            assign_head(
                session, building_id=made[code], name="王建国", phone="13800001234", from_on=now - timedelta(days=9),
                to_on=to_on,
            )  # fmt: skip
        assign_head(session, building_id=made["south-b1"], name="李秀英", from_on=now)
    yield made
    use_language("en")


def _opened(lang: str = "en", **query: str) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "navigation.py"), default_timeout=30)
    page.query_params["lang"] = lang
    page.run()
    for name, value in query.items():
        page.query_params[name] = value
    page.switch_page("my_doors.py").run()
    assert not page.exception
    return page


def _words(page: AppTest) -> str:
    return "\n".join(part.value for part in (*page.markdown, *page.caption, *page.warning, *page.info))


def test_a_head_finds_themselves_by_name_pinyin_or_phone_and_sees_their_doors(city: SmallCity) -> None:
    page = _opened()
    for typed in ("建国", "wangjianguo", "wjg", "13800001234"):
        page.text_input[0].set_value(typed).run()
        found = [button for button in page.button if "王建国" in button.label]
        assert len(found) == 1, typed
    assert "\\*\\*\\*\\*1234" in found[0].label
    found[0].click().run()
    assert not page.exception
    words = _words(page)
    assert [name in words for name in ("金桂花园1号楼", "金桂花园2号楼", "金桂花园3号楼", "银杏小区")] == [
        True,
        True,
        True,
        False,
    ]
    assert [(metric.label, metric.value) for metric in page.metric] == [
        ("Doors (buildings and units)", "3"),
        ("Households", "80"),
    ]


def test_an_overload_an_ending_term_and_unknown_counts_are_said(city: SmallCity) -> None:
    page = _opened()
    page.text_input[0].set_value("王建国").run()
    next(button for button in page.button if "王建国" in button.label).click().run()
    words = _words(page)
    assert "More than 40 households" in words
    assert "in 20 days" in words
    assert "households of 1 doors are not known" in words
    assert "no end agreed" in words


def test_neighbours_of_the_same_compound_are_named_with_their_heads(city: SmallCity) -> None:
    page = _opened()
    page.text_input[0].set_value("李秀英").run()
    next(button for button in page.button if "李秀英" in button.label).click().run()
    assert "银杏小区2号楼: not in the roster yet" in _words(page)


def test_nobody_of_that_name_is_said(city: SmallCity) -> None:
    page = _opened()
    page.text_input[0].set_value("nobody here").run()
    assert "is called" in _words(page)


def test_an_address_of_nobody_asks_who_it_is(city: SmallCity) -> None:
    for asked in ("999999", "abc", "-1"):
        assert len(_opened(person=asked).text_input) == 1


def test_the_page_speaks_chinese(city: SmallCity) -> None:
    assert not _opened("zh_CN").exception
