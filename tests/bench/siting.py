"""Siting: medians and centres, then coverage."""

from collections.abc import Iterator

from tests.bench import siting_covers, siting_medians
from tests.bench.case import Case


def cases(buildings: int) -> Iterator[Case]:
    """Measure both parts."""
    yield from siting_medians.cases(buildings)
    yield from siting_covers.cases(buildings)
