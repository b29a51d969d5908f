"""Findings: what was noticed at which row, how it was repaired or why it was refused, kept as arrays."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geo.exchange.kinds import field_title
from geo.exchange.messages import MESSAGES, WORDS
from geo.i18n import _, listed

Rows = npt.NDArray[np.int64]
WHOLE_FILE = 0
METRES = ("_m", "_m2", "_km")
MANY = 100


@dataclass(frozen=True)
class Finding:
    """One finding at one row (0 is the file as a whole), as it is shown or stored."""

    row: int
    field: str | None
    code: str
    outcome: str
    detail: Mapping[str, Any]

    def text(self) -> str:
        """Return what was found and what to do, in the language of the current context."""
        return finding_text(self.code, self.field, self.detail)


def finding_text(code: str, field: str | None, detail: Mapping[str, Any]) -> str:
    """Return the sentence of a finding, in the language of the current context.

    >>> finding_text("sliver", "geom", {"area_m2": 0.2})
    'The outline covers only 0.2 m²: draw the whole outline.'
    >>> finding_text("place_ambiguous", None, {"value": "3号楼", "proposals": ["甲园3号楼 (b1)", "乙园3号楼 (b2)"]})
    '3号楼 matches more than one place: 甲园3号楼 (b1), 乙园3号楼 (b2). Add the compound or the code.'
    """
    values = {name: _measured(name, value) for name, value in detail.items()}
    return _(MESSAGES[code][1], **{"field": field_title(field or ""), **values})


def _measured(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return listed(value) or "-"
    if isinstance(value, str) and value in WORDS:
        return _(WORDS[value])
    large = isinstance(value, float) and abs(value) >= MANY
    return f"{value:,.0f}" if large and name.endswith(METRES) else value


@dataclass(frozen=True)
class Batch:
    """The same finding at many rows; a detail is one value for all of them or an array with one value per row."""

    code: str
    field: str | None
    rows: Rows
    detail: Mapping[str, Any]

    @property
    def outcome(self) -> str:
        """What becomes of the rows: accepted, repaired or refused."""
        return MESSAGES[self.code][0]

    def at(self, position: int) -> Finding:
        """Return the finding at this position of the batch."""
        detail = {
            name: _plain(value[position]) if isinstance(value, np.ndarray) else value
            for name, value in self.detail.items()
        }
        return Finding(int(self.rows[position]), self.field, self.code, self.outcome, detail)


class Findings:
    """All findings of one file, in batches; a row that is refused once is refused."""

    def __init__(self, batches: list[Batch] | None = None) -> None:
        self.batches: list[Batch] = batches or []

    def add(self, code: str, rows: Rows | list[int], *, field: str | None = None, **detail: Any) -> None:
        """Note the finding `code` (a key of MESSAGES) at these rows; array details have one value per row."""
        numbers = np.asarray(rows, dtype=np.int64)
        if numbers.size:
            self.batches.append(Batch(code, field, numbers, detail))

    def note(self, code: str, *, field: str | None = None, **detail: Any) -> None:
        """Note the finding `code` about the file as a whole."""
        self.add(code, [WHOLE_FILE], field=field, **detail)

    def withdraw(self, code: str) -> list[Batch]:
        """Forget the findings of this code and return them."""
        withdrawn = [batch for batch in self.batches if batch.code == code]
        self.batches = [batch for batch in self.batches if batch.code != code]
        return withdrawn

    def __len__(self) -> int:
        return sum(batch.rows.size for batch in self.batches)

    def __iter__(self) -> Iterator[Finding]:
        for batch in self.batches:
            for position in range(batch.rows.size):
                yield batch.at(position)

    def rows_with(self, outcome: str) -> Rows:
        """Return the sorted row numbers that have a finding with this outcome."""
        parts = [batch.rows for batch in self.batches if batch.outcome == outcome]
        rows = np.unique(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)
        return rows[rows != WHOLE_FILE]

    def counts(self, rows: Rows) -> dict[str, int]:
        """Return how many of the input rows ended accepted, repaired and refused; each row counts once.

        >>> found = Findings(); found.add("sliver", [3], area_m2=0.2); found.add("z_dropped", [3, 4])
        >>> found.counts(np.arange(1, 6))
        {'read': 5, 'accepted': 3, 'repaired': 1, 'refused': 1}
        """
        everything = rows if (rows[1:] > rows[:-1]).all() else np.unique(rows)
        if not any(batch.outcome != "accepted" for batch in self.batches):
            return {"read": int(everything.size), "accepted": int(everything.size), "repaired": 0, "refused": 0}
        refused = np.intersect1d(everything, self.rows_with("refused"), assume_unique=True)
        repaired = np.setdiff1d(
            np.intersect1d(everything, self.rows_with("repaired"), assume_unique=True), refused, assume_unique=True
        )
        return {
            "read": int(everything.size),
            "accepted": int(everything.size - refused.size - repaired.size),
            "repaired": int(repaired.size),
            "refused": int(refused.size),
        }

    def by_code(self) -> dict[str, int]:
        """Return how many rows each finding code was noted at, most frequent first."""
        totals: dict[str, int] = {}
        for batch in self.batches:
            totals[batch.code] = totals.get(batch.code, 0) + batch.rows.size
        return dict(sorted(totals.items(), key=lambda item: -item[1]))

    def frame(self, limit: int | None = None) -> pd.DataFrame:
        """Return the findings as a frame with row, field, code, outcome, detail (a dict), in row order,
        at most `limit`.
        """
        listed = [(f.row, f.field, f.code, f.outcome, dict(f.detail)) for f in self._first(limit)]
        return pd.DataFrame(listed, columns=["row", "field", "code", "outcome", "detail"])

    def _first(self, limit: int | None) -> list[Finding]:
        if not self.batches:
            return []
        numbers = np.concatenate([batch.rows for batch in self.batches])
        batch_of = np.repeat(np.arange(len(self.batches)), [batch.rows.size for batch in self.batches])
        position = np.concatenate([np.arange(batch.rows.size) for batch in self.batches])
        order = np.argsort(numbers, kind="stable")[:limit]
        return [self.batches[batch_of[index]].at(position[index]) for index in order]

    def dump(self) -> str:
        """Return the findings as JSON; `load` reads it back."""
        return json.dumps(
            [
                {
                    "code": batch.code,
                    "field": batch.field,
                    "rows": batch.rows.tolist(),
                    "scalars": {k: v for k, v in batch.detail.items() if not isinstance(v, np.ndarray)},
                    "arrays": {k: [_plain(x) for x in v] for k, v in batch.detail.items() if isinstance(v, np.ndarray)},
                }
                for batch in self.batches
            ],
            ensure_ascii=False,
        )

    @classmethod
    def load(cls, text: str) -> "Findings":
        """Return the findings that `dump` wrote."""
        return cls(
            [
                Batch(
                    item["code"],
                    item["field"],
                    np.asarray(item["rows"], dtype=np.int64),
                    {**item["scalars"], **{name: _objects(values) for name, values in item["arrays"].items()}},
                )
                for item in json.loads(text)
            ]
        )


def _objects(values: list[Any]) -> npt.NDArray[Any]:
    return np.fromiter(values, dtype=object, count=len(values))


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
