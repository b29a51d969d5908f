"""Columns as numpy arrays: text, geometry and the stream of chance each room has for itself."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely

CHUNK_ROWS = 50_000
LETTERS = {"POINT": shapely.GeometryType.POINT, "LINESTRING": shapely.GeometryType.LINESTRING}


def room_rng(seed: int, room: str) -> np.random.Generator:
    """Return the stream of a room: it depends on the seed and the room's name only, so that rooms never shift others.

    >>> bool(room_rng(1, "ground").integers(100) == room_rng(1, "ground").integers(100))
    True
    """
    return np.random.default_rng([seed, zlib.crc32(room.encode())])


@dataclass(frozen=True)
class Lines:
    """Geometry of many rows as one coordinate array: row i has the vertices offsets[i] to offsets[i + 1].

    ``coords`` is (vertices, 2) lon/lat in EPSG:4326; ``kind`` is POINT or LINESTRING.
    """

    kind: str
    coords: np.ndarray
    offsets: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.coords) if self.offsets is None else len(self.offsets) - 1

    def shapes(self, start: int, stop: int) -> np.ndarray:
        """Return the geometries of the rows start to stop."""
        if self.offsets is None:
            return shapely.points(self.coords[start:stop])
        part = self.offsets[start : stop + 1]
        return shapely.from_ragged_array(LETTERS[self.kind], self.coords[part[0] : part[-1]], (part - part[0],))


@dataclass(frozen=True)
class Polygons:
    """MultiPolygons of one part each: rings[i] to rings[i + 1] are the closed rings of row i, the first its shell."""

    coords: np.ndarray
    vertices: np.ndarray
    rings: np.ndarray

    def __len__(self) -> int:
        return len(self.rings) - 1

    def shapes(self, start: int, stop: int) -> np.ndarray:
        """Return the geometries of the rows start to stop."""
        rings = self.rings[start : stop + 1]
        vertices = self.vertices[rings[0] : rings[-1] + 1]
        coords = self.coords[vertices[0] : vertices[-1]]
        parts = np.arange(stop - start + 1)
        offsets = (vertices - vertices[0], rings - rings[0], parts)
        return shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, coords, offsets)


@dataclass(frozen=True)
class Shapes:
    """Geometries as a plain object array, for the few and irregular."""

    geometries: np.ndarray

    def __len__(self) -> int:
        return len(self.geometries)

    def shapes(self, start: int, stop: int) -> np.ndarray:
        """Return the geometries of the rows start to stop."""
        return self.geometries[start:stop]


Geometry = Lines | Polygons | Shapes


def polygonal(shapes: np.ndarray) -> np.ndarray:
    """Return areas as valid MultiPolygons: rounding to a centimetre may have made a ring touch itself.

    >>> polygonal(np.array([shapely.box(0, 0, 1, 1)]))[0].geom_type
    'MultiPolygon'
    """
    sound = shapely.is_valid(shapes)
    shapes = shapes.copy()
    shapes[~sound] = shapely.make_valid(shapes[~sound], method="structure", keep_collapsed=False)
    single = shapely.get_type_id(shapes) != shapely.GeometryType.MULTIPOLYGON
    shapes[single] = shapely.multipolygons(shapes[single][:, None])
    return shapes


@dataclass(frozen=True)
class Frame:
    """The rows of one table: column name to array.

    Whole numbers, floats and truth values are (masked) arrays, dates datetime64[D] with NaT, texts fixed-width UTF-8
    bytes (dtype S) in which the empty text means unknown, geometries one of the classes above.
    """

    table: str
    columns: dict[str, Any] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(next(iter(self.columns.values())))


def texts(values: Sequence[str]) -> np.ndarray:
    """Return texts as fixed-width UTF-8 bytes.

    >>> texts(["a", "路"])
    array([b'a', b'\\xe8\\xb7\\xaf'], dtype='|S3')
    """
    return np.array([value.encode() for value in values], dtype=np.bytes_)


def join(*parts: np.ndarray | str) -> np.ndarray:
    """Join text arrays and constant texts row by row.

    >>> join(texts(["x", "y"]), "-1").tolist()
    [b'x-1', b'y-1']
    """
    joined = np.array(b"", dtype="S1")
    for part in parts:
        joined = np.strings.add(joined, np.array(part.encode()) if isinstance(part, str) else part)
    return joined


def digits(numbers: np.ndarray, width: int = 1) -> np.ndarray:
    """Write whole numbers below 100 million as text with leading zeros up to a width.

    >>> digits(np.array([7, 12345]), 3)
    array([b'007', b'12345'], dtype='|S8')
    """
    numbers = np.asarray(numbers, dtype=np.int64)
    low_table = np.array([f"{n:04d}".encode() for n in range(10_000)])
    plain_table = np.array([f"{n:0{min(width, 4)}d}".encode() for n in range(10_000)])
    if numbers.size == 0 or numbers.max() < 10_000:
        plain = plain_table[numbers]
        return np.strings.add(np.array(b"0" * (width - 4)), plain) if width > 4 else plain
    high = np.array([f"{n:0{max(width - 4, 0)}d}".encode() if n or width > 4 else b"" for n in range(10_000)])
    large = numbers >= 10_000
    rest = np.where(large | (width > 4), low_table[numbers % 10_000], plain_table[numbers % 10_000])
    return np.strings.add(high[numbers // 10_000], rest)


def masked(values: np.ndarray, unknown: np.ndarray) -> np.ma.MaskedArray:
    """Return values with the unknown ones hidden: they are stored as NULL, never as 0."""
    return np.ma.MaskedArray(values, mask=unknown)


def repeat_index(counts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for groups of the given sizes each member's group and its place in it.

    >>> repeat_index(np.array([2, 0, 1]))
    (array([0, 0, 2]), array([0, 1, 0]))
    """
    owner = np.repeat(np.arange(len(counts)), counts)
    starts = np.cumsum(counts) - counts
    return owner, np.arange(len(owner)) - starts[owner]
