"""Cells over the map: hexagons or outlines with a class each, words for who points at one, a legend of their own."""

from dataclasses import dataclass
from typing import Any

from geo.i18n import _
from geo.maps.legend import Style, described

PLACES = 5
"""Digits of a degree that are sent: about a metre."""

Ring = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Cell:
    """One cell: its number, class and middle in degrees (EPSG:4326); words of the hover, line by line.

    rings: its outline where it is no hexagon.
    """

    id: int
    code: int
    lon: float
    lat: float
    words: str = ""
    rings: tuple[Ring, ...] = ()


@dataclass(frozen=True)
class Cells:
    """All cells of a view under one title (a msgid); corners: of a hexagon, as seen from its middle, in degrees."""

    title: str
    styles: tuple[Style, ...]
    cells: tuple[Cell, ...]
    corners: Ring = ()

    def state(self) -> dict[str, Any]:
        """Return the cells as the map's script takes them: compact, every text as text."""
        return {
            "title": _(self.title),
            "styles": described(self.styles),
            "corners": [[round(lon, PLACES + 1), round(lat, PLACES + 1)] for lon, lat in self.corners],
            "rows": [self._row(cell) for cell in self.cells],
        }

    def _row(self, cell: Cell) -> list[Any]:
        row: list[Any] = [cell.id, cell.code, round(cell.lon, PLACES), round(cell.lat, PLACES), cell.words]
        rings = [[[round(lon, PLACES), round(lat, PLACES)] for lon, lat in ring] for ring in cell.rings]
        return [*row, rings] if rings else row
