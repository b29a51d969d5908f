from pathlib import Path

import pytest

from geo.errors import NoRoom
from geo.store import disk


def free(monkeypatch: pytest.MonkeyPatch, megabytes: int) -> None:
    monkeypatch.setattr(disk, "free_bytes", lambda _path: megabytes * disk.MB)


def test_an_import_needs_three_times_its_size(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 300)
    disk.require_free_space(tmp_path, 100 * disk.MB)
    with pytest.raises(NoRoom, match=r"300 MB are free, this import needs 304 MB"):
        disk.require_free_space(tmp_path, 101 * disk.MB)


def test_room_is_measured_where_a_folder_will_be_made(tmp_path: Path) -> None:
    assert disk.free_bytes(tmp_path / "not" / "yet") == pytest.approx(disk.free_bytes(tmp_path), rel=0.1)


def test_ballast_takes_real_room_and_is_made_once(tmp_path: Path) -> None:
    ballast = tmp_path / "ballast"
    assert disk.keep_ballast(ballast, 1)
    assert ballast.stat().st_blocks * 512 >= disk.MB
    made = ballast.stat().st_mtime_ns
    assert disk.keep_ballast(ballast, 1)
    assert ballast.stat().st_mtime_ns == made


def test_ballast_follows_its_setting(tmp_path: Path) -> None:
    ballast = tmp_path / "ballast"
    disk.keep_ballast(ballast, 2)
    disk.keep_ballast(ballast, 1)
    assert ballast.stat().st_size == disk.MB
    assert not disk.keep_ballast(ballast, 0)
    assert not ballast.exists()


def test_no_ballast_is_made_on_a_nearly_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free(monkeypatch, 3)
    assert not disk.keep_ballast(tmp_path / "ballast", 1)


def test_ballast_is_given_up_only_when_the_disk_is_low(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ballast = tmp_path / "ballast"
    disk.keep_ballast(ballast, 1)
    free(monkeypatch, 64)
    assert not disk.give_up_ballast(ballast, low_mb=64)
    free(monkeypatch, 63)
    assert disk.give_up_ballast(ballast, low_mb=64)
    assert not ballast.exists()
    assert not disk.give_up_ballast(ballast, low_mb=64)
