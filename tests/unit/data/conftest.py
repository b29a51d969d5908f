"""One small and one larger demo city, made once and shared by the tests that only look."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from data import city

TODAY = np.datetime64("2026-11-22")
TOWN_BUILDINGS = 1500


@dataclass(frozen=True)
class Made:
    """A made city: the columns of each table, its frames put together."""

    columns: dict[str, dict[str, Any]]

    def __getitem__(self, table: str) -> dict[str, Any]:
        return self.columns[table]

    def shapes(self, table: str) -> np.ndarray:
        """The geometries of a table made in one frame."""
        geom = self.columns[table]["geom"]
        return geom.shapes(0, len(geom))


def gathered(frames: Any) -> Made:
    """Put frames of the same table together, column by column (geometry of the first frame only)."""
    found: dict[str, list[dict[str, Any]]] = {}
    for frame in frames:
        found.setdefault(frame.table, []).append(frame.columns)
    return Made({table: _joined(parts) for table, parts in found.items()})


def _joined(parts: list[dict[str, Any]]) -> dict[str, Any]:
    names = dict.fromkeys(name for part in parts for name in part)
    return {
        name: np.ma.concatenate([part[name] for part in parts if name in part])
        if isinstance(parts[0].get(name), np.ndarray)
        else parts[0].get(name)
        for name in names
    }


@pytest.fixture(scope="session")
def small() -> Made:
    """The small city of seed 1."""
    return gathered(city.make("small", 1, today=TODAY))


@pytest.fixture(scope="session")
def town() -> Made:
    """A city of about 1,500 buildings, with a lake around its old town and a canal."""
    return gathered(city.make("city", 2, TOWN_BUILDINGS, today=TODAY))
