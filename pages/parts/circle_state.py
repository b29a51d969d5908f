"""What the address of the page of circles and rota says: what is looked at, where, which week, whose card is open."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import streamlit as st

from geo.i18n import N_
from geo.people.circle_rules import STATUS_LABELS
from geo.planning.shift_rules import monday_of
from geo.store.clock import today

LONGEST_ID = 18
VIEW_LABELS = {"circles": N_("Circles"), "proposals": N_("Proposals"), "week": N_("Week")}
CURRENT = "current"
OWN = ("view", "community", "status", "circle", "week", "shift", "volunteer", "job")
NEAR_WEEKS = 520


@dataclass(frozen=True)
class RotaState:
    """The choices of the page: view (a key of VIEW_LABELS), community, status of circles (CURRENT: not ended), the
    circle and the shift whose card is open, the Monday of the week, the volunteer whose week it is, the job followed.
    """

    view: str = "circles"
    community_id: int | None = None
    status: str = CURRENT
    circle_id: int | None = None
    monday: date = date.min
    shift_id: int | None = None
    volunteer_id: int | None = None
    job_id: int | None = None

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "RotaState":
        """Read the choices from an address; what makes no sense is left out."""
        view, status = query.get("view", "circles"), query.get("status", CURRENT)
        return cls(
            view if view in VIEW_LABELS else "circles",
            _id(query.get("community")),
            status if status in STATUS_LABELS else CURRENT,
            _id(query.get("circle")),
            _monday(query.get("week")),
            _id(query.get("shift")),
            _id(query.get("volunteer")),
            _id(query.get("job")),
        )

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        found = {
            "view": "" if self.view == "circles" else self.view,
            "community": str(self.community_id or ""),
            "status": "" if self.status == CURRENT else self.status,
            "circle": str(self.circle_id or ""),
            "week": "" if self.monday == monday_of(today()) else self.monday.isoformat(),
            "shift": str(self.shift_id or ""),
            "volunteer": str(self.volunteer_id or ""),
            "job": str(self.job_id or ""),
        }
        return {name: value for name, value in found.items() if value}


def _id(written: str | None) -> int | None:
    return int(written) if written and written.isdecimal() and len(written) <= LONGEST_ID else None


def _monday(written: str | None) -> date:
    now = monday_of(today())
    try:
        wanted = monday_of(date.fromisoformat(written or ""))
    except (ValueError, OverflowError):
        return now
    return wanted if abs(wanted - now) <= timedelta(weeks=NEAR_WEEKS) else now


def put(**wanted: object) -> None:
    """Put choices into the address; None takes one out."""
    for name, value in wanted.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


def open_circle(circle_id: int | None) -> None:
    """Open the card of a circle, or close it."""
    put(circle=circle_id)
    open_view("circles")


def open_view(view: str) -> None:
    """Go to a view of the page (a key of VIEW_LABELS)."""
    put(view=view)
    st.session_state["rota_view"] = view


def open_shift(shift_id: int | None) -> None:
    """Open the card of a shift, or close it."""
    put(shift=shift_id)


def write_address(state: RotaState) -> None:
    """Let the address say what is chosen."""
    now = st.query_params.to_dict()
    wanted = {name: value for name, value in now.items() if name not in OWN} | state.address()
    if now != wanted:
        st.query_params.from_dict(wanted)
