"""The command line where no database is needed: use, exit codes, language, output."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from geo.cli import run, serving, showing
from geo.errors import StoreUnavailable
from geo.i18n import use_language
from geo.settings import settings


@pytest.fixture(autouse=True)
def plain_settings(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("LANG", "C.UTF-8")
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()
    use_language("en")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["frob"], 2, "No such command 'frob'"),
        (["serve", "--demo", "huge"], 2, "'huge' is not one of 'none', 'small', 'city', 'metro'"),
        (["import", "sheds", "a.csv", "--datum", "wgs84"], 2, "sheds is not something that can be imported"),
        (["import", "buildings", "a.csv"], 2, "add --datum"),
        (["import", "posts", "a.xlsx"], 1, "a.xlsx is not a file"),
        (["import", "buildings", "a.csv", "--datum", "wgs84", "--map", "number"], 2, "not number"),
        (["import", "buildings", "a.csv", "--datum", "wgs84"], 1, "a.csv is not a file"),
        (["import", "undo", "seven"], 2, "seven is not the number of an import"),
        (["export", "all", "--out", "nowhere/a.gpkg"], 1, "a folder that exists"),
        (["db", "restore", "missing.yizhan", "--frob"], 2, "No such option: --frob"),
    ],
)
def test_wrong_use_leaves_with_its_code_and_one_line_on_stderr(
    arguments: list[str], code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == code
    shown = capsys.readouterr()
    assert said in shown.err
    assert "Traceback" not in shown.err
    assert len(shown.err.splitlines()) <= 1


def test_every_command_has_a_help_and_leaves_well(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ("", "serve", "demo", "import", "export", "check", "db restore", "jobs list"):
        assert run([*command.split(), "--help"]) == 0
        assert "Usage: yizhan" in capsys.readouterr().out


def test_a_group_without_a_command_shows_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["db"]) == 2
    assert capsys.readouterr().err.startswith("Usage: yizhan db")


def test_the_command_line_speaks_the_language_of_lang(
    plain_settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain_settings.setenv("LANG", "zh_CN.UTF-8")
    settings.cache_clear()
    assert run(["--help"]) == 0
    assert "数据库" in capsys.readouterr().out
    assert run(["import", "buildings", "a.csv", "--datum", "wgs84"]) == 1
    assert "a.csv is not a file" not in capsys.readouterr().err


def test_a_wrong_setting_is_named_with_what_is_allowed(
    plain_settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain_settings.setenv("YIZHAN_PORT", "eighty")
    settings.cache_clear()
    assert run(["check"]) == 2
    assert "YIZHAN_PORT cannot be used: Input should be a valid integer" in capsys.readouterr().err


def test_a_foreign_database_is_not_stopped(
    plain_settings: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plain_settings.setenv("DATABASE_URL", "postgresql://someone:secret@127.0.0.1:1/nothing")
    settings.cache_clear()
    assert run(["db", "stop"]) == 2
    assert "not this program's to stop" in capsys.readouterr().err


def test_without_a_running_database_status_and_check_say_how_to_start_it(
    plain_settings: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    plain_settings.setenv("YIZHAN_STATE_DIR", str(tmp_path))
    settings.cache_clear()
    assert run(["db", "status"]) == 1
    assert "yizhan db start" in capsys.readouterr().out
    assert run(["check", "--json"]) == 1
    lines = {line["code"]: line for line in json.loads(capsys.readouterr().out)}
    assert lines["store"]["state"] == "fail"
    assert "yizhan db start" in lines["store"]["text"]
    assert {"disk", "ballast", "assets", "fonts", "texts"} <= lines.keys()


def test_columns_line_up_where_characters_are_wide() -> None:
    shown = showing.table(["name", "n"], [["楼栋", 1], ["building", 22]]).splitlines()
    assert {showing.width(line[: line.rindex(" ") + 1]) for line in shown} == {10}


def test_the_next_free_port_is_taken_when_one_is_busy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        with serving.free_socket("127.0.0.1", port) as found:
            assert port < found.getsockname()[1] < port + serving.PORTS_TRIED


def test_an_address_of_another_machine_cannot_be_listened_on() -> None:
    with pytest.raises(StoreUnavailable, match="No port from 8501 on"):
        serving.free_socket("192.0.2.1", 8501)
