"""What is chosen on the board of requests; the address says it too, so that a view can be shared."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import streamlit as st

from geo.i18n import N_
from geo.requests.board import VIEW_LABELS, BoardChoice
from geo.requests.rules import STATUS_LABELS
from geo.store.clock import today

LONGEST_ID, LONGEST_NUMBER = 18, 100
PERIODS = {"": N_("Any time"), "7": N_("7 days"), "30": N_("30 days"), "90": N_("90 days"), "365": N_("A year")}
OWN = ("view", "community", "category", "status", "period", "request")
USUAL = "open"


@dataclass(frozen=True)
class RequestState:
    """The choices of the page: which requests are listed, the number of the one whose card is open."""

    choice: BoardChoice
    period: str = ""
    number: str | None = None

    def address(self) -> dict[str, str]:
        """Return the choices as they stand in the address, only what is chosen."""
        found = {
            "view": "" if self.choice.view == USUAL else self.choice.view,
            "community": str(self.choice.community_id or ""),
            "category": self.choice.category or "",
            "status": self.choice.status or "",
            "period": self.period,
            "request": self.number or "",
        }
        return {name: value for name, value in found.items() if value}


def state_of(query: Mapping[str, str]) -> RequestState:
    """Read the choices from an address; what makes no sense is left out."""
    view, status, period = query.get("view", USUAL), query.get("status"), query.get("period", "")
    community = query.get("community", "")
    choice = BoardChoice(
        view if view in VIEW_LABELS else USUAL,
        int(community) if community.isdecimal() and len(community) <= LONGEST_ID else None,
        query.get("category") or None,
        status if status in STATUS_LABELS else None,
    )
    return RequestState(choice, period if period in PERIODS else "", query.get("request", "")[:LONGEST_NUMBER] or None)


def chosen_requests(communities: Collection[int], categories: Collection[str]) -> RequestState:
    """Return what is chosen: by the controls once they are there, by the address before; only what is there."""
    told, kept = state_of(st.query_params.to_dict()), st.session_state
    view = kept.setdefault("request_view", told.choice.view) or USUAL
    community = kept.setdefault("request_community", told.choice.community_id)
    category = kept.setdefault("request_category", told.choice.category)
    only = next(iter(communities)) if len(communities) == 1 else None
    community = community if community in communities else only
    category = category if category in categories else None
    kept.update(request_view=view, request_community=community, request_category=category)
    status = kept.setdefault("request_status", told.choice.status)
    period = kept.setdefault("request_period", told.period) or ""
    since = today() - timedelta(days=int(period) - 1) if period else None
    return replace(told, choice=BoardChoice(view, community, category, status, since), period=period)


def open_request(number: str | None) -> None:
    """Open the card of a request, or close it."""
    if number:
        st.query_params["request"] = number
    else:
        st.query_params.pop("request", None)


def write_request_address(state: RequestState) -> None:
    """Let the address say what is chosen."""
    now = st.query_params.to_dict()
    wanted = {name: value for name, value in now.items() if name not in OWN} | state.address()
    if now != wanted:
        st.query_params.from_dict(wanted)
