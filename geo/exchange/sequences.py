"""GeoJSON features one a line (or parted by record separators): broken lines are found, not silently passed over."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from geo.exchange.formats import SEPARATOR

Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Records:
    """The line numbers of a sequence's whole features and of its broken ones."""

    whole: Numbers
    broken: Numbers


def whole_records(path: Path, target: Path) -> Records:
    """Copy the whole features of a sequence to `target`, one a line; tell which lines they and the broken ones are."""
    whole, broken = [], []
    with target.open("wb") as out:
        for number, record in _records(path):
            if _is_feature(record):
                whole.append(number)
                out.write(b" ".join(record.split(b"\n")) + b"\n")
            else:
                broken.append(number)
    return Records(np.array(whole, dtype=np.int64), np.array(broken, dtype=np.int64))


def count_records(path: Path) -> int:
    """Return how many records a sequence has, whole or broken."""
    return sum(1 for _record in _records(path))


def _records(path: Path) -> "list[tuple[int, bytes]]":
    raw = path.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if raw.lstrip().startswith(SEPARATOR):
        parts = raw.split(SEPARATOR)
        starts = np.cumsum([1, *(part.count(b"\n") for part in parts[:-1])])
        return [(int(line), part.strip()) for line, part in zip(starts, parts, strict=True) if part.strip()]
    return [(number, line) for number, line in enumerate(raw.split(b"\n"), start=1) if line.strip()]


def _is_feature(record: bytes) -> bool:
    try:
        found = json.loads(record)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict) and found.get("type") == "Feature"
