"""The texts: all marked ones are in the template, all are in Chinese, and what is shown is marked."""

import gettext

import pytest

from geo.locale import build
from tests.house import text_rules
from tests.house.sources import product, sources

SAME_IN_BOTH = {"OpenStreetMap", "PostgreSQL", "CSV", "Excel", "GeoPackage", "GeoJSON", "Open311"}


def test_every_marked_text_is_in_the_template() -> None:
    marked = {message.id for message in build.template() if message.id}
    committed = {message.id for message in build.read(build.TEMPLATE) if message.id}
    assert marked == committed, "run: make translations"


def test_the_chinese_catalogue_is_complete_and_has_nothing_else() -> None:
    template = {message.id for message in build.read(build.TEMPLATE) if message.id}
    chinese = build.read(build.CATALOGUE, build.TRANSLATED)
    assert {message.id for message in chinese if message.id} == template
    assert build.missing(chinese) == []
    assert not [message.id for message in chinese if message.id and message.fuzzy]
    assert not chinese.obsolete


def test_translations_keep_the_placeholders() -> None:
    chinese = build.read(build.CATALOGUE, build.TRANSLATED)
    odd = [
        (message.id, message.string)
        for message in chinese
        if message.id and text_rules.placeholders(message.id) != text_rules.placeholders(str(message.string))
    ]
    assert not odd


def test_chinese_reads_like_chinese() -> None:
    chinese = build.read(build.CATALOGUE, build.TRANSLATED)
    found = [
        line
        for message in chinese
        if message.id
        for line in text_rules.chinese_reads_well(str(message.id), str(message.string))
    ]
    left_english = [
        message.id
        for message in chinese
        if message.id == message.string and message.id not in SAME_IN_BOTH and any(map(str.isalpha, _words(message.id)))
    ]
    assert not found, "\n".join(["", *found])
    assert not left_english


def _words(text: str) -> str:
    for name in text_rules.placeholders(text):
        text = text.replace("{" + name + "}", "")
    return text


def test_the_compiled_catalogue_is_up_to_date() -> None:
    written = {str(m.id): m.string for m in build.read(build.CATALOGUE, build.TRANSLATED) if m.id and m.string}
    with build.COMPILED.open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    assert {text: compiled.gettext(text) for text in written} == written
    assert len(compiled._catalog) == len(written) + 1  # type: ignore[attr-defined]


def test_marked_texts_are_whole() -> None:
    found = [line for source in product() for line in text_rules.marked_texts_are_whole(source)]
    assert not found, "\n".join(["", *found])


def test_pages_show_only_translated_texts() -> None:
    shown = [*sources("pages", "app.py"), *(source for source in product() if source.name.endswith("/wording.py"))]
    rules = (
        text_rules.pages_show_only_translated_texts,
        text_rules.labels_take_the_colon_of_the_language,
        text_rules.choices_have_words_for_nothing,
    )
    found = [line for source in shown for rule in rules for line in rule(source)]
    assert not found, "\n".join(["", *found])


def test_a_text_of_the_template_is_found_where_it_stands() -> None:
    template = build.template()
    assert ("geo/i18n.py", 0) in template["unknown"].locations


@pytest.mark.parametrize("known", ["unknown", "no date"])
def test_a_new_template_keeps_old_translations(known: str) -> None:
    carried = build.carried_along(build.template(), build.read(build.CATALOGUE, build.TRANSLATED))
    assert carried[known].string
