"""Hotspots in CPU seconds of one process, beside esda, h3, pymannkendall, and scans beside plain numpy."""

from collections.abc import Iterator
from importlib import import_module

from tests.bench.case import Case

PARTS = ("tests.bench.hotspots_cells", "tests.bench.hotspots_page", "tests.bench.hotspots_scan")


def cases(buildings: int) -> Iterator[Case]:
    """Measure every part."""
    for name in PARTS:
        yield from import_module(name).cases(buildings)
