"""The steps another system tells of a request, such as the notes of an Open311 server, in one form."""

import json
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from geo.exchange.draft import Draft
from geo.exchange.moments import parsed_moment
from geo.requests.draft import LONGEST_SUMMARY
from geo.settings import settings
from geo.store.texts import without_hidden

Step = tuple[str, str]
TIMES = ("datetime", "date", "time", "at", "时间")
WORDS = ("summary", "description", "text", "note", "内容", "意见")
WHOLE = None
"""Stands for the time of a history that is one text without steps: the day the request came."""


def histories(draft: Draft) -> None:
    """Turn the column timeline into JSON lists of [moment, words]; steps without a readable time are noted and left."""
    told = draft.text("timeline")
    zone = ZoneInfo(settings().time_zone)
    unread = np.zeros(len(draft), dtype=bool)
    written: list[str | None] = []
    for at, text in enumerate(told):
        steps, unread[at] = ([], False) if text is None else steps_of(text, zone)
        written.append(json.dumps(steps, ensure_ascii=False) if steps else None)
    draft.note(unread, "history_unread", field="timeline")
    draft.frame["timeline"] = pd.array(written, dtype="string")


def steps_of(text: str, zone: ZoneInfo) -> tuple[list[Any], bool]:
    """Return the steps of a history as [moment in UTC or None, words], and whether some of it could not be read.

    >>> here = ZoneInfo("UTC")
    >>> steps_of('[{"datetime": "2014-05-09T19:02:21-05:00", "summary": "Request opened"}]', here)
    ([['2014-05-10T00:02:21+00:00', 'Request opened']], False)
    >>> steps_of("called, nobody there", here)
    ([[None, 'called, nobody there']], False)
    """
    try:
        listed = json.loads(text)
    except (ValueError, RecursionError):
        listed = text
    if not isinstance(listed, list):
        return ([[WHOLE, _cut(text)]], False)
    steps = [_step(one, zone) for one in listed]
    return [step for step in steps if step is not None], any(step is None for step in steps)


def _step(told: Any, zone: ZoneInfo) -> list[str] | None:
    if not isinstance(told, dict):
        return None
    when = next((str(told[name]) for name in TIMES if told.get(name)), "")
    moment = parsed_moment(when, zone)
    words = ": ".join(str(told[name]) for name in WORDS if told.get(name)) or str(told.get("type") or "")
    return [moment.isoformat(), _cut(words)] if moment and words.strip() else None


def _cut(words: str) -> str:
    return without_hidden(words)[:LONGEST_SUMMARY]
