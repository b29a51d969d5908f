"""Rows of requests before they are written: numbers, times, words and places in one form, doubts as findings."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.exchange.draft import Draft, Mask
from geo.exchange.findings import Batch
from geo.exchange.request_answers import answers
from geo.exchange.request_history import histories
from geo.exchange.request_kinds import HOTLINE, HOTLINE_WORDS
from geo.exchange.request_places import place_requests
from geo.exchange.request_times import Times, read_times
from geo.exchange.request_words import CHANNEL_WORDS, OTHER, STATUS_WORDS, CategoryWords
from geo.exchange.spellings import plain
from geo.exchange.surroundings import Surroundings
from geo.requests.tables import CHANNELS, ENDED, STATUSES
from geo.store.texts import shown

REQUEST_COLUMNS = (
    "row", "external_id", "system", "received_at", "accepted_at", "dispatched_at", "resolved_at", "closed_at", "status",
    "category", "channel", "community_id", "place_kind", "place_id", "placed_by", "address", "summary", "timeline",
    "called_at", "reached", "responded", "solved", "satisfied", "details",
)  # fmt: skip
SAID = ("summary", "timeline", "address")
"""Fields whose cells no finding repeats: people write about people there."""
HUSHED = "***"
NOT_STORED = {"waiting": "in_progress", "duplicate": "closed"}
"""A row cannot tell until when a request waits, nor of which request here it is a duplicate."""
MOST_LISTED = 30
VALUED = ("category", "status", "channel")
ID_DIGITS = 20
Words = npt.NDArray[Any]


def parted(asked: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Return what was asked of columns, and of values: field:word -> code.

    >>> parted({"category": "Type", "category:Bulky Items": "rubbish"})
    ({'category': 'Type'}, {'category:Bulky Items': 'rubbish'})
    """
    values = {name: code for name, code in asked.items() if name.partition(":")[0] in VALUED and ":" in name}
    return {name: column for name, column in asked.items() if name not in values}, values


def request_rows(
    draft: Draft, surroundings: Surroundings, used: Mapping[str, str], values: Mapping[str, str], now: datetime
) -> None:  # fmt: skip
    """Bring a file of requests into the form it is written in.

    used: the columns read; values: what words of the file mean, as `parted` gives it; now: the present, for times that
    are still to come. Rows without a place or a time they came are refused.
    """
    _hush(draft)
    hotline = bool({plain(column) for column in used.values()} & {plain(word) for word in HOTLINE_WORDS})
    _identify(draft, HOTLINE if hotline else Path(draft.name).stem)
    words = {name: draft.text(name) for name in VALUED}
    draft.frame["details"] = _details(draft, words)
    draft.frame["category"] = _categories(draft, surroundings.categories or CategoryWords(frozenset(), {}), values)
    draft.frame["channel"] = _channels(draft, "hotline_12345" if hotline else "web", values)
    draft.frame["status"] = _statuses(draft, values)
    times = read_times(draft, now)
    _settle(draft, times)
    place_requests(draft, surroundings)
    answers(draft)
    histories(draft)


def _hush(draft: Draft) -> None:
    batches = draft.findings.batches
    for at, batch in enumerate(batches):
        if batch.field in SAID and "value" in batch.detail:
            batches[at] = Batch(batch.code, batch.field, batch.rows, {**batch.detail, "value": HUSHED})


def _identify(draft: Draft, system: str) -> None:
    """Give every row the system it comes from and its number there; a number given again refuses its row."""
    draft.frame["system"] = draft.frame["system"].fillna(system)
    without = draft.frame["external_id"].isna().to_numpy(dtype=bool)
    if without.any():
        told = draft.frame.loc[without, ["received_at", "address", "summary", "category"]].fillna("")
        made = ["h-" + hashlib.sha256("|".join(row).encode()).hexdigest()[:ID_DIGITS] for row in told.to_numpy()]
        draft.frame.loc[without, "external_id"] = made
        draft.findings.note("request_number_made", field="external_id", count=int(without.sum()))
    key = draft.frame["system"] + "\n" + draft.frame["external_id"]
    first = pd.Series(draft.rows).groupby(key.to_numpy(dtype=object)).transform("min").to_numpy()
    said = draft.text("external_id")
    draft.take_out(first != draft.rows, "request_twice", field="external_id", value=said, first=first)


def _details(draft: Draft, words: Mapping[str, Words]) -> pd.Series:
    """Return the words of the other system as they stood, as JSON, so that nothing of them is lost."""
    listed = {**words, "community": draft.text("community_code")}
    told = [
        json.dumps({name: word for name, word in zip(listed, row, strict=True) if word}, ensure_ascii=False)
        for row in zip(*listed.values(), strict=True)
    ]
    return pd.Series(pd.array(told, dtype="string"), index=draft.frame.index)


def _meant(words: Words, known: Mapping[str, str], field: str, values: Mapping[str, str]) -> Words:
    """Return what each word means: what was asked, else what is known; None where it is neither."""
    asked = {plain(name.partition(":")[2]): code for name, code in values.items() if name.startswith(f"{field}:")}
    meaning = {word: asked.get(plain(word)) or known.get(plain(word)) for word in set(words) if word is not None}
    return np.array([meaning.get(word) for word in words], dtype=object)


def _told(words: Words, wanted: Mask) -> str:
    """Return words with how often they stand there, the most frequent first."""
    counted = Counter(words[wanted]).most_common(MOST_LISTED)
    return ", ".join(f"{shown(word)} ({count})" for word, count in counted)


def _categories(draft: Draft, known: CategoryWords, values: Mapping[str, str]) -> pd.Series:
    words = draft.text("category")
    by_word = {plain(word): code for word in set(words) if word is not None and (code := known.code_of(word))}
    codes = _meant(words, by_word, "category", values)
    valid = np.array([code in known.codes for code in codes], dtype=bool)
    told = np.array([word is not None for word in words], dtype=bool)
    strange: Mask = told & ~valid
    if strange.any():
        example = Counter(words[strange]).most_common(1)[0][0]
        draft.findings.note("categories_unknown", field="category", listed=_told(words, strange), example=example)
    draft.note(strange, "category_unknown", field="category", value=words)
    if not told.all():
        draft.findings.note("category_missing", field="category", count=int((~told).sum()))
    return pd.Series(pd.array(np.where(valid, codes, OTHER), dtype="string"), index=draft.frame.index)


def _channels(draft: Draft, usual: str, values: Mapping[str, str]) -> pd.Series:
    words = draft.text("channel")
    codes = _meant(words, CHANNEL_WORDS, "channel", values)
    valid = np.array([code in CHANNELS for code in codes], dtype=bool)
    strange = np.array([word is not None for word in words], dtype=bool) & ~valid
    if strange.any():
        draft.findings.note("channels_unknown", field="channel", listed=_told(words, strange), channel=usual)
    return pd.Series(pd.array(np.where(valid, codes, usual), dtype="string"), index=draft.frame.index)


def _statuses(draft: Draft, values: Mapping[str, str]) -> pd.Series:
    words = draft.text("status")
    codes = _meant(words, STATUS_WORDS, "status", values)
    valid = np.array([code in STATUSES for code in codes], dtype=bool)
    strange = np.array([word is not None for word in words], dtype=bool) & ~valid
    draft.note(strange, "status_unknown", field="status", value=words)
    stored = [NOT_STORED.get(code, code) if fits else None for code, fits in zip(codes, valid, strict=True)]
    return pd.Series(pd.array(stored, dtype="string"), index=draft.frame.index)


def _settle(draft: Draft, times: Times) -> None:
    """Make status and times agree: what has ended has a time it ended, what is open has none."""
    status = draft.text("status")
    closed, resolved = times["closed_at"], times["resolved_at"]
    told = np.array([word is not None for word in status], dtype=bool)
    by_time = np.where(~np.isnat(closed), "closed", np.where(~np.isnat(resolved), "resolved", "received"))
    status = np.where(told, status, by_time)
    ended = np.isin(status, ENDED)
    solved = np.isin(status, ("resolved", "called_back"))
    resolved = np.where(np.isnat(resolved) & (solved | (status == "closed")), closed, resolved)
    draft.note(~ended & ~solved & ~np.isnat(closed), "closed_but_open", field="closed_at", value=status)
    resolved = np.where(ended | solved, resolved, np.datetime64("NaT"))
    last = np.where(np.isnat(resolved), times["updated_at"], resolved)
    unknown = ended & np.isnat(closed)
    draft.note(unknown & np.isnat(resolved), "closing_time_unknown", field="closed_at")
    closed = np.where(unknown, np.where(np.isnat(last), times["now"], last), closed)
    times["closed_at"] = np.where(ended, closed, np.datetime64("NaT"))
    times["resolved_at"] = np.where(status == "out_of_scope", np.datetime64("NaT"), resolved)
    accepted = times["accepted_at"]
    times["accepted_at"] = np.where(np.isnat(accepted), times["dispatched_at"], accepted)
    draft.frame["status"] = pd.array(status, dtype="string")
    for name in ("received_at", "accepted_at", "dispatched_at", "resolved_at", "closed_at", "called_at"):
        draft.frame[name] = times[name].astype("datetime64[us]")
