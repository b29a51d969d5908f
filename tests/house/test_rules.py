"""Each house rule finds what it is there to find, and leaves sound code alone."""

from collections.abc import Callable, Iterator

import pytest

from tests.house import rules, text_rules
from tests.house.sources import Source

Rule = Callable[[Source], Iterator[str]]

SOUND = '''"""A room."""
from geo.i18n import _


def say(count: int) -> str:
    """Say it."""
    return _("{count} doors", count=count)
'''
MANY_LINES = '"""Long."""\n' + "x = 1\n" * 400
LONG_FUNCTION = "def f():\n" + "    x = 1\n" * 50
COMMENTS = "# one\nx = 1\n# two\ny = 2\n# three\n"

PLANTED = [
    (rules.imports_go_up_the_stairs, "geo/places/reads.py", "from geo.people.reads import persons\n"),
    (rules.imports_go_up_the_stairs, "geo/places/reads.py", "from ..people import reads\n"),
    (rules.imports_go_up_the_stairs, "geo/store/audit.py", "def f():\n    import geo.places.tables\n"),
    (rules.imports_go_up_the_stairs, "geo/maps/layers.py", "from geo import places\n"),
    (rules.imports_go_up_the_stairs, "geo/errors.py", "from geo.store import session\n"),
    (rules.imports_go_up_the_stairs, "geo/exchange/load.py", "from geo.web import tiles\n"),
    (rules.imports_go_up_the_stairs, "pages/neighbourhood.py", "from geo.cli import main\n"),
    (rules.imports_go_up_the_stairs, "geo/people/reads.py", "import tests.house\n"),
    (rules.rooms_keep_foreign_things_out, "geo/maps/layers.py", "import streamlit as st\n"),
    (rules.rooms_keep_foreign_things_out, "geo/web/tiles.py", "from streamlit_folium import st_folium\n"),
    (rules.rooms_keep_foreign_things_out, "pages/search.py", "import pandas as pd\n"),
    (rules.rooms_keep_foreign_things_out, "pages/search.py", "from sqlalchemy.orm import Session\n"),
    (rules.rooms_keep_foreign_things_out, "geo/siting/swap.py", "from geo.store.session import reading\n"),
    (rules.rooms_keep_foreign_things_out, "geo/coverage/nearest.py", "import folium\n"),
    (rules.rooms_keep_foreign_things_out, "geo/people/rules.py", "import psycopg\n"),
    (rules.rules_have_no_clock, "geo/people/rules.py", "from datetime import date\nx = date.today()\n"),
    (rules.sizes_are_kept, "geo/places/reads.py", MANY_LINES),
    (rules.sizes_are_kept, "pages/search.py", MANY_LINES[: 12 + 6 * 120]),
    (rules.sizes_are_kept, "app.py", MANY_LINES[: 12 + 6 * 79]),
    (rules.sizes_are_kept, "geo/places/reads.py", LONG_FUNCTION),
    (rules.sizes_are_kept, "geo/places/reads.py", "def f(a, b, c, d, e, f, g): ...\n"),
    (rules.comments_are_rare, "geo/places/reads.py", COMMENTS),
    (rules.names_say_something, "geo/places/utils.py", ""),
    (rules.public_things_are_described, "geo/places/reads.py", "def f(): ...\n"),
    (rules.public_things_are_described, "geo/places/reads.py", '"""x"""\nclass A:\n  """x"""\n  def f(self): ...\n'),
    (rules.only_settings_read_the_environment, "geo/store/disk.py", "import os\nx = os.environ['HOME']\n"),
    (rules.only_settings_read_the_environment, "geo/store/disk.py", "from os import environ\n"),
    (rules.errors_are_not_swallowed, "geo/store/disk.py", "try:\n    f()\nexcept Exception:\n    pass\n"),
    (rules.errors_are_not_swallowed, "geo/store/disk.py", "try:\n    f()\nexcept:\n    raise\n"),
    (rules.prints_and_promises, "geo/store/disk.py", "print('x')\n"),
    (rules.prints_and_promises, "geo/store/disk.py", "x = 1  # TO" + "DO later\n"),
    (text_rules.pages_show_only_translated_texts, "pages/search.py", "st.write('Hello there')\n"),
    (text_rules.pages_show_only_translated_texts, "pages/search.py", "st.button(_('a'), help='Press')\n"),
    (text_rules.pages_show_only_translated_texts, "pages/search.py", "left.markdown(f'Doors: {n}')\n"),
    (text_rules.pages_show_only_translated_texts, "pages/search.py", "st.tabs(['One', _('Two')])\n"),
    (text_rules.pages_show_only_translated_texts, "pages/search.py", "st.write('<b>Doors</b>' if x else _('y'))\n"),
    (text_rules.choices_have_words_for_nothing, "pages/search.py", "st.selectbox(_('Kind'), [None, *kinds])\n"),
    (text_rules.labels_take_the_colon_of_the_language, "pages/search.py", "f'{label}: {value}'\n"),
    (text_rules.marked_texts_are_whole, "pages/search.py", "_(f'{n} doors')\n"),
    (text_rules.marked_texts_are_whole, "pages/search.py", "_('doors' + word)\n"),
    (text_rules.marked_texts_are_whole, "pages/search.py", "N_(word)\n"),
    (text_rules.marked_texts_are_whole, "pages/search.py", "_('{count} doors', number=3)\n"),
]


@pytest.mark.parametrize(("rule", "name", "text"), PLANTED)
def test_a_planted_fault_is_found(rule: Rule, name: str, text: str) -> None:
    assert list(rule(Source(name, text)))


@pytest.mark.parametrize("rule", {rule for rule, _name, _text in PLANTED}, ids=lambda rule: rule.__name__)
def test_sound_code_is_left_alone(rule: Rule) -> None:
    assert not list(rule(Source("geo/people/rules.py", SOUND)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("geo/people/reads.py", "from geo.places.tables import Building\nfrom geo.store import session\n"),
        ("geo/exchange/load.py", "from geo.people import writes\n"),
        ("app.py", "from geo.web import tiles\n"),
        ("pages/neighbourhood.py", "from geo.maps import layers\n"),
    ],
)
def test_stairs_may_be_climbed(name: str, text: str) -> None:
    assert not list(rules.imports_go_up_the_stairs(Source(name, text)))


def test_markup_and_icons_are_no_words() -> None:
    page = "st.markdown(f'<div class=\"card\">{name}</div>')\nst.button(f':material/{icon}:', key='undo')\n"
    assert not list(text_rules.pages_show_only_translated_texts(Source("pages/search.py", page)))


@pytest.mark.parametrize("text", ["38户,没有", "你好.", "共3户(未知)", "38户户"])
def test_odd_chinese_punctuation_is_found(text: str) -> None:
    assert list(text_rules.chinese_reads_well("x", text))


@pytest.mark.parametrize("text", ["38户没有楼栋长。", "1.2万户", "文件 {file}：第 {row} 行", "https://a.b/c"])
def test_good_chinese_is_left_alone(text: str) -> None:
    assert not list(text_rules.chinese_reads_well("x", text))
