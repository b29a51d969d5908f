"""Tasks that the tests of jobs run in real processes, and the worker program that knows them."""

import ctypes
import sys
import time
from pathlib import Path
from typing import Any

from sqlalchemy import text

from geo.errors import BadInput
from geo.jobs import kinds, worker
from geo.jobs.context import JobContext
from geo.store.session import writing

KINDS = {
    name: f"job_tasks:{name}"
    for name in ("count", "nap", "deaf", "hog", "greedy", "refuse", "stumble", "whoami", "long_query", "busy", "spill")
}


def count(context: JobContext, *, to: int, pause_s: float = 0.0) -> dict[str, Any]:
    for step in range(to):
        context.progress(step / to, "step {step} of {to}", step=step, to=to)
        context.best({"step": step})
        context.wait(pause_s)
    return {"counted": to, "folder": context.folder}


def nap(context: JobContext, *, seconds: float) -> dict[str, Any]:
    context.progress(0.5, "sleeping")
    context.best({"dream": 1})
    context.wait(seconds)
    return {}


def deaf(_context: JobContext, *, seconds: float) -> dict[str, Any]:
    """Holds the interpreter lock, so that not even the heartbeat gets through."""
    ctypes.PyDLL(None).sleep(int(seconds))
    return {}


def hog(context: JobContext, *, mb: int) -> dict[str, Any]:
    held = []
    for _step in range(mb // 10):
        held.append(bytearray(10 * 1024 * 1024))
        context.wait(0.01)
    return {"held": len(held)}


def greedy(_context: JobContext, *, mb: int) -> dict[str, Any]:
    return {"held": len(bytearray(mb * 1024 * 1024))}


def refuse(_context: JobContext) -> dict[str, Any]:
    message = "{file}: row {row} has no geometry"
    raise BadInput(message, file="a.csv", row=3)


def stumble(_context: JobContext) -> dict[str, Any]:
    return {"never": 1 // 0}


def whoami(context: JobContext) -> dict[str, Any]:
    with writing(context.actor) as session:
        name = session.scalar(text("SELECT current_setting('app.user_name')"))
        role = session.scalar(text("SELECT current_user"))
    return {"name": name, "role": role}


def long_query(context: JobContext, *, seconds: int) -> dict[str, Any]:
    with writing(context.actor) as session:
        session.execute(
            text(
                "INSERT INTO import_run (kind, file_name, sha256, actor, options, evidence, counts) VALUES "
                "('areas', 'half.csv', '', :actor, '{}', '{}', '{}')"
            ),
            {"actor": context.actor.name},
        )
        context.progress(0.5, "in the database")
        session.execute(text("SELECT pg_sleep(:seconds)"), {"seconds": seconds})
    return {}


def busy(context: JobContext) -> dict[str, Any]:
    with writing(context.actor) as session:
        session.execute(text("SET LOCAL lock_timeout = '200ms'"))
        session.execute(text("LOCK TABLE city IN ACCESS EXCLUSIVE MODE"))
        time.sleep(0)
    return {}


def spill(_context: JobContext) -> dict[str, Any]:
    """Writes to a disk that is always full."""
    with Path("/dev/full").open("w") as full:
        full.write("x" * 100_000)
    return {}


if __name__ == "__main__":
    kinds.KINDS.update(KINDS)
    sys.exit(worker.main(sys.argv[1:]))
