"""Folders and logs of jobs."""

import os
import time

import pytest

from geo.jobs.folders import job_folder, log_file, throw_away_old


def test_a_job_folder_is_for_this_user_only() -> None:
    assert job_folder(1).stat().st_mode & 0o077 == 0


def test_folders_and_logs_are_thrown_away_after_two_weeks_and_not_before() -> None:
    folder = job_folder(7_001)
    (folder / "result.csv").write_text("a")
    log_file(7_001).write_text("log")
    kept = job_folder(7_002)
    old = time.time() - 15 * 86_400
    for path in (folder, log_file(7_001)):
        os.utime(path, (old, old))
    assert throw_away_old() == 2
    assert not folder.exists()
    assert not log_file(7_001).exists()
    assert kept.exists()


def test_an_empty_state_folder_has_nothing_to_throw_away(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    from geo.settings import settings

    monkeypatch.setenv("YIZHAN_STATE_DIR", str(tmp_path / "new"))
    settings.cache_clear()
    assert throw_away_old() == 0
    monkeypatch.undo()
    settings.cache_clear()
