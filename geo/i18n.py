"""Texts in English and Chinese: one language per context, gettext catalogues, numbers and dates as people write."""

import gettext
from collections.abc import Iterable
from contextvars import ContextVar
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from geo.settings import settings

LANGUAGES = {"en": "English", "zh_CN": "中文"}
LOCALE_DIR = Path(__file__).parent / "locale"
WAN = 10_000

_language: ContextVar[str] = ContextVar("language", default="en")


def use_language(language: str) -> None:
    """Set the language (a key of LANGUAGES) of the current context; anything else means English."""
    _language.set(language if language in LANGUAGES else "en")


def current_language() -> str:
    """Return the language of the current context, a key of LANGUAGES."""
    return _language.get()


def preferred_language(accept_language: str) -> str:
    """Return the best of LANGUAGES for an HTTP Accept-Language header.

    >>> preferred_language("zh-CN,zh;q=0.9,en;q=0.8"), preferred_language("de"), preferred_language("en,zh;q=0.5")
    ('zh_CN', 'en', 'en')
    """
    weighted = []
    for position, part in enumerate(accept_language.split(",")):
        tag, _sep, quality = part.strip().partition(";q=")
        try:
            weight = float(quality) if quality else 1.0
        except ValueError:
            continue
        weighted.append((-weight, position, tag.lower()))
    for _weight, _position, tag in sorted(weighted):
        if tag.startswith("zh"):
            return "zh_CN"
        if tag.startswith("en"):
            return "en"
    return "en"


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    return gettext.translation("yizhan", LOCALE_DIR, [language], fallback=language == "en")


def _(msgid: str, **values: object) -> str:
    """Translate an English msgid into the current language and fill its named placeholders.

    >>> _("{count} doors have no building head", count=38)
    '38 doors have no building head'
    """
    text = _catalogue(_language.get()).gettext(msgid) if msgid else ""
    return text.format(**values) if values else text


def N_(msgid: str) -> str:  # noqa: N802
    """Mark a msgid for the catalogue where it is stored and translated only when shown."""
    return msgid


def number(value: float | None, digits: int = 0) -> str:
    """Write a number for reading: 12,345 in English, 1.2万 from 10,000 up in Chinese, a dash-free 'unknown' for None.

    >>> number(12345), number(None), number(0.5, 1)
    ('12,345', 'unknown', '0.5')
    """
    if value is None:
        return _("unknown")
    if _language.get() == "zh_CN" and abs(value) >= WAN:
        return f"{value / WAN:.1f}".rstrip("0").rstrip(".") + "万"
    return f"{value:,.{digits}f}"


def labelled(label: str, value: object) -> str:
    """Write a label before its value, with the language's own colon.

    >>> labelled("Floors", 6)
    'Floors: 6'
    """
    return _("{label}: {value}", label=label, value=value)


def listed(words: Iterable[str]) -> str:
    """Write words one after the other, with the language's own comma.

    >>> listed(["areas", "units"])
    'areas, units'
    """
    return _(", ").join(words)


def day(value: date | datetime | None) -> str:
    """Write a date for reading: 22 Nov 2026 or 2026年11月22日; 'open' has no date and reads 'no date'.

    >>> day(date(2026, 11, 22))
    '22 Nov 2026'
    """
    if value is None:
        return _("no date")
    if _language.get() == "zh_CN":
        return f"{value.year}年{value.month}月{value.day}日"
    return f"{value.day} {value:%b} {value.year}"


def moment(value: datetime) -> str:
    """Write a date and time, in the city's time zone, for reading.

    >>> moment(datetime(2026, 11, 22, 1, 5, tzinfo=ZoneInfo("UTC")))
    '22 Nov 2026 09:05'
    """
    local = value.astimezone(ZoneInfo(settings().time_zone))
    return f"{day(local)} {local:%H:%M}"
