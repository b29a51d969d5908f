"""Reading what a person types into a search box."""

import re
import unicodedata

LIKE_SIGNS = re.compile(r"([\\%_])")
NOT_WORDS = re.compile(r"[^0-9a-z]+")


def escaped(text: str) -> str:
    r"""Return a text for LIKE in which %, _ and \ stand for themselves.

    >>> escaped("50%_a")
    '50\\%\\_a'
    """
    return LIKE_SIGNS.sub(r"\\\1", text)


def cleaned(text: str) -> str:
    """Return a text without odd widths, controls and doubled blanks.

    >>> cleaned("  金桂花园　３ ")
    '金桂花园 3'
    """
    plain = unicodedata.normalize("NFKC", text)
    return " ".join("".join(sign if sign.isprintable() else " " for sign in plain).split())


def folded(text: str) -> str:
    """Return the pinyin key of a text: lower-case letters and digits, or nothing when it holds other letters.

    >>> folded("Jin Gui"), folded("jgh3"), folded("金桂")
    ('jingui', 'jgh3', '')
    """
    plain = cleaned(text).lower()
    return NOT_WORDS.sub("", plain) if plain.isascii() else ""
