"""Where a job keeps its files and its log, and when they are thrown away."""

import shutil
import time
from pathlib import Path

from geo.settings import settings

KEEP_DAYS = 14
DAY_S = 86_400


def job_folder(job_id: int) -> Path:
    """Return the folder of a job's own files, made when it is not there, readable by this user only."""
    folder = settings().state_dir / "jobs" / str(job_id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder


def log_file(job_id: int) -> Path:
    """Return the file a job's process writes its log to."""
    folder = settings().state_dir / "logs"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder / f"job-{job_id}.log"


def throw_away_old(now_s: float | None = None) -> int:
    """Remove folders and logs of jobs untouched for 14 days; return how many."""
    limit = (time.time() if now_s is None else now_s) - KEEP_DAYS * DAY_S
    state = settings().state_dir
    old = [path for path in (*state.glob("jobs/*"), *state.glob("logs/job-*.log")) if path.stat().st_mtime < limit]
    for path in old:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(old)
