"""Room on the disk: a ballast file given up when it is full, and the check before an import."""

import os
import shutil
from pathlib import Path

from geo.errors import NoRoom
from geo.i18n import N_, number

MB = 1024 * 1024
ROOM_FACTOR = 3
"""An import needs its rows, their indexes and the write-ahead log at the same time."""


def free_bytes(path: Path) -> int:
    """Return the free space where ``path`` lies or will lie, in bytes."""
    existing = next(folder for folder in (path, *path.parents) if folder.exists())
    return shutil.disk_usage(existing).free


def require_free_space(path: Path, size_bytes: int) -> None:
    """Refuse an import of ``size_bytes`` when less than three times as much is free at ``path``.

    Raises NoRoom naming both numbers.
    """
    free, needed = free_bytes(path), ROOM_FACTOR * size_bytes
    if free < needed:
        raise NoRoom(
            N_(
                "Not enough room on the disk of {folder}: {free} MB are free, this import needs {needed} MB."
                " Free some space and try again."
            ),
            folder=path,
            free=number(free // MB),
            needed=number(needed // MB + 1),
        )


def keep_ballast(path: Path, size_mb: int) -> bool:
    """Make or resize the ballast file at ``path`` when the disk has room for four of it; tell whether it is there."""
    size = size_mb * MB
    if size <= 0:
        path.unlink(missing_ok=True)
        return False
    if path.exists() and path.stat().st_size == size:
        return True
    if free_bytes(path) < 4 * size:
        return path.exists()
    with path.open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, size)
    return True


def give_up_ballast(path: Path, *, low_mb: int) -> bool:
    """Delete the ballast file when less than ``low_mb`` is free; tell whether space was won."""
    if not path.exists() or free_bytes(path) >= low_mb * MB:
        return False
    path.unlink()
    return True
