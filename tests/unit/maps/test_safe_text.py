"""Texts on their way into maps, scripts and pages; and that nothing goes around what makes them harmless."""

import ast
import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.maps.safe_text import plain, safe_text, script_value
from geo.settings import ROOT
from tests.browser.payloads import PAYLOADS

TEXT_SINKS = {"Popup", "Tooltip", "Html", "DivIcon", "GeoJsonPopup", "GeoJsonTooltip", "IFrame"}
TEXT_ARGUMENTS = {"attr", "name", "tooltip", "popup", "attribution"}
SHOWN_AS_MARKDOWN = {
    "markdown", "caption", "button", "subheader", "header", "title", "info", "success", "warning", "error", "toast",
    "expander", "popover", "metric", "write", "badge", "form_submit_button",
}  # fmt: skip
JS_SINKS = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|\.html\(")
PYTHON_FILES = sorted([*(ROOT / "geo").rglob("*.py"), *(ROOT / "pages").rglob("*.py")])
PAGES = sorted((ROOT / "pages").rglob("*.py"))


@given(st.text())
def test_html_shows_the_text_and_holds_no_sign_that_means_anything(text: str) -> None:
    safe = safe_text(text)
    assert html.unescape(safe) == html.unescape(html.escape(text))
    assert not set("<>\"'`$\\{}") & set(safe)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_script_value_means_the_text_and_cannot_end_a_script_or_template(payload: str) -> None:
    literal = script_value({"name": payload})
    assert json.loads(literal) == {"name": payload}
    inside = literal.removeprefix('{"name": "').removesuffix('"}')
    assert not set("<>`${}'\u2028\u2029") & set(inside)


@given(st.text())
def test_a_plain_text_holds_no_markdown(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[*_`\[\]<>$:!#&|~()]", plain(text))


def test_a_missing_text_is_empty() -> None:
    assert safe_text(None) == plain(None) == ""


def _calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            function = node.func
            name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
            yield name, node


def _is_safe(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant | ast.List | ast.Dict):
        return True
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and value.func.attr == "format":
        return _is_safe(value.func.value) and all(_is_safe(keyword.value) for keyword in value.keywords)
    name = value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else ""
    made_safe = {"safe_text", "safe_table", "safe_grid", "_", "N_"}
    return name in made_safe or (isinstance(value, ast.Name) and value.id.isupper())


def test_nothing_hands_a_text_to_folium_without_making_it_safe() -> None:
    found = []
    for path in PYTHON_FILES:
        source = path.read_text()
        if "folium" not in source:
            continue
        for name, call in _calls(ast.parse(source)):
            sinks = call.args[:1] if name in TEXT_SINKS else []
            folium_made = isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value).startswith("folium")
            sinks += [k.value for k in call.keywords if k.arg in TEXT_ARGUMENTS and folium_made]
            found += [f"{path.name}:{call.lineno} {name}" for sink in sinks if not _is_safe(sink)]
    assert found == []


def test_no_page_switches_html_on_or_writes_html_that_is_no_constant() -> None:
    found = []
    for path in PAGES:
        for name, call in _calls(ast.parse(path.read_text())):
            found += [f"{path.name}:{call.lineno}" for k in call.keywords if k.arg == "unsafe_allow_html"]
            if name == "html" and not all(_is_safe(argument) for argument in call.args):
                found.append(f"{path.name}:{call.lineno} html")
    assert found == []


def test_no_page_puts_a_raw_value_into_markdown() -> None:
    found = []
    for path in PAGES:
        for name, call in _calls(ast.parse(path.read_text())):
            said = [*call.args, *(k.value for k in call.keywords if k.arg != "key")]
            shown = said if name in SHOWN_AS_MARKDOWN else []
            parts = [part for text in shown for part in ast.walk(text)]
            values = [part.value for part in parts if isinstance(part, ast.FormattedValue)]
            values += [k.value for k in call.keywords] if name == "_" else []
            raw = [value for value in values if isinstance(value, ast.Attribute) and value.attr != "id"]
            found += [f"{path.name}:{call.lineno} {ast.unparse(value)}" for value in raw]
    assert found == []


@pytest.mark.parametrize("path", sorted((ROOT / "geo/maps/assets").glob("*.js")), ids=lambda path: path.name)
def test_our_scripts_never_write_html(path: Path) -> None:
    assert not JS_SINKS.search(path.read_text())
