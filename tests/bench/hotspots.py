"""Hotspots in CPU seconds of one process: cells, Gi* and trends beside esda, h3 and pymannkendall; scans beside numpy."""

from collections.abc import Iterator
from importlib import import_module

from tests.bench.case import Case

PARTS: tuple[str, ...] = ()


def cases(buildings: int) -> Iterator[Case]:
    """Measure every part."""
    for name in PARTS:
        yield from import_module(name).cases(buildings)
