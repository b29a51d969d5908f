"""Sealed values: AES-256-GCM, bound to the table, column and row they stand in, with the name of their key."""

import hmac
import secrets
from functools import lru_cache
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from geo.access.keys import ID_BYTES, SECRET_BYTES, Key, Keyring
from geo.errors import StoreUnavailable
from geo.i18n import N_

FORM = b"\x01"
NONCE_BYTES = 12
HEAD_BYTES = len(FORM) + ID_BYTES
KEYS_KEPT = 32


class Spot(NamedTuple):
    """Where a value stands: its table with the schema, its column, the id of its row."""

    table: str
    column: str
    row_id: int


def seal(key: Key, spot: Spot, value: str | None) -> bytes | None:
    """Return a text sealed for one place in the database (None stays None): form, key, nonce, ciphertext and tag."""
    if value is None:
        return None
    head = FORM + bytes.fromhex(key.id)
    nonce = secrets.token_bytes(NONCE_BYTES)
    return head + nonce + _cipher(key).encrypt(nonce, value.encode(), _bound(head, spot))


def opened(keyring: Keyring, spot: Spot, sealed: bytes | None) -> str | None:
    """Return the text of a sealed value (None stays None).

    Raises StoreUnavailable when its key is not here, and when it was changed or moved from another place.
    """
    if sealed is None:
        return None
    sealed = bytes(sealed)
    head, nonce, rest = sealed[:HEAD_BYTES], sealed[HEAD_BYTES:][:NONCE_BYTES], sealed[HEAD_BYTES + NONCE_BYTES :]
    key = keyring.named(key_of(sealed))
    if key is None:
        raise StoreUnavailable(
            N_("This was sealed with the key {key}, which is not here. Put it back into the key file or YIZHAN_KEYS."),
            key=key_of(sealed),
        )
    try:
        return _cipher(key).decrypt(nonce, rest, _bound(head, spot)).decode()
    except (InvalidTag, ValueError) as error:
        raise StoreUnavailable(
            N_("A sealed value of {table} {row} was changed or does not belong there. Restore it from a backup."),
            table=spot.table,
            row=spot.row_id,
        ) from error


def key_of(sealed: bytes) -> str:
    """Return the name of the key a value was sealed with.

    >>> key_of(bytes.fromhex("0135bce4e4"))
    '35bce4e4'
    """
    return bytes(sealed[len(FORM) : HEAD_BYTES]).hex()


def mark(key: Key, value: str) -> bytes:
    """Return the keyed mark by which equal texts are found without opening them."""
    return hmac.digest(_derived(key, b"mark"), value.encode(), "sha256")


@lru_cache(KEYS_KEPT)
def _cipher(key: Key) -> AESGCM:
    return AESGCM(_derived(key, b"seal"))


@lru_cache(KEYS_KEPT)
def _derived(key: Key, what: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=SECRET_BYTES, salt=None, info=b"yizhan " + what).derive(key.secret)


def _bound(head: bytes, spot: Spot) -> bytes:
    return head + f"{spot.table}.{spot.column}:{spot.row_id}".encode()
