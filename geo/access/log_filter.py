"""What somebody wants to see of the log, as it stands in an address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

SEEING = frozenset({"reveal", "export_person", "run_with_persons", "export", "export_log"})
"""Actions by which somebody saw, printed or took away what is stored."""
DEFAULT_DAYS = 30
EVERYTHING = "all"
LONGEST_TEXT = 200
TOO_LONG = 19
"""So many digits may no longer fit a key."""

Position = tuple[datetime, int]


@dataclass(frozen=True)
class LogFilter:
    """Which entries are wanted; None and empty mean any.

    view: "did" (all) or "saw" (only what showed or gave away data); from_on and until_on: first and last day;
    who: the name of a user; entity and entity_id: kind and key of a record; words: a part of the note.
    """

    view: str = "did"
    from_on: date | None = None
    until_on: date | None = None
    who: str = ""
    action: str = ""
    entity: str = ""
    entity_id: int | None = None
    community_id: int | None = None
    words: str = ""

    @classmethod
    def from_address(cls, query: Mapping[str, str], *, today: date) -> "LogFilter":
        """Read a filter from an address; what makes no sense is left out, without dates it is the last 30 days.

        >>> LogFilter.from_address({"who": "wang", "from": "x", "about": "building:7"}, today=date(2026, 11, 23))
        LogFilter(view='did', from_on=datetime.date(2026, 10, 24), until_on=None, who='wang', action='', \
entity='building', entity_id=7, community_id=None, words='')
        """
        entity, _colon, key = query.get("about", "").partition(":")
        first = None if query.get("from") == EVERYTHING else _day(query.get("from")) or default_start(today)
        return cls(
            view="saw" if query.get("view") == "saw" else "did",
            from_on=first,
            until_on=_day(query.get("until")),
            who=_text(query.get("who", "")),
            action=_text(query.get("action", "")),
            entity=_text(entity),
            entity_id=_key(key),
            community_id=_key(query.get("community", "")),
            words=_text(query.get("words", "")).strip(),
        )

    def address(self, *, today: date) -> dict[str, str]:
        """Return the filter as it stands in the address, only what is chosen.

        >>> LogFilter(who="wang", from_on=None).address(today=date(2026, 11, 23))
        {'from': 'all', 'who': 'wang'}
        """
        usual = self.from_on == default_start(today)
        about = f"{self.entity}:{self.entity_id}" if self.entity and self.entity_id is not None else self.entity
        found = {
            "view": "" if self.view == "did" else self.view,
            "from": "" if usual else self.from_on.isoformat() if self.from_on else EVERYTHING,
            "until": self.until_on.isoformat() if self.until_on else "",
            "who": self.who,
            "action": self.action,
            "about": about,
            "community": str(self.community_id or ""),
            "words": self.words,
        }
        return {name: value for name, value in found.items() if value}

    def chosen(self, *, today: date) -> dict[str, str]:
        """Return what is chosen for the log's own entry about a file of it; words may name somebody and stay out."""
        return replace(self, words="").address(today=today)


def default_start(today: date) -> date:
    """Return the first day shown when none is chosen."""
    return today - timedelta(days=DEFAULT_DAYS)


def written_position(position: Position) -> str:
    """Return where a page of the log begins, for the address.

    >>> written_position((datetime.fromisoformat("2026-11-23T02:00:00+00:00"), 7))
    '2026-11-23T02:00:00+00:00_7'
    """
    return f"{position[0].isoformat()}_{position[1]}"


def read_position(written: str) -> Position | None:
    """Return where a page of the log begins from the address; None when it does not say so.

    >>> read_position("2026-11-23T02:00:00+00:00_7")[1], read_position("yesterday_7"), read_position("")
    (7, None, None)
    """
    moment, _line, key = written.rpartition("_")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    return (at, int(key)) if at.tzinfo is not None and _key(key) is not None else None


def _text(written: str) -> str:
    return "".join(sign for sign in written if sign.isprintable())[:LONGEST_TEXT]


def _day(written: str | None) -> date | None:
    try:
        return date.fromisoformat(written or "")
    except ValueError:
        return None


def _key(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdecimal() and len(written) < TOO_LONG else None
