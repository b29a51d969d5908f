"""Texts on their way into a map, a script or a page: the only place where they are made harmless."""

import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

NUMERIC = {ord(sign): f"&#{ord(sign)};" for sign in "`$\\{}"}
IN_SCRIPTS = re.compile(r"[<>&`${}'\u2028\u2029]")
MARKDOWN = re.compile(r"([!-/:-@\[-`{-~])")


def safe_text(value: object) -> str:
    """Return a text as HTML that shows it and does nothing else, in template literals too; None becomes empty.

    >>> safe_text('<b onclick="x()">${y} `z`</b>')
    '&lt;b onclick=&quot;x()&quot;&gt;&#36;&#123;y&#125; &#96;z&#96;&lt;/b&gt;'
    """
    return html.escape("" if value is None else str(value), quote=True).translate(NUMERIC)


def script_value(value: Any) -> str:
    """Return a value as a JavaScript literal that is safe inside scripts, templates and evaluated strings.

    >>> print(script_value({"name": "</script>{{ x }}"}))
    {"name": "\\u003c/script\\u003e\\u007b\\u007b x \\u007d\\u007d"}
    """
    pieces = re.split(r'("(?:[^"\\]|\\.)*")', json.dumps(value, ensure_ascii=True, allow_nan=False))
    return "".join(_escaped(piece) if piece.startswith('"') else piece for piece in pieces)


def _escaped(literal: str) -> str:
    return IN_SCRIPTS.sub(lambda sign: f"\\u{ord(sign.group()):04x}", literal)


def plain(value: object) -> str:
    """Return a text that Streamlit's Markdown shows letter by letter: no links, pictures, colours or formulas.

    >>> plain("![x](http://h/p.png) :red[y]")
    '\\\\!\\\\[x\\\\]\\\\(http\\\\:\\\\/\\\\/h\\\\/p\\\\.png\\\\) \\\\:red\\\\[y\\\\]'
    """
    return MARKDOWN.sub(r"\\\1", " ".join(str("" if value is None else value).split()))


def safe_table(titles: Iterable[str], rows: Iterable[Iterable[str]], *, style: str) -> str:
    """Return an HTML table of a style class with every title and value made safe.

    >>> safe_table(["a"], [["<b>"]], style="x")
    "<table class='x'><thead><tr><th>a</th></tr></thead><tbody><tr><td>&lt;b&gt;</td></tr></tbody></table>"
    """
    body = "".join(f"<tr>{_cells('td', row)}</tr>" for row in rows)
    head = f"<thead><tr>{_cells('th', titles)}</tr></thead>"
    return f"<table class='{safe_text(style)}'>{head}<tbody>{body}</tbody></table>"


class Entry(NamedTuple):
    """One thing in a cell of a grid: the codes of its look, what it says when pointed at, and its lines."""

    look: str
    hint: str
    lines: tuple[str, ...]


def safe_grid(
    titles: Sequence[str], rows: Mapping[str, Sequence[Sequence[Entry]]], *, style: str, marked: int | None = None
) -> str:
    """Return an HTML table of things under titles, every text made safe; the first title is that of the rows' names.

    rows: by name, one sequence of entries a title; marked: the title that stands out. A cell names its title too.

    >>> print(safe_grid(["a", "b"], {"x": [[Entry("y", "<h>", ("<1>",))]]}, style="z").partition("<tbody>")[2])
    <tr><th>x</th><td data-title='b'><span class='y' title='&lt;h&gt;'>&lt;1&gt;</span></td></tr></tbody></table>
    """
    head = "".join(
        f"<th class='now'>{safe_text(one)}</th>" if at == marked else f"<th>{safe_text(one)}</th>"
        for at, one in enumerate(titles)
    )
    body = "".join(f"<tr>{_cells('th', [name])}{_filled(titles[1:], cells)}</tr>" for name, cells in rows.items())
    return f"<table class='{safe_text(style)}'><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _filled(titles: Sequence[str], cells: Sequence[Sequence[Entry]]) -> str:
    return "".join(
        f"<td data-title='{safe_text(title)}'>{''.join(map(_entry, entries))}</td>"
        for title, entries in zip(titles, cells, strict=True)
    )


def _entry(one: Entry) -> str:
    lines = "<br>".join(map(safe_text, one.lines))
    return f"<span class='{safe_text(one.look)}' title='{safe_text(one.hint)}'>{lines}</span>"


def _cells(tag: str, values: Iterable[str]) -> str:
    return "".join(f"<{tag}>{safe_text(value)}</{tag}>" for value in values)
