"""What a short text may be: how long a name or code is at most, and that it can be read.

The same rule stands in the database (as a check), in forms and in imports. Signs nobody sees (blanks of every width,
zero-width signs, fillers) are allowed inside a text and do not make one alone; controls, line ends and the signs that
turn the direction of writing, by which a text can pose as another, are not allowed at all.
"""

import re

LONGEST = {
    "code": 100,
    "name": 200,
    "name_zh": 200,
    "shown_name": 200,
    "number": 100,
    "room": 100,
    "address": 300,
    "phone": 50,
    "email": 254,
    "owner": 200,
    "barrier": 100,
    "opening_hours": 300,
    "times": 1000,
    "notes": 2000,
    "file_name": 200,
}
"""The most characters a column of this name holds; other columns hold text of any length."""

FORBIDDEN = "\x01-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069"
UNSEEN = (
    " \u00a0\u00ad\u034f\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180e\u2000-\u200d\u202f\u205f-\u2064\u206a-\u206f"
    "\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff"
)
SPACING = "[\t-\r\x85\u2028\u2029]+"
"""Tabs and line ends: hidden signs that only part words."""
HIDDEN = re.compile(rf"[\x00{FORBIDDEN}]")
SEEN = re.compile(rf"[^\x00{FORBIDDEN}{UNSEEN}]")
SHOWN_SIGNS = 40


def is_blank(text: str) -> bool:
    """Tell whether a text holds nothing that can be seen.

    >>> is_blank("\\u3000\\u200b "), is_blank("3")
    (True, False)
    """
    return SEEN.search(text) is None


def has_hidden(text: str) -> bool:
    """Tell whether a text holds a control, a line end or a sign that turns the direction of writing.

    >>> has_hidden("3\\u202e号"), has_hidden("3 号")
    (True, False)
    """
    return HIDDEN.search(text) is not None


def without_hidden(text: str) -> str:
    """Return a text without hidden signs; tabs and line ends become blanks.

    >>> without_hidden("楼\\n号\\u202e")
    '楼 号'
    """
    return HIDDEN.sub("", re.sub(SPACING, " ", text))


def shown(text: str) -> str:
    r"""Return a text as it can be shown in a message: hidden signs by their number, the end cut off when it is long.

    >>> shown("a\u202eb"), len(shown("x" * 500))
    ('a<202E>b', 41)
    """
    plain = HIDDEN.sub(lambda sign: f"<{ord(sign.group()):04X}>", text)
    return plain if len(plain) <= SHOWN_SIGNS else f"{plain[:SHOWN_SIGNS]}…"


def visible_sql(column: str) -> str:
    r"""Return the SQL condition that a column, when given, holds something that can be seen.

    >>> visible_sql("note")[:23]
    "note ~ '[^\\u0001-\\u001F"
    """
    return f"{column} ~ '[^{_sql_class(FORBIDDEN + UNSEEN)}]'"


def readable_sql(column: str, most: int) -> str:
    """Return the SQL condition that a column, when given, can be read, holds no hidden sign and is at most so long.

    >>> readable_sql("code", 100).startswith("char_length(code) <= 100 AND code ~ '^[^")
    True
    """
    kept = f"[^{_sql_class(FORBIDDEN)}]*"
    return f"char_length({column}) <= {most} AND {column} ~ '^{kept}[^{_sql_class(FORBIDDEN + UNSEEN)}]{kept}$'"


def _sql_class(signs: str) -> str:
    return "".join(sign if sign == "-" else _escaped(ord(sign)) for sign in signs)


def _escaped(number: int) -> str:
    return f"\\U{number:08X}" if number > 0xFFFF else f"\\u{number:04X}"
