"""The encodings Chinese offices write in: UTF-8, UTF-16 with a mark, GB18030."""

import re

from geo.errors import BadInput
from geo.i18n import N_

NO_TEXT = N_("{file}: row {row} is neither UTF-8 nor GB18030 text. Save the file as UTF-8.")
SAMPLE_BYTES = 1_000_000
MORE_THAN_CHANCE = 4
UTF8_CHINESE = re.compile("[\u0800-\ud7ff\ue000-\uffff]")
NOT_UTF8 = re.compile("[\udc80-\udcff]")


def decoded(raw: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file and the encoding it was in: UTF-8 (with or without mark), UTF-16 with mark, or GB18030.

    >>> decoded("楼号".encode("gb18030"), "a.csv")
    ('楼号', 'GB18030')
    """
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return raw.decode("utf-16", errors="replace"), "UTF-16"
    try:
        return raw.decode("utf-8-sig"), "UTF-8"
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and not raw[: error.start].isascii():
            raise BadInput(
                N_("{file} ends in the middle of a character: it is only half a file."), file=name
            ) from error
        if _mostly_utf8(raw):
            raise BadInput(NO_TEXT, file=name, row=_row_of(raw, error)) from error
    try:
        return raw.decode("gb18030"), "GB18030"
    except UnicodeDecodeError as error:
        raise BadInput(NO_TEXT, file=name, row=_row_of(raw, error)) from error


def _row_of(raw: bytes, error: UnicodeDecodeError) -> int:
    return raw[: error.start].count(b"\n") + 1


def _mostly_utf8(raw: bytes) -> bool:
    """Tell whether a text that is not UTF-8 throughout holds more of it than GB18030 does by chance (1 in 150)."""
    text = raw[:SAMPLE_BYTES].decode("utf-8", errors="surrogateescape")
    characters = len(UTF8_CHINESE.findall(text))
    return characters >= MORE_THAN_CHANCE and 10 * characters > len(NOT_UTF8.findall(text))
