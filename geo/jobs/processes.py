"""The processes of jobs, seen and ended by pid and start time, so that a reused pid is never taken for a worker."""

import subprocess
import sys
from collections.abc import Sequence

import psutil

from geo.jobs.folders import log_file
from geo.settings import ROOT

WORKER = (sys.executable, "-m", "geo.jobs.worker")
MB = 1024 * 1024
SAME_START_S = 0.05

_children: dict[int, subprocess.Popen[bytes]] = {}
"""The workers this process started, by pid: kept until they ended, so that their exit codes are known."""


def start(job_id: int, worker: Sequence[str] = WORKER) -> int:
    """Start the process of a job in a session of its own, where it lives on when the server stops; return its pid."""
    with log_file(job_id).open("ab") as log:
        child = subprocess.Popen(
            [*worker, str(job_id)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    _children[child.pid] = child
    return child.pid


def is_ours(pid: int | None) -> bool:
    """Tell whether this process started the worker."""
    return pid in _children


def exit_code(pid: int | None) -> int | None:
    """Return how our own worker ended, minus the signal that killed it; None while it runs or if others started it."""
    child = _children.get(pid) if pid is not None else None
    return child.poll() if child is not None else None


def unended(pid: int) -> psutil.Process | None:
    """Return our own worker until its exit code is known: a killed one may look gone while its threads still end."""
    return psutil.Process(pid) if exit_code(pid) is None else None


def forget_ended(*, but: set[int]) -> None:
    """Forget our workers that have ended, but not those given."""
    for pid in [pid for pid in _children if pid not in but and exit_code(pid) is not None]:
        del _children[pid]


def started_at(pid: int) -> float:
    """Return when a process was started, in seconds since 1970."""
    return float(psutil.Process(pid).create_time())


def find(pid: int | None, pid_started: float | None) -> psutil.Process | None:
    """Return the living process with this pid and start time, None when it is gone or only its shell is left."""
    if pid is None or pid_started is None:
        return None
    try:
        process = psutil.Process(pid)
        same = abs(process.create_time() - pid_started) < SAME_START_S
        return process if same and process.status() != psutil.STATUS_ZOMBIE else None
    except psutil.NoSuchProcess:
        return None


def memory_mb(process: psutil.Process) -> float:
    """Return the resident memory of a process and its children, in MB; 0 when it is gone."""
    total = 0
    for member in _family(process):
        try:
            total += member.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total / MB


def end(process: psutil.Process) -> None:
    """Kill a process with its children and wait until they are gone."""
    family = _family(process)
    for member in family:
        try:
            member.kill()
        except psutil.NoSuchProcess:
            continue
    psutil.wait_procs(family, timeout=5)


def _family(process: psutil.Process) -> list[psutil.Process]:
    try:
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return [process]
