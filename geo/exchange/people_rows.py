"""Rows of volunteers and of care needs before they are written: doors, skills, times and help in one form."""

import re
from typing import Any

import numpy as np
import pandas as pd

from geo.exchange.doors import DOOR_COLUMNS, match_doors
from geo.exchange.draft import Draft
from geo.exchange.findings import Batch
from geo.exchange.spellings import SKILLS_NAMED, TASKS_NAMED, plain
from geo.exchange.surroundings import Surroundings
from geo.people.rules import plain_phone
from geo.people.tables import SKILLS, TASKS
from geo.people.volunteer_rules import (
    WEEKDAY_LABELS,
    Window,
    clock_span,
    merged_windows,
    overlapping,
    parsed_windows,
    written_windows,
)
from geo.store.texts import shown

VOLUNTEER_COLUMNS = (
    "row", "name", "phone", "community", "compound_name", "team", "skills", "hours_week", "times", "limit_m",
    "birth_year", "party_member", "checked_in_on", *DOOR_COLUMNS,
)  # fmt: skip
NEED_COLUMNS = (
    "row", "name", "phone", "notes", "room", "tasks", "risk_class", "living_alone", "birth_year", "skills",
    "hours_week", "cadence_days", "opened_on", *DOOR_COLUMNS,
)  # fmt: skip
SEALED = ("name", "phone", "notes")
SEPARATORS = re.compile(r"[;；,，、/|+和]+")
HUSHED = "***"


def volunteer_rows(draft: Draft, surroundings: Surroundings) -> None:
    """Bring a roster of volunteers into the form it is written in; what cannot be read becomes a finding."""
    _plain_phones(draft)
    placed = match_doors(draft, surroundings)
    draft.note(~placed, "volunteer_no_place", field="address")
    _listed(draft, "skills", SKILLS_NAMED, SKILLS)
    _times(draft)
    draft.note(draft.frame["hours_week"].isna().to_numpy(dtype=bool), "hours_missing", field="hours_week")


def need_rows(draft: Draft, surroundings: Surroundings) -> None:
    """Bring a roster of care needs into the form it is written in; no finding repeats a name, number or note."""
    hush(draft)
    _plain_phones(draft)
    placed = match_doors(draft, surroundings)
    draft.take_out(~placed, "need_no_place", field="address")
    _listed(draft, "skills", SKILLS_NAMED, SKILLS)
    _listed(draft, "tasks", TASKS_NAMED, TASKS)
    draft.take_out(draft.frame["tasks"].isna().to_numpy(dtype=bool), "tasks_missing", field="tasks")
    unnamed = draft.frame["name"].isna().to_numpy(dtype=bool)
    told = draft.frame[["phone", "notes"]].notna().any(axis=1).to_numpy(dtype=bool)
    draft.note(unnamed & told, "person_unnamed", field="name")


def hush(draft: Draft) -> None:
    """Take what a file says in sealed fields out of the findings: they are kept with the import."""
    batches = draft.findings.batches
    for at, batch in enumerate(batches):
        if batch.field in SEALED and "value" in batch.detail:
            batches[at] = Batch(batch.code, batch.field, batch.rows, {**batch.detail, "value": HUSHED})


def _plain_phones(draft: Draft) -> None:
    draft.frame["phone"] = draft.frame["phone"].map(plain_phone, na_action="ignore").astype("string")


def _listed(draft: Draft, field: str, known: dict[str, str], order: tuple[str, ...]) -> None:
    codes, unknown = listed_codes(draft.text(field).tolist(), known, order)
    draft.frame[field] = pd.array(codes, dtype="string")
    said = np.fromiter((shown(", ".join(words)) for words in unknown), dtype=object, count=len(unknown))
    wrong = np.fromiter((bool(words) for words in unknown), dtype=bool, count=len(unknown))
    draft.note(wrong, "words_unknown", field=field, value=said, choices=", ".join(order))


def listed_codes(
    cells: list[str | None], known: dict[str, str], order: tuple[str, ...]
) -> tuple[list[str | None], list[list[str]]]:
    """Return cells that list several choices as codes with semicolons, and per cell the words nobody knows.

    >>> listed_codes(["陪伴、代购", "飞", None], {"陪伴": "company", "代购": "shopping"}, ("company", "shopping"))
    (['company;shopping', None, None], [[], ['飞'], []])
    """
    codes: list[str | None] = []
    unknown: list[list[str]] = []
    for cell in cells:
        words = [word.strip() for word in SEPARATORS.split(cell or "") if word.strip()]
        found = {known[plain(word)] for word in words if plain(word) in known}
        codes.append(";".join(code for code in order if code in found) or None)
        unknown.append([word for word in words if plain(word) not in known])
    return codes, unknown


def _times(draft: Draft) -> None:
    """Write weekly times in one form: what overlaps is made one and noted, what cannot be read is noted and unknown."""
    written: list[str | None] = []
    unread: list[bool] = []
    twice: list[tuple[Window, Window] | None] = []
    for cell in draft.text("times").tolist():
        windows = parsed_windows(cell) if cell else []
        unread.append(windows is None)
        both = overlapping(windows or [])
        twice.append(both[0] if both else None)
        written.append(written_windows(merged_windows(windows or [])) or None)
    values = np.array([shown(cell) if cell else None for cell in draft.text("times")], dtype=object)
    draft.note(np.array(unread, dtype=bool), "times_unreadable", field="times", value=values)
    day, first, second = (_told(twice, side) for side in range(3))
    clash = np.array([both is not None for both in twice], dtype=bool)
    draft.note(clash, "times_overlap", field="times", day=day, first=first, second=second)
    draft.frame["times"] = pd.array(written, dtype="string")


def _told(pairs: list[tuple[Window, Window] | None], place: int) -> Any:
    """Return of each pair that overlaps its weekday (0), its first (1) or its second time (2), without the language."""
    words = [None if pair is None else (WEEKDAY_LABELS[pair[0].weekday], *map(clock_span, pair)) for pair in pairs]
    return np.array([None if word is None else word[place] for word in words], dtype=object)
