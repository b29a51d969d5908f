"""Whose time is over: how many persons are due for erasure, and the purge, which says how many before it does it."""

from collections import Counter

import streamlit as st

from geo.access.retention import Due, due, purge
from geo.i18n import _, day, labelled, listed, number
from geo.maps.safe_text import plain
from geo.people.need_reads import needs_of_person
from geo.places.reads import communities
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.language import fragment, rerun_part
from pages.parts.session import act, looking

NAMED = 20


@fragment
def show_due() -> None:
    """Show what is due for erasure in the visitor's communities, by community, and offer the purge."""
    with st.expander(_("Due for erasure")):
        with looking() as connection:
            found = due(connection, on=today())
            days = int(parameters(connection)["person_retention_days"])
            names = {row.id: row.name for row in communities(connection)} if found else {}
        st.caption(
            _(
                "After a person's last need has ended, everything about them is kept {count} days (a number of this "
                "city, under Parameters); then it is due for erasure.",
                count=number(days),
            )
        )
        if not found:
            st.success(_("Nobody is kept for too long, on {day}.", day=day(today())), icon=":material/check_circle:")
            return
        _show_found(found, names)
        _ask(len(found))


def _show_found(found: list[Due], names: dict[int, str]) -> None:
    for community_id, persons in Counter(one.community_id for one in found).most_common():
        oldest = min(one.retain_until for one in found if one.community_id == community_id)
        st.markdown(
            labelled(
                plain(names.get(community_id, "")),
                _("persons: {count}, kept until {day} or later", count=number(persons), day=day(oldest)),
            )
        )
    with looking() as connection:
        numbers = [need.number for one in found[:NAMED] for need in needs_of_person(connection, one.person_id)]
    if numbers:
        st.caption(labelled(_("Their needs, the longest over first"), listed(numbers)))


def _ask(count: int) -> None:
    with st.popover(_("Erase all who are due ({count})", count=number(count)), icon=":material/delete_forever:"):
        st.markdown(
            _(
                "Erase everything about all who are due (persons: {count})? Their needs keep the building only. "
                "This cannot be undone.",
                count=number(count),
            )
        )
        if st.button(_("Erase for good"), key="purge", width="stretch"):
            done = act(lambda session: purge(session, on=today()))
            if done is not None:
                st.toast(_("Erased persons: {count}", count=number(done)), icon=":material/check:")
                rerun_part()
