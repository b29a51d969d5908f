"""The times of a file of requests: read column by column, judged against the day they came and today."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from geo.exchange.draft import Draft
from geo.exchange.moments import YEAR_LAST, is_day_first, parsed_moment
from geo.requests.draft import AHEAD
from geo.settings import settings

Moments = npt.NDArray[np.datetime64]
Times = dict[str, Moments]
RECEIVED = "received_at"
LATER = ("accepted_at", "dispatched_at", "resolved_at", "closed_at", "updated_at", "called_at")
SILENT = ("updated_at",)
"""Times that only stand in for others: nothing is said of those that cannot be."""


def read_times(draft: Draft, now: datetime) -> Times:
    """Return the moments of every row in UTC; rows that came in the future or at no known time are taken out.

    Times that cannot be read, lie before the request came or are still to come are noted and unknown.
    """
    texts = {name: draft.text(name) for name in (RECEIVED, *LATER)}
    zone = ZoneInfo(settings().time_zone)
    months_first = [name for name in texts if is_day_first(_written(texts[name])) is None and _slashed(texts[name])]
    for name in months_first:
        draft.findings.note("months_first", field=name)
    times = {name: _moments(texts[name], zone) for name in texts}
    unread = {name: np.isnat(times[name]) & _is_told(texts[name]) for name in texts}
    latest = _utc(now + AHEAD)
    refused = np.isnat(times[RECEIVED])
    draft.note(refused & ~unread[RECEIVED], "required_missing", field=RECEIVED)
    draft.note(unread[RECEIVED], "moment_unreadable", field=RECEIVED, value=texts[RECEIVED])
    ahead = times[RECEIVED] > latest
    draft.note(ahead, "received_in_future", field=RECEIVED, value=texts[RECEIVED])
    for name in LATER:
        early, late = times[name] < times[RECEIVED], times[name] > latest
        if name not in SILENT:
            draft.note(unread[name], "moment_unknown", field=name, value=texts[name])
            said = {"value": texts[name], "received": texts[RECEIVED]}
            draft.note(early & ~refused & ~ahead, "moment_before_received", field=name, **said)
            draft.note(late, "moment_in_future", field=name, value=texts[name])
        times[name][early | late] = np.datetime64("NaT")
    keep = ~refused & ~ahead
    draft.keep(keep)
    kept = {name: moments[keep] for name, moments in times.items()}
    return kept | {"now": np.full(len(draft), _utc(now))}


def _utc(moment: datetime) -> np.datetime64:
    return np.datetime64(moment.astimezone(UTC).replace(tzinfo=None), "us")


def _is_told(texts: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
    return np.array([text is not None for text in texts], dtype=bool)


def _written(texts: npt.NDArray[np.object_]) -> list[str]:
    return [text for text in texts if text is not None]


def _slashed(texts: npt.NDArray[np.object_]) -> bool:
    """Tell whether a column has dates that end in their year."""
    return any(YEAR_LAST.match(text) for text in _written(texts))


def _moments(texts: npt.NDArray[np.object_], zone: ZoneInfo) -> Moments:
    day_first = bool(is_day_first(_written(texts)))
    read = {text: parsed_moment(text, zone, day_first=day_first) for text in set(_written(texts))}
    found = [None if text is None else read[text] for text in texts]
    plain = [None if moment is None else moment.replace(tzinfo=None) for moment in found]
    return np.array(plain, dtype="datetime64[us]")
