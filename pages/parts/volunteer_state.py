"""What the address of the page of volunteers says: who is listed, whose card is open, what is being done."""

from collections.abc import Mapping
from dataclasses import dataclass

import streamlit as st

from geo.people.volunteer_reads import FOUND, VolunteerChoice, VolunteerView
from geo.people.volunteer_rules import SKILL_LABELS, STATUS_LABELS

LONGEST_ID = 18
ALL = "all"
NEW = "new"
OWN = ("community", "team", "skill", "status", "free", "found", "volunteer", "do", "building")
FREE_HOURS = (0.5, 1.0, 2.0, 4.0)
SEEN = "seen_volunteer_{id}"
DRAFT = "draft_of_volunteer_{id}"
"""Where a session keeps a volunteer as its user saw them, and what they wanted when somebody else was faster."""
ACTIVE = VolunteerChoice()


@dataclass(frozen=True)
class VolunteerState:
    """The choices of the page: who is listed, whose card is open, the task that is begun and its building.

    Part of a name is looked for without standing in the address.
    """

    choice: VolunteerChoice = ACTIVE
    volunteer_id: int | None = None
    view: str | None = None
    building_id: int | None = None

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "VolunteerState":
        """Read the choices from an address; what makes no sense is left out."""
        status, skill, found = query.get("status", "active"), query.get("skill"), query.get("found")
        free = [str(hours) for hours in FREE_HOURS]
        choice = VolunteerChoice(
            community_id=_id(query.get("community")),
            team_id=_id(query.get("team")),
            skill=skill if skill in SKILL_LABELS else None,
            status=None if status == ALL else status if status in STATUS_LABELS else "active",
            free_hours=float(query["free"]) if query.get("free") in free else None,
            found=found if found in FOUND else None,
        )
        view = NEW if query.get("do") == NEW else None
        return cls(choice, _id(query.get("volunteer")), view, _id(query.get("building")))

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        choice = self.choice
        found = {
            "community": str(choice.community_id or ""),
            "team": str(choice.team_id or ""),
            "skill": choice.skill or "",
            "status": "" if choice.status == "active" else choice.status or ALL,
            "free": str(choice.free_hours or ""),
            "found": choice.found or "",
            "volunteer": str(self.volunteer_id or ""),
            "do": self.view or "",
            "building": str(self.building_id or ""),
        }
        return {name: value for name, value in found.items() if value}


def _id(written: str | None) -> int | None:
    return int(written) if written and written.isdecimal() and len(written) <= LONGEST_ID else None


def as_seen(now: VolunteerView) -> VolunteerView:
    """Return a volunteer as their card first showed them, so that nobody saves over what they never saw."""
    seen: VolunteerView = st.session_state.setdefault(SEEN.format(id=now.id), now)
    return seen


def let_go(volunteer_id: int) -> None:
    """Let the forms of a volunteer begin with what is known now."""
    for name in (SEEN, DRAFT):
        st.session_state.pop(name.format(id=volunteer_id), None)


def open_card(volunteer_id: int | None) -> None:
    """Open the card of a volunteer, or close it."""
    let_go(volunteer_id or 0)
    _put({"volunteer": volunteer_id, "do": None, "building": None})


def open_view(view: str | None, building_id: int | None = None) -> None:
    """Begin to record somebody (NEW), at a building once it is chosen; None goes back to the list."""
    _put({"do": view, "building": building_id, "volunteer": None})


def _put(wanted: Mapping[str, object]) -> None:
    for name, value in wanted.items():
        if value is None:
            st.query_params.pop(name, None)
        else:
            st.query_params[name] = str(value)


def write_address(state: VolunteerState) -> None:
    """Let the address say what is chosen."""
    now = st.query_params.to_dict()
    wanted = {name: value for name, value in now.items() if name not in OWN} | state.address()
    if now != wanted:
        st.query_params.from_dict(wanted)
