"""Studies as pages and jobs know them: what is kept, what is shown, and when one is stale (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any

import pandas as pd

from geo.i18n import N_

KIND_LABELS = {
    "coverage": N_("Coverage"),
    "reach": N_("Walking distances"),
    "patches": N_("Fair patches"),
    "pairing": N_("Care circles"),
    "rota": N_("Rota"),
    "years_ahead": N_("Years ahead"),
    "what_if": N_("What if"),
    "siting": N_("Siting"),
    "hotspots": N_("Hotspots"),
}
RESTS_ON = {
    "coverage": ("places", "posts", "care"),
    "reach": ("places",),
    "patches": ("places", "posts"),
    "pairing": ("places", "care"),
    "rota": ("care",),
    "years_ahead": ("places",),
    "what_if": ("places", "posts", "care"),
    "siting": ("places",),
    "hotspots": ("requests", "places"),
}
"""The topics whose change makes a study of a kind stale."""


@dataclass(frozen=True)
class StudyDraft:
    """A study before it is kept: community_id None for the whole city; the frame holds ids and numbers, never names."""

    kind: str
    name: str
    community_id: int | None
    asked: Mapping[str, Any]
    figures: Mapping[str, Any]
    frame: pd.DataFrame | None = None


@dataclass(frozen=True)
class StudyView:
    """A kept study: what was asked, the city's numbers it used, what it found, and what changed since."""

    id: int
    kind: str
    name: str
    community_id: int | None
    asked: dict[str, Any]
    parameters: dict[str, Any]
    figures: dict[str, Any]
    made_by: str
    made_at: datetime
    data_on: date
    note: str | None
    changed_since: tuple[str, ...]

    @property
    def stale(self) -> bool:
        """Whether what it rests on has changed since."""
        return bool(self.changed_since)


def changed_topics(kind: str, then: Mapping[str, int], now: Mapping[str, int]) -> tuple[str, ...]:
    """Return the topics a kind of study rests on whose version is not what it was.

    >>> changed_topics("reach", {"places": 3, "posts": 1}, {"places": 4, "posts": 2})
    ('places',)
    """
    return tuple(topic for topic in RESTS_ON[kind] if then.get(topic, 0) != now.get(topic, 0))


def packed(frame: pd.DataFrame | None) -> bytes | None:
    """Return a frame as the bytes of a Parquet file, None for none."""
    if frame is None:
        return None
    buffer = BytesIO()
    frame.to_parquet(buffer, index=False, compression="zstd")
    return buffer.getvalue()
