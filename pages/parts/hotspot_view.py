"""What a view of the hotspots page consists of."""

from collections.abc import Callable
from dataclasses import dataclass, field

from geo.maps.cells import Cells

Choose = Callable[[int | None], None]
Figure = tuple[str, str]


def _nothing() -> None:
    """Show nothing."""


@dataclass(frozen=True)
class View:
    """What a view shows: cells of the map, figures, and functions that fill panel and table.

    exact: numbers are told as they are; size: why hexagons are as wide as they are; left_out: requests by reason.
    """

    cells: Cells | None
    figures: tuple[Figure, ...]
    panel: Callable[[Choose], None]
    table: Callable[[], None] = field(default=_nothing)
    exact: bool = True
    size: str = ""
    left_out: dict[str, int] = field(default_factory=dict)
