"""Choosing who sees to requests: a colleague or an organisation; for one request, or for several at once."""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.i18n import _, number
from geo.requests.assign_writes import bulk_assign
from geo.requests.board import RequestView
from geo.requests.request_reads import Organisation, colleagues, organisations
from geo.requests.rules import StepInput
from pages.parts.language import rerun_part
from pages.parts.session import act, looking


def who_is_there(community_id: int) -> tuple[dict[str, str], list[Organisation]]:
    """Return colleagues (user names with the names people read) and organisations of a community."""
    with looking() as connection:
        return colleagues(connection, community_id), organisations(connection, community_id)


def ask_assignee(key: str, community_id: int, *, owner: str | None = None) -> StepInput:
    """Ask for a colleague and an organisation; either may stay open."""
    people, known = who_is_there(community_id)
    names = {one.id: one.name for one in known}
    left, right = st.columns(2)
    chosen = left.selectbox(
        _("Colleague"), [None, *people], index=_position(people, owner), key=f"{key}_owner", placeholder=_("nobody"),
        format_func=lambda name: people[name] if name else _("nobody"),
    )  # fmt: skip
    organisation = right.selectbox(
        _("Organisation"), [None, *names], key=f"{key}_organisation", placeholder=_("none"),
        format_func=lambda one: names[one] if one else _("none"),
    )  # fmt: skip
    return StepInput(owner=chosen, organisation_id=organisation)


def _position(people: Mapping[str, str], owner: str | None) -> int:
    return 1 + list(people).index(owner) if owner in people else 0


def show_bulk_assign(chosen: Sequence[RequestView]) -> None:
    """Offer to give the chosen requests to somebody; they have to be of one community."""
    communities = {one.community_id for one in chosen}
    if not chosen:
        st.caption(_("Mark the requests to give to somebody at the left of the list."))
    elif len(communities) > 1:
        st.caption(
            _("These are requests of {count} communities. Choose one community.", count=number(len(communities)))
        )
    else:
        with st.form("bulk_assign", border=True):
            st.markdown(_("Give {count} requests to", count=number(len(chosen))))
            given = ask_assignee("bulk", communities.pop())
            asked = st.form_submit_button(_("Assign"), icon=":material/assignment_ind:", type="primary")
        if asked:
            ids = [one.id for one in chosen]
            done = act(lambda session: bulk_assign(session, ids, given))
            if done:
                st.toast(_("{count} requests were assigned.", count=number(done)), icon=":material/check:")
                st.session_state["requests_turn"] = st.session_state.get("requests_turn", 0) + 1
                rerun_part()
