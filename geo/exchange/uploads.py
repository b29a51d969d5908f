"""Files a browser hands over: checked again here, kept under names of our own, thrown away after two weeks."""

import secrets
import shutil
import time
from pathlib import Path
from typing import BinaryIO

from geo.errors import BadInput
from geo.exchange.formats import SUFFIXES
from geo.exchange.sealed_rows import SEALED_KINDS
from geo.i18n import N_, number
from geo.settings import settings
from geo.store.disk import MB, require_free_space

KEEP_S = 14 * 86_400
NAMING_PEOPLE = SEALED_KINDS | {"requests"}
ENDINGS = tuple(sorted({ending for endings in SUFFIXES.values() for ending in endings}))


def keep_upload(content: BinaryIO, name: str, size_bytes: int) -> Path:
    """Store an uploaded file in the state folder and return where.

    name: the file's name at the user's, of which only the ending is used; the stored name is random. Raises BadInput
    for an ending that is not read or a file larger than allowed, NoRoom when three times its size is not free.
    """
    ending = Path(name).suffix.lower()
    if ending not in ENDINGS:
        raise BadInput(
            N_("{file} is not a kind of file that can be read. Choose one ending in {choices}."),
            file=name,
            choices=", ".join(ENDINGS),
        )
    limit = settings().max_upload_mb
    if size_bytes > limit * MB:
        raise BadInput(
            N_("{file} has {size} MB, more than the {limit} MB allowed. Split it, or import it with yizhan import."),
            file=name,
            size=number(size_bytes // MB),
            limit=number(limit),
        )
    folder = settings().state_dir / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    throw_away_old(folder)
    require_free_space(folder, size_bytes)
    target = folder / (secrets.token_hex(16) + ending)
    with target.open("xb") as stored:
        shutil.copyfileobj(content, stored)
    return target


def forget_upload(path: Path, kind: str) -> None:
    """Throw an upload away once it is read when it names people who are helped or who asked; one's own file stays."""
    if kind in NAMING_PEOPLE and path.parent == settings().state_dir / "uploads":
        path.unlink(missing_ok=True)


def throw_away_old(folder: Path, now_s: float | None = None) -> int:
    """Remove uploads older than two weeks and return how many."""
    limit = (time.time() if now_s is None else now_s) - KEEP_S
    old = [path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < limit]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
