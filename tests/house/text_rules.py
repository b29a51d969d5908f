"""Rules about texts: what a person reads goes through the catalogue, whole and with named placeholders."""

import ast
import re
from collections.abc import Iterator
from string import Formatter

from tests.house.sources import Source

MARKS = {"_", "N_"}
SHOWN_BY = {
    "badge", "button", "caption", "checkbox", "chat_input", "code", "color_picker", "date_input", "dialog",
    "download_button", "error", "expander", "feedback", "file_uploader", "form_submit_button", "header", "info",
    "link_button", "markdown", "metric", "multiselect", "number_input", "page_link", "Page", "pills", "popover",
    "progress", "radio", "segmented_control", "select_slider", "selectbox", "slider", "spinner", "status", "subheader",
    "success", "tabs", "text", "text_area", "text_input", "time_input", "title", "toast", "toggle", "warning", "write",
}  # fmt: skip
SHOWN_AS = {"label", "help", "placeholder", "body", "title", "text", "caption", "value", "options", "page_title"}
NOT_SHOWN_FIRST = {"Page", "page_link"}
VALUE = "¤"
"""Stands for a value in a text that is put together."""
MARKUP = re.compile(r"<[^>]*>|:material/[\w¤]+:|&\w+;|:\w+\[|https?://\S+")


def _shows_letters(text: str) -> bool:
    return re.search(r"[^\W\d_]{2}", MARKUP.sub("", text)) is not None


def _bare_texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
        return
    parts: list[ast.expr] = []
    if isinstance(node, ast.JoinedStr):
        yield _written(node)
    elif isinstance(node, ast.List | ast.Tuple):
        parts = node.elts
    elif isinstance(node, ast.BinOp):
        parts = [node.left, node.right]
    elif isinstance(node, ast.IfExp):
        parts = [node.body, node.orelse]
    for part in parts:
        yield from _bare_texts(part)


def _written(node: ast.JoinedStr) -> str:
    return "".join(str(part.value) if isinstance(part, ast.Constant) else VALUE for part in node.values)


def pages_show_only_translated_texts(source: Source) -> Iterator[str]:
    """Report literal words handed to a call that shows them."""
    for node in ast.walk(source.tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SHOWN_BY):
            continue
        first = [] if node.func.attr in NOT_SHOWN_FIRST else node.args[:1]
        named = [keyword.value for keyword in node.keywords if keyword.arg in SHOWN_AS]
        for text in (text for shown in [*first, *named] for text in _bare_texts(shown)):
            if _shows_letters(text):
                yield f"{source.name}:{node.lineno} {node.func.attr} shows {text!r} untranslated"


def choices_have_words_for_nothing(source: Source) -> Iterator[str]:
    """Report a choice that may be empty without a placeholder: Streamlit would show its own English one."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            options = node.args[1] if len(node.args) > 1 else None
            first = options.elts[0] if isinstance(options, ast.List) and options.elts else None
            empty = isinstance(first, ast.Constant) and first.value is None
            may_be_empty = node.func.attr == "multiselect" or (node.func.attr == "selectbox" and empty)
            if may_be_empty and "placeholder" not in {keyword.arg for keyword in node.keywords}:
                yield f"{source.name}:{node.lineno} {node.func.attr} has no placeholder"


def labels_take_the_colon_of_the_language(source: Source) -> Iterator[str]:
    """Report a label and its value put together with an English colon (geo.i18n.labelled does it right)."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.JoinedStr) and f"{VALUE}: " in MARKUP.sub("", _written(node)):
            yield f"{source.name}:{node.lineno} {ast.unparse(node)}"


def marked_texts_are_whole(source: Source) -> Iterator[str]:
    """Report a mark around something that is no plain text: the catalogue would never know it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in MARKS:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.JoinedStr | ast.BinOp):
                yield f"{source.name}:{node.lineno} {node.func.id}() around a text put together on the spot"
            elif node.func.id == "N_" and not (isinstance(first, ast.Constant) and isinstance(first.value, str)):
                yield f"{source.name}:{node.lineno} N_() around something that is no text"
            elif isinstance(first, ast.Constant):
                yield from _values_fit(source, node, str(first.value))


def _values_fit(source: Source, call: ast.Call, text: str) -> Iterator[str]:
    given = {keyword.arg for keyword in call.keywords}
    wanted = placeholders(text)
    if isinstance(call.func, ast.Name) and call.func.id == "_" and None not in given and given != wanted:
        yield f"{source.name}:{call.lineno} _({text!r}) wants {sorted(wanted)}, gets {sorted(map(str, given))}"


def placeholders(text: str) -> set[str]:
    """Return the names in braces of a text.

    >>> sorted(placeholders("{count} of {all:,} doors"))
    ['all', 'count']
    """
    return {name.split(".")[0].split("[")[0] for _text, name, _spec, _conversion in Formatter().parse(text) if name}


def chinese_reads_well(msgid: str, msgstr: str) -> Iterator[str]:
    """Report half-width marks between Chinese words, and texts left in English."""
    if re.search(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\(|[,;:?!][\u4e00-\u9fff]", msgstr):
        yield f"{msgid!r}: half-width punctuation in {msgstr!r}"
    if re.search(r"[\u4e00-\u9fff]\.(\s|$)", msgstr):
        yield f"{msgid!r}: a half-width full stop in {msgstr!r}"
    if "户户" in msgstr or "  " in msgstr.strip():
        yield f"{msgid!r}: a slip in {msgstr!r}"
