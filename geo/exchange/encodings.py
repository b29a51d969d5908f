"""The encodings Chinese offices write in: UTF-8, UTF-16 with a mark, GB18030."""

from geo.errors import BadInput
from geo.i18n import N_


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
    try:
        return raw.decode("gb18030"), "GB18030"
    except UnicodeDecodeError as error:
        row = raw[: error.start].count(b"\n") + 1
        raise BadInput(
            N_("{file}: row {row} is neither UTF-8 nor GB18030 text. Save the file as UTF-8."), file=name, row=row
        ) from error
