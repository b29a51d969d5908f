"""What is chosen on the page of visits; the address says it too, but for who came last: a name stays out of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from geo.people.need_figures import CompoundWithNeeds
from geo.people.needs import typed_number
from geo.people.visit_reads import VisitChoice
from geo.people.visit_rules import STATE_LABELS

LONGEST_ID = 18
OWN = ("community", "compound", "state", "need")
EVERY_DUE = VisitChoice()


@dataclass(frozen=True)
class VisitState:
    """The choices of the page: which visits are listed, the number of the need whose card is open."""

    choice: VisitChoice = EVERY_DUE
    number: str | None = None

    @classmethod
    def from_address(cls, query: Mapping[str, str]) -> "VisitState":
        """Read the choices from an address; what makes no sense is left out."""
        state = query.get("state")
        choice = VisitChoice(
            _id(query.get("community")),
            _id(query.get("compound")),
            state=state if state in STATE_LABELS else None,
        )
        return cls(choice, typed_number(query.get("need", "")) or None)

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        found = {
            "community": str(self.choice.community_id or ""),
            "compound": str(self.choice.compound_id or ""),
            "state": self.choice.state or "",
            "need": self.number or "",
        }
        return {name: value for name, value in found.items() if value}


def _id(written: str | None) -> int | None:
    return int(written) if written and written.isdecimal() and len(written) <= LONGEST_ID else None


def chosen_visits() -> VisitState:
    """Return what is chosen: by the controls once they are there, by the address before."""
    told = VisitState.from_address(st.query_params.to_dict())
    kept = st.session_state
    choice = VisitChoice(
        kept.setdefault("visit_community", told.choice.community_id),
        kept.setdefault("visit_compound", told.choice.compound_id),
        kept.setdefault("visit_visitor", told.choice.visitor),
        kept.setdefault("visit_state", told.choice.state),
    )
    return replace(told, choice=choice)


def visits_within_sight(state: VisitState, known: Sequence[CompoundWithNeeds], names: Sequence[str]) -> VisitState:
    """Return the choices without places and visitors that are not there; of one community only, that one."""
    communities = {row.community_id for row in known}
    only = next(iter(communities)) if len(communities) == 1 else None
    community = state.choice.community_id if state.choice.community_id in communities else only
    compounds = {row.compound_id for row in known if row.community_id == community}
    compound = state.choice.compound_id if community and state.choice.compound_id in compounds else None
    visitor = state.choice.visitor if state.choice.visitor in names else None
    st.session_state.update(visit_community=community, visit_compound=compound, visit_visitor=visitor)
    choice = replace(state.choice, community_id=community, compound_id=compound, visitor=visitor)
    return replace(state, choice=choice)


def open_visit_card(number: str | None) -> None:
    """Open the card of a need among the visits, or close it."""
    if number:
        st.query_params["need"] = number
    else:
        st.query_params.pop("need", None)


def write_visit_address(state: VisitState) -> None:
    """Let the address say what is chosen."""
    now = st.query_params.to_dict()
    wanted = {name: value for name, value in now.items() if name not in OWN} | state.address()
    if now != wanted:
        st.query_params.from_dict(wanted)
