"""What the address of the page of care needs says: which needs are listed, which one is open, what is being done."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from geo.people.need_reads import NeedChoice, NeedView
from geo.people.needs import STATUS_LABELS, TASK_LABELS, typed_number

LONGEST_ID = 18
ALL = "all"
NEW, LIST = "new", "list"
VIEWS = (NEW, LIST)
OWN = ("community", "compound", "status", "task", "need", "do", "building")
SEEN = "seen_need_{number}"
DRAFT = "draft_of_need_{number}"
"""Where a session keeps a need as its user saw it, and what they wanted when somebody else was faster."""
EVERY_OPEN = NeedChoice()


@dataclass(frozen=True)
class NeedState:
    """The choices of the page: which needs are listed, the number whose card is open, the task that is begun."""

    choice: NeedChoice = EVERY_OPEN
    number: str | None = None
    view: str | None = None
    building_id: int | None = None

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "NeedState":
        """Read the choices from an address; what makes no sense is left out."""
        status, task, view = query.get("status", "open"), query.get("task"), query.get("do")
        choice = NeedChoice(
            _id(query.get("community")),
            _id(query.get("compound")),
            None if status == ALL else status if status in STATUS_LABELS else "open",
            task if task in TASK_LABELS else None,
        )
        return cls(
            choice,
            typed_number(query.get("need", "")) or None,
            view if view in VIEWS else None,
            _id(query.get("building")),
        )

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        found = {
            "community": str(self.choice.community_id or ""),
            "compound": str(self.choice.compound_id or ""),
            "status": "" if self.choice.status == "open" else self.choice.status or ALL,
            "task": self.choice.task or "",
            "need": self.number or "",
            "do": self.view or "",
            "building": str(self.building_id or ""),
        }
        return {name: value for name, value in found.items() if value}


def _id(written: str | None) -> int | None:
    return int(written) if written and written.isdecimal() and len(written) <= LONGEST_ID else None


def as_seen(now: NeedView) -> NeedView:
    """Return a need as its card first showed it, so that nobody saves over what they never saw."""
    seen: NeedView = st.session_state.setdefault(SEEN.format(number=now.number), now)
    return seen


def let_go(number: str) -> None:
    """Let the forms of a need begin with what it is now."""
    for name in (SEEN, DRAFT):
        st.session_state.pop(name.format(number=number), None)


def open_need_card(number: str | None) -> None:
    """Open the card of a need, or close it."""
    let_go(number or "")
    _put({"need": number, "do": None, "building": None})


def open_view(view: str | None, building_id: int | None = None) -> None:
    """Begin a task of the page (one of VIEWS), at a building where it needs one; None goes back to the list."""
    _put({"do": view, "building": building_id, "need": None})


def _put(wanted: Mapping[str, object]) -> None:
    for name, value in wanted.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


def write_address(state: NeedState) -> None:
    """Let the address say what is chosen."""
    now = st.query_params.to_dict()
    wanted = {name: value for name, value in now.items() if name not in OWN} | state.address()
    if now != wanted:
        st.query_params.from_dict(wanted)
