"""Gather every text of the product, carry the Chinese catalogue along, compile it: python -m geo.locale.build."""

import ast
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from geo.errors import STATUS
from geo.i18n import LOCALE_DIR
from geo.settings import ROOT

PROJECT = "Yizhan"
DOMAIN = "yizhan"
TRANSLATED = "zh_CN"
TEMPLATE = LOCALE_DIR / f"{DOMAIN}.pot"
CATALOGUE = LOCALE_DIR / TRANSLATED / "LC_MESSAGES" / f"{DOMAIN}.po"
COMPILED = CATALOGUE.with_suffix(".mo")
PLACES = ("app.py", "pages", "geo", "data")
MARKS = {"_": 0, "N_": 0, "progress": 1} | {error.__name__: 0 for error in STATUS}
"""The functions that take a msgid, and as which argument."""
MADE_ON = datetime(2026, 1, 1, tzinfo=UTC)
"""One date for all builds, so that building twice changes nothing."""


def sources(root: Path = ROOT) -> Iterator[Path]:
    """Yield the Python files whose texts a person may see."""
    for place in PLACES:
        path = root / place
        yield from sorted(path.rglob("*.py")) if path.is_dir() else filter(Path.exists, [path])


def template(root: Path = ROOT) -> Catalog:
    """Return the catalogue of all marked msgids, sorted, each with the files it is in."""
    found: dict[str, set[str]] = {}
    for path in sources(root):
        for text in marked(path.read_text(encoding="utf-8")):
            found.setdefault(text, set()).add(path.relative_to(root).as_posix())
    catalogue = _empty(None)
    for text in sorted(found):
        catalogue.add(text, locations=[(name, 0) for name in sorted(found[text])])
    return catalogue


def marked(program: str) -> Iterator[str]:
    """Yield the msgids marked in a Python program.

    >>> list(marked("x = _('{count} doors', count=len(doors)); raise NotFound(message)"))
    ['{count} doors']
    """
    for call in ast.walk(ast.parse(program)):
        if isinstance(call, ast.Call):
            name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
            place = MARKS.get(name, len(call.args))
            yield from _texts(call.args[place]) if place < len(call.args) else ()


def _texts(argument: ast.expr) -> Iterator[str]:
    if isinstance(argument, ast.IfExp):
        yield from (*_texts(argument.body), *_texts(argument.orelse))
    elif isinstance(argument, ast.Constant) and isinstance(argument.value, str) and argument.value:
        yield argument.value


def carried_along(new: Catalog, old: Catalog) -> Catalog:
    """Return the translated catalogue for the new template: known texts kept, new ones empty, gone ones dropped."""
    catalogue = _empty(TRANSLATED)
    for message in new:
        if message.id:
            known = old.get(message.id)
            catalogue.add(message.id, known.string if known else "", locations=message.locations)
    return catalogue


def missing(catalogue: Catalog) -> list[str]:
    """Return the msgids without a translation."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def write(catalogue: Catalog, path: Path) -> None:
    """Write a template or catalogue as text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_output=True, include_lineno=False)


def read(path: Path, locale: str | None = None) -> Catalog:
    """Read a template or catalogue; an empty one when there is no file."""
    if not path.exists():
        return _empty(locale)
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def build() -> list[str]:
    """Write template, catalogue and compiled catalogue; return the msgids that still lack a translation."""
    new = template()
    catalogue = carried_along(new, read(CATALOGUE, TRANSLATED))
    write(new, TEMPLATE)
    write(catalogue, CATALOGUE)
    with COMPILED.open("wb") as file:
        write_mo(file, catalogue)
    return missing(catalogue)


def _empty(locale: str | None) -> Catalog:
    us = f"The {PROJECT} project"
    return Catalog(
        locale=locale,
        domain=DOMAIN,
        project=PROJECT,
        version="0.1",
        copyright_holder=us,
        msgid_bugs_address=us,
        last_translator=us,
        language_team=us,
        creation_date=MADE_ON,
        revision_date=MADE_ON,
        fuzzy=False,
        header_comment=f"# Texts of {PROJECT}.",
    )


if __name__ == "__main__":
    untranslated = build()
    sys.stdout.write("".join(f"no translation: {text}\n" for text in untranslated))
    sys.exit(bool(untranslated))
