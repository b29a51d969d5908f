"""The command line on a real database, and the server as its own process."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from geo.cli import run
from geo.jobs import runner
from geo.settings import ROOT
from geo.store import session
from geo.store.cluster import Cluster
from geo.store.metadata import all_tables

PROGRAM = (sys.executable, "-c", "from geo.cli import main; main()")
PATIENCE_S = 90

Shown = pytest.CaptureFixture[str]


def count(table: str) -> int:
    with session.connect(session.owner_engine()) as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def owner(statement: str) -> None:
    with session.connect(session.owner_engine()) as connection, connection.begin():
        connection.execute(text(statement))


@pytest.mark.usefixtures("clean_store")
def test_a_demo_city_is_loaded_kept_and_replaced_only_when_told(capsys: Shown) -> None:
    assert run(["demo", "--size", "small", "--buildings", "120"]) == 0
    shown = capsys.readouterr()
    assert "The demo city is there: 1" in shown.out
    assert "100%  The demo city is ready: 1" in shown.err
    before = count("building")
    assert run(["demo", "--size", "small"]) == 1
    assert "--replace" in capsys.readouterr().err
    assert run(["demo", "--size", "small", "--buildings", "150", "--replace"]) == 0
    assert count("building") > before


@pytest.mark.usefixtures("clean_store")
def test_jobs_are_listed_with_what_went_wrong_and_cancelled(capsys: Shown) -> None:
    assert run(["jobs", "list"]) == 0
    assert "No job has been handed in yet" in capsys.readouterr().out
    assert run(["demo", "--size", "enormous"]) == 1
    actor = runner.Actor("operator")
    waiting = runner.submit(actor, "demo", {"size": "small", "seed": 1})
    capsys.readouterr()
    assert run(["jobs", "cancel", str(waiting)]) == 0
    assert "cancelled" in capsys.readouterr().out
    assert run(["jobs", "list"]) == 0
    listed = capsys.readouterr().out
    assert "enormous" in listed
    assert run(["jobs", "list", "--json"]) == 0
    assert [job["status"] for job in json.loads(capsys.readouterr().out)] == ["cancelled", "failed"]
    assert run(["jobs", "cancel", "999"]) == 1


@pytest.mark.usefixtures("clean_store")
def test_a_backup_is_written_and_restored_with_its_proof_after_asking(
    tmp_path: Path, capsys: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = str(tmp_path / "city.yizhan")
    owner("INSERT INTO area (level, code, name) VALUES ('city', '3715', '聊城')")
    assert run(["db", "backup", file]) == 0
    assert "tables" in capsys.readouterr().out
    assert run(["db", "restore", file]) == 1
    assert "--replace" in capsys.readouterr().err
    owner("UPDATE area SET name = 'later'")
    read, write = os.pipe()
    os.write(write, b"n\n")
    os.close(write)
    with os.fdopen(read) as answer:
        monkeypatch.setattr(sys, "stdin", answer)
        assert run(["db", "restore", file, "--replace"]) == 130
    assert run(["db", "restore", file, "--replace", "--yes"]) == 0
    tables = len(all_tables().tables) + len({"alembic_version"})
    assert f"Restored: {tables} tables are equal" in capsys.readouterr().out
    with session.connect(session.owner_engine()) as connection:
        assert connection.scalar(text("SELECT name FROM area")) == "聊城"


@pytest.mark.usefixtures("clean_store")
def test_check_finds_a_table_without_policy_and_tables_that_are_behind(capsys: Shown) -> None:
    assert run(["check", "--json"]) in {0, 1}
    lines = {line["code"]: line["state"] for line in json.loads(capsys.readouterr().out)}
    assert (lines["store"], lines["tables"], lines["policies"]) == ("ok", "ok", "ok")
    owner("CREATE TABLE loose (community_id bigint); ALTER TABLE compound DISABLE ROW LEVEL SECURITY")
    owner("UPDATE alembic_version SET version_num = 'older'")
    assert run(["check"]) == 1
    shown = capsys.readouterr().out
    assert "wrong: Row security is missing on compound, loose" in shown
    assert "wrong: The tables are at version older" in shown
    assert "yizhan db migrate" in shown


@pytest.mark.usefixtures("clean_store")
def test_status_tells_where_the_database_is_without_a_password(capsys: Shown) -> None:
    assert run(["db", "status", "--json"]) == 0
    about = json.loads(capsys.readouterr().out)
    assert about["running"] is True
    assert about["tables"] == about["program"]
    assert "password" not in json.dumps(about)


@pytest.fixture
def serve(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., "subprocess.Popen[str]"]]:
    """Start the server as a person does, in a state folder of its own."""
    monkeypatch.setenv("YIZHAN_STATE_DIR", str(folder / "state"))
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str) -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [*PROGRAM, "serve", *arguments], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()
    Cluster(folder / "state", durable=False).remove()


def address_of(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    line = process.stdout.readline()
    while line and "http://" not in line:
        line = process.stdout.readline()
    return line.split("http://")[1].split()[0]


def test_the_server_takes_the_next_free_port_says_where_it_is_and_stops_its_database(
    serve: Callable[..., "subprocess.Popen[str]"], folder: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]
        process = serve("--port", str(port))
        address = address_of(process)
    assert address != f"127.0.0.1:{port}"
    with urllib.request.urlopen(f"http://{address}/", timeout=30) as answer:
        assert answer.status == 200
    cluster = Cluster(folder / "state", durable=False)
    assert cluster.status().ready
    process.send_signal(signal.SIGTERM)
    _out, errors = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert "have stopped" in errors
    assert "Traceback" not in errors
    assert not cluster.status().running


def test_a_database_that_ran_before_is_left_running_with_its_jobs(
    serve: Callable[..., "subprocess.Popen[str]"], folder: Path
) -> None:
    cluster = Cluster(folder / "state", durable=False)
    cluster.ensure_running()
    process = serve("--port", "0")
    address_of(process)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 0
    assert cluster.status().ready


def test_a_server_that_stops_its_database_says_so_to_the_running_job(
    serve: Callable[..., "subprocess.Popen[str]"], folder: Path
) -> None:
    process = serve("--port", "0")
    address_of(process)
    cluster = Cluster(folder / "state", durable=False)
    with cluster.superuser("yizhan") as connection:
        connection.execute(
            "INSERT INTO job (kind, actor, params) VALUES ('demo', 'operator', %s)",
            ['{"size": "metro", "seed": 1}'],
        )
        until = time.monotonic() + PATIENCE_S
        while connection.execute("SELECT status, progress > 0 FROM job").fetchone() != ("running", True):
            assert time.monotonic() < until
            time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE_S)
    cluster.ensure_running()
    with cluster.superuser("yizhan") as connection:
        row = connection.execute("SELECT status, error ->> 'msgid' FROM job").fetchone()
        assert row is not None
        assert row[0] == "lost"
        assert "server was stopped" in row[1]
        assert connection.execute("SELECT count(*) FROM city").fetchone() == (0,)
