"""CPU seconds of a piece of work, in this process and in those it starts."""

from collections.abc import Callable
from resource import RUSAGE_CHILDREN, getrusage
from time import process_time
from typing import TypeVar

Result = TypeVar("Result")


def cpu(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the CPU seconds of this process for some work, and its result."""
    began = process_time()
    result = work()
    return process_time() - began, result


def cpu_with_children(work: Callable[[], Result]) -> tuple[float, Result]:
    """Return the CPU seconds for some work, those of ended child processes included, and its result."""
    before = getrusage(RUSAGE_CHILDREN)
    taken, result = cpu(work)
    after = getrusage(RUSAGE_CHILDREN)
    return taken + after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, result
