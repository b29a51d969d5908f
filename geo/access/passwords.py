"""Passwords: what may be one, how it is kept, and how long an account waits after failures."""

import secrets
from functools import cache
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from geo.errors import BadInput
from geo.i18n import N_

SHORTEST, LONGEST = 10, 200
FEWEST_DIFFERENT = 4
FREE_TRIES = 5
FIRST_PAUSE_S, LONGEST_PAUSE_S = 2, 15 * 60
ONE_TIME_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_GROUPS, GROUP_LETTERS = 4, 4
STEM = 7
OFTEN_GUESSED = """
1234567890 0123456789 0987654321 1122334455 1357924680 5201314520 1qaz2wsx3edc qwertyuiop qwertyuiop123 1q2w3e4r5t
1q2w3e4r5t6y q1w2e3r4t5 abcdefghij abcd123456 abc1234567 a123456789 aa12345678 woaini1314 woaini5201314 iloveyou123
password12 password123 password1234 passw0rd123 p@ssw0rd123 letmein123 welcome123 changeme123 administrator
admin12345 admin123456 admin1234567 administrator1 yizhan12345 yizhan123456 hongqiyizhan liaocheng123
"""
COMMON = frozenset(OFTEN_GUESSED.split())
HASHER = PasswordHasher()
"""argon2id with the library's parameters, which are those of RFC 9106 for little memory: 64 MiB, three passes."""


def check(password: str, name: str) -> None:
    """Raise BadInput unless a text may be the password of a user: long enough, not easily guessed, of any kind.

    >>> check("four words of a song", "wang")
    >>> check("wang123456", "wang")
    Traceback (most recent call last):
    geo.errors.BadInput: This password is the name with a few more characters. Choose another, for example four words.
    """
    plain = _plain(password)
    folded = plain.casefold()
    if not SHORTEST <= len(plain) <= LONGEST:
        raise BadInput(
            N_("A password has {least} to {most} characters. Four words are easy to remember."),
            least=SHORTEST,
            most=LONGEST,
        )
    if name.casefold() in folded and len(folded.replace(name.casefold(), "")) < STEM:
        raise BadInput(
            N_("This password is the name with a few more characters. Choose another, for example four words.")
        )
    if folded in COMMON or len(set(folded)) < FEWEST_DIFFERENT:
        raise BadInput(N_("This password is among the first that are guessed. Choose another, for example four words."))


def hash_of(password: str) -> str:
    """Return what is stored of a password: an argon2id hash with its parameters and a salt of its own."""
    return HASHER.hash(_plain(password))


def matches(stored: str | None, password: str) -> bool:
    """Tell whether a password is the one of a hash; without one (an unknown name) it takes just as long to say no."""
    try:
        return HASHER.verify(stored or _nobodys(), _plain(password)) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(stored: str) -> bool:
    """Tell whether a hash was made with other parameters than are used now."""
    return HASHER.check_needs_rehash(stored)


def one_time() -> str:
    """Return a random password that is easy to read out, to be changed at the first sign-in (about 79 bits)."""
    groups = ("".join(secrets.choice(ONE_TIME_LETTERS) for _ in range(GROUP_LETTERS)) for _ in range(ONE_TIME_GROUPS))
    return "-".join(groups)


def pause_s(failures: int) -> int:
    """Return how long an account waits after so many failures in a row, in seconds.

    >>> [pause_s(failures) for failures in (0, 4, 5, 6, 7, 40)]
    [0, 0, 2, 4, 8, 900]
    """
    if failures < FREE_TRIES:
        return 0
    return min(FIRST_PAUSE_S << min(failures - FREE_TRIES, 10), LONGEST_PAUSE_S)


def _plain(password: str) -> str:
    """One password in one form, whether a keyboard gave full-width signs or not (NFKC, as RFC 8265 wants)."""
    return normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_hex())
