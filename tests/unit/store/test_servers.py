import os
import pwd
from pathlib import Path
from types import SimpleNamespace

import pytest

from geo.errors import StoreUnavailable
from geo.store import servers


def install(root: Path, major: int, *, postgis: bool) -> None:
    programs = root / "lib" / str(major) / "bin"
    programs.mkdir(parents=True)
    (programs / "initdb").touch()
    extension = root / "share" / str(major) / "extension"
    extension.mkdir(parents=True)
    if postgis:
        (extension / "postgis.control").touch()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(servers, "DEBIAN_PROGRAMS", tmp_path / "lib")
    monkeypatch.setattr(servers, "DEBIAN_SHARE", tmp_path / "share")
    monkeypatch.setattr("shutil.which", lambda _name: None)
    return tmp_path


def test_the_newest_major_that_has_postgis_is_chosen(machine: Path) -> None:
    install(machine, 9, postgis=True)
    install(machine, 15, postgis=True)
    install(machine, 17, postgis=False)
    assert servers.choose().major == 15
    assert [programs.major for programs in servers.installed()] == [15, 9]


def test_the_major_that_made_the_data_is_kept(machine: Path) -> None:
    install(machine, 15, postgis=True)
    install(machine, 17, postgis=True)
    assert servers.choose(15).path("pg_ctl") == str(machine / "lib" / "15" / "bin" / "pg_ctl")


def test_a_machine_without_postgis_is_told_what_to_install(machine: Path) -> None:
    install(machine, 15, postgis=False)
    with pytest.raises(StoreUnavailable, match="apt install postgresql-postgis"):
        servers.choose()


def test_data_of_a_major_that_is_gone_is_told_what_to_install(machine: Path) -> None:
    install(machine, 17, postgis=True)
    with pytest.raises(StoreUnavailable, match="apt install postgresql-15-postgis-3"):
        servers.choose(15)


def test_programs_outside_debian_are_found_through_pg_config(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(machine, 16, postgis=True)
    config = machine / "pg_config"
    folders = f"--bindir) echo {machine}/lib/16/bin;; --sharedir) echo {machine}/share/16;;"
    config.write_text(f"#!/bin/sh\ncase $1 in {folders} --version) echo PostgreSQL 16.2;; esac\n")
    config.chmod(0o755)
    monkeypatch.setattr(servers, "DEBIAN_PROGRAMS", machine / "nowhere")
    monkeypatch.setattr("shutil.which", lambda _name: str(config))
    assert servers.choose() == servers.Programs(machine / "lib" / "16" / "bin", 16)


def test_a_normal_user_runs_the_server_as_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr("os.geteuid", lambda: nobody.pw_uid)
    assert servers.server_user(tmp_path / "not_yet").name == "nobody"


def test_root_runs_the_server_as_postgres(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert servers.server_user(tmp_path / "not_yet").name == "postgres"


def test_root_keeps_the_user_who_made_the_files(monkeypatch: pytest.MonkeyPatch) -> None:
    nobody = pwd.getpwnam("nobody")
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr(Path, "exists", lambda _path: True)
    monkeypatch.setattr(Path, "stat", lambda _path: SimpleNamespace(st_uid=nobody.pw_uid))
    assert servers.server_user(Path("/made/before")).name == "nobody"


def test_files_of_another_user_are_refused_to_a_normal_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(StoreUnavailable, match="belong to another user"):
        servers.server_user(tmp_path)


def test_a_program_runs_from_the_root_folder_with_a_plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGDATABASE", "somewhere_else")
    me = servers.ServerUser("me", os.geteuid(), os.getegid(), Path("/"))
    told = servers.run_as(me, ["sh", "-c", "pwd; echo ${PGDATABASE:-plain}; umask"])
    assert told.stdout.split() == ["/", "plain", "0077"]
