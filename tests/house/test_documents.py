"""The documents say what there is: every setting, command, page and table, in both languages where people read them."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from geo.cli import app
from geo.settings import Settings
from tests.house.dictionary import TARGET, dictionary
from tests.house.sources import ROOT, files

DOCS = ROOT / "docs"
NO_PAGE = {"navigation"}
HOME = "neighbourhood_map"
GUIDES = ("organiser", "planner", "leader", "station-staff", "building-head", "administrator")
IN_BOTH = (*(f"guide-{reader}.md" for reader in GUIDES), "architecture.md")


def _commands(command: object, path: str) -> Iterator[tuple[str, list[str]]]:
    if isinstance(command, TyperGroup):
        for name, part in command.commands.items():
            yield from _commands(part, f"{path} {name}")
    else:
        parameters = command.params  # type: ignore[attr-defined]
        yield path, [option for one in parameters for option in one.opts if option.startswith("--")]


def _pages() -> list[str]:
    found = [re.fullmatch(r"pages/([a-z]\w*)\.py", name) for name in files()]
    pages = {match[1] for match in found if match} - NO_PAGE
    return sorted("" if page == HOME else page for page in pages)


def test_the_data_dictionary_is_up_to_date() -> None:
    assert TARGET.read_text(encoding="utf-8") == dictionary(), "run: python -m tests.house.dictionary"


def test_every_setting_is_documented() -> None:
    document = (DOCS / "settings.md").read_text(encoding="utf-8")
    names = [str(field.validation_alias or f"YIZHAN_{name.upper()}") for name, field in Settings.model_fields.items()]
    assert len(names) > 5
    assert not [name for name in names if f"`{name}`" not in document]


def test_no_setting_is_documented_that_is_not_there() -> None:
    names = {str(field.validation_alias or f"YIZHAN_{name.upper()}") for name, field in Settings.model_fields.items()}
    names |= set(re.findall(r"YIZHAN_[A-Z_]+", (ROOT / "Makefile").read_text(encoding="utf-8")))
    document = (DOCS / "settings.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\|\s*`([A-Z][A-Z_]+)`", document, re.MULTILINE)) <= names


def test_every_command_and_option_is_documented() -> None:
    document = (DOCS / "command-line.md").read_text(encoding="utf-8")
    commands = list(_commands(get_command(app), "yizhan"))
    lacking = [path for path, _options in commands if path not in document]
    lacking += [f"{path} {one}" for path, options in commands for one in options if one not in document]
    assert len(commands) > 5
    assert not lacking


@pytest.mark.parametrize("folder", [DOCS, DOCS / "zh"], ids=["English", "Chinese"])
def test_every_page_is_in_a_guide(folder: Path) -> None:
    guides = "".join(path.read_text(encoding="utf-8") for path in folder.glob("guide-*.md"))
    pages = _pages()
    assert pages
    assert not [page for page in pages if f"`/{page}`" not in guides]


def test_no_guide_speaks_of_a_page_that_is_not_there() -> None:
    guides = "".join(path.read_text(encoding="utf-8") for path in DOCS.rglob("guide-*.md"))
    assert set(re.findall(r"`/(\w*)`", guides)) <= set(_pages())


@pytest.mark.parametrize("name", IN_BOTH)
def test_a_document_is_there_in_both_languages(name: str) -> None:
    english, chinese = (path.read_text(encoding="utf-8") for path in (DOCS / name, DOCS / "zh" / name))
    assert not re.search(r"[\u4e00-\u9fff]{12}", english)
    assert len(re.findall(r"[\u4e00-\u9fff]", chinese)) > 200
    assert len(re.findall(r"^#", english, re.MULTILINE)) == len(re.findall(r"^#", chinese, re.MULTILINE))


@pytest.mark.parametrize("folder", [DOCS, DOCS / "zh"], ids=["English", "Chinese"])
def test_the_architecture_names_every_room(folder: Path) -> None:
    document = (folder / "architecture.md").read_text(encoding="utf-8")
    rooms = {name.split("/")[1] for name in files() if re.fullmatch(r"geo/\w+/.+", name)} - {"locale"}
    assert len(rooms) > 5
    assert not [room for room in sorted(rooms) if f"`geo/{room}`" not in document]


def test_links_between_documents_lead_somewhere() -> None:
    broken = [
        f"{path.relative_to(ROOT)}: {target}"
        for path in [ROOT / "README.md", ROOT / "CHANGELOG.md", *DOCS.rglob("*.md")]
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        if "://" not in target and not (path.parent / target).exists()
    ]
    assert not broken


def test_the_readme_says_how_to_begin_and_shows_the_map() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert "make run" in readme
    assert "make test" in readme
    assert "docs/screenshots/map.png" in readme
    assert (DOCS / "screenshots" / "map.png").stat().st_size > 50_000


def test_the_change_log_knows_this_version() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
