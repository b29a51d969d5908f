"""The keys that seal personal data: from YIZHAN_KEYS, else from a file that only its owner can read."""

import base64
import fcntl
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import make_url

from geo.errors import StoreUnavailable
from geo.i18n import N_
from geo.settings import ROOT, settings
from geo.store import cluster

SECRET_BYTES = 32
ID_BYTES = 4
OTHERS = 0o077
HEADING = (
    "# Keys that seal personal data of one Yizhan database, the newest last. Keep this file apart from backups:\n"
    "# whoever has both can read everything, and without this file the sealed values are lost.\n"
)


class Key(NamedTuple):
    """A secret of 32 random bytes; what the database knows of it says nothing about it."""

    secret: bytes

    @property
    def id(self) -> str:
        """The name of the key, as eight hexadecimal digits."""
        return self._derived(b"id")[:ID_BYTES].hex()

    @property
    def check(self) -> bytes:
        """What tells this key from a wrong one."""
        return self._derived(b"check")

    @property
    def written(self) -> str:
        """The key as it is written in the file and in YIZHAN_KEYS."""
        return base64.urlsafe_b64encode(self.secret).decode()

    def _derived(self, what: bytes) -> bytes:
        return hmac.digest(self.secret, b"yizhan key " + what, "sha256")

    def __repr__(self) -> str:
        return f"Key({self.id})"


@dataclass(frozen=True)
class Keyring:
    """The keys that are here, oldest first; ``sealing`` is the one that seals, all of them open."""

    keys: tuple[Key, ...]
    sealing: Key

    def named(self, key_id: str) -> Key | None:
        """Return the key of a name, None when it is not here."""
        return next((key for key in self.keys if key.id == key_id), None)


def fresh() -> Key:
    """Return a new random key."""
    return Key(secrets.token_bytes(SECRET_BYTES))


def parsed(written: Iterable[str], where: object) -> tuple[Key, ...]:
    """Return keys from their written form; StoreUnavailable naming where they stand when one is none.

    >>> [key.id for key in parsed(["A" * 43 + "="], "YIZHAN_KEYS")]
    ['c6ab0b8b']
    """
    try:
        found = tuple(Key(base64.b64decode(one, altchars=b"-_", validate=True)) for one in written)
    except ValueError as error:
        raise _no_key(where) from error
    if any(len(key.secret) != SECRET_BYTES for key in found):
        raise _no_key(where)
    return tuple(dict.fromkeys(found))


def _no_key(where: object) -> StoreUnavailable:
    return StoreUnavailable(
        N_("{where} holds something that is no key. Put back what was there; `yizhan keys make --print` writes one."),
        where=where,
    )


def key_file() -> Path:
    """Return the key file of this database: YIZHAN_KEY_FILE, else one of its own in the user's configuration folder."""
    given = settings().key_file
    if given is not None:
        return Path(os.path.abspath(given.expanduser()))  # noqa: PTH100
    folder = settings().config_home or Path.home() / ".config"
    return folder / "yizhan" / f"{_database()}.keys"


def _database() -> str:
    url = settings().database_url
    if url is None:
        named = str(settings().state_dir.resolve())
    else:
        address = make_url(url)
        named = f"{address.host}:{address.port or 5432}/{address.database}"
    return hashlib.sha256(named.encode()).hexdigest()[:16]


def from_environment() -> bool:
    """Tell whether the keys come from YIZHAN_KEYS."""
    return settings().keys is not None


def read() -> tuple[Key, ...]:
    """Return the keys that are here, oldest first; none when there is neither YIZHAN_KEYS nor a key file.

    Raises StoreUnavailable for a file that others can read, that lies in the checkout or in the state folder, or that
    holds no keys.
    """
    given = settings().keys
    if given is not None:
        return parsed(given.get_secret_value().replace(",", " ").split(), "YIZHAN_KEYS")
    path = key_file()
    _require_outside(path)
    try:
        with path.open("rb") as file:
            _require_private(path, os.fstat(file.fileno()).st_mode)
            lines = file.read().decode(errors="replace").splitlines()
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise _unusable(path, error) from error
    return parsed((line.strip() for line in lines if line.strip() and not line.startswith("#")), path)


def _require_outside(path: Path) -> None:
    real = path.resolve()
    for folder in (ROOT, settings().state_dir):
        if real.is_relative_to(folder.resolve()):
            raise StoreUnavailable(
                N_(
                    "The key file {path} lies in {folder}, where copies and backups take it along. "
                    "Move it, and set YIZHAN_KEY_FILE to its new place."
                ),
                path=path,
                folder=folder,
            )


def _require_private(path: Path, mode: int) -> None:
    if mode & OTHERS:
        raise StoreUnavailable(
            N_("The key file {path} can be read by others. Make it yours alone: chmod 600 {path}"), path=path
        )


def _unusable(path: Path, error: OSError) -> StoreUnavailable:
    return StoreUnavailable(
        N_("The key file {path} cannot be used: {reason}. Put that right, or set YIZHAN_KEY_FILE to another place."),
        path=path,
        reason=error.strerror,
    )


def make_first() -> tuple[Key, ...]:
    """Make the key file with one new key and return the keys; another program's, when it was faster."""
    with _alone():
        return read() or _write((fresh(),))


def add(key: Key) -> tuple[Key, ...]:
    """Put a key at the end of the file and return all of them."""
    with _alone():
        return _write((*read(), key))


def remove(key_ids: Iterable[str]) -> tuple[Key, ...]:
    """Take keys out of the file and return those that are left."""
    gone = set(key_ids)
    with _alone():
        return _write(tuple(key for key in read() if key.id not in gone))


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the folder of the key file, made for its owner alone, against other programs."""
    folder = key_file().parent
    _require_outside(key_file())
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as error:
        raise _unusable(key_file(), error) from error
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _write(keys: tuple[Key, ...]) -> tuple[Key, ...]:
    path = key_file()
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        unfinished.unlink(missing_ok=True)
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(HEADING + "".join(f"{key.written}\n" for key in keys))
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    except OSError as error:
        raise _unusable(path, error) from error
    return keys


def may_be_made() -> bool:
    """Tell whether a first key is made without asking: for the private database, when none was given."""
    return cluster.is_private() and not from_environment()
