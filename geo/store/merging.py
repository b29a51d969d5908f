"""Two people changed one record: what each of them changed, and the record that holds the work of both."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Difference:
    """A field that somebody changed: as I saw it, as it is now, as I want it."""

    name: str
    seen: Any
    theirs: Any
    mine: Any

    @property
    def is_conflict(self) -> bool:
        """Whether both changed it, to different values: only a person can decide."""
        return self.theirs != self.seen and self.mine not in (self.seen, self.theirs)

    @property
    def is_mine(self) -> bool:
        """Whether only I changed it."""
        return self.theirs == self.seen


def differences(seen: Record, theirs: Record, mine: Record) -> list[Difference]:
    """Return the fields that either side changed, in the order of what was seen; a field not in mine is as seen.

    >>> [one.name for one in differences({"a": 1, "b": 2, "c": 3}, {"a": 9, "b": 2, "c": 3}, {"b": 8})]
    ['a', 'b']
    """
    found = (Difference(name, was, theirs.get(name), mine.get(name, was)) for name, was in seen.items())
    return [one for one in found if one.theirs != one.seen or one.mine != one.seen]


def undecided(found: Collection[Difference], decided: Collection[str]) -> list[str]:
    """Return the names of conflicts nobody has decided yet.

    >>> undecided(differences({"a": 1}, {"a": 2}, {"a": 3}), [])
    ['a']
    """
    return [one.name for one in found if one.is_conflict and one.name not in decided]


def to_write(found: Collection[Difference], take_mine: Mapping[str, bool]) -> dict[str, Any]:
    """Return the fields to write over what is there now: mine alone, and mine where a conflict was decided so.

    take_mine: for every conflict whether mine holds; KeyError while one is undecided.

    >>> to_write(differences({"a": 1, "b": 2}, {"a": 9, "b": 7}, {"a": 5, "b": 2}), {"a": True})
    {'a': 5}
    """
    return {
        one.name: one.mine
        for one in found
        if one.mine != one.theirs and (take_mine[one.name] if one.is_conflict else one.is_mine)
    }
