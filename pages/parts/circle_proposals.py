"""Proposed circles: have them looked for, then accept, change or refuse each; what is not met, and why."""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.coverage.proposals_study import latest_pairing
from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, circles
from geo.people.circle_rules import AT_WORK, MAX_REASON
from geo.people.circle_writes import accept_circles, move_circle
from geo.people.need_reads import needs
from geo.store.clock import today
from pages.parts.circle_changes import show_changes
from pages.parts.circle_members import pinned_circle
from pages.parts.circle_result import show_gaps, show_result
from pages.parts.circle_run import show_run
from pages.parts.circle_state import RotaState, open_circle
from pages.parts.circle_words import circle_hours, members_words, metres_words
from pages.parts.language import rerun_part
from pages.parts.merge import unpin
from pages.parts.need_words import tasks_in_words
from pages.parts.session import act, looking, may
from pages.parts.volunteer_words import hours_words


def show_proposals(state: RotaState) -> None:
    """Show the way to a run, what the last one came to, and every proposal with what may be decided."""
    community_id = state.community_id or 0
    with looking() as connection:
        found = latest_pairing(connection, community_id)
        waiting = circles(connection, community_id=community_id, statuses=("proposed",))
        at_work = {one.id: one for one in circles(connection, community_id=community_id, statuses=AT_WORK)}
        places = {one.id: one for one in needs(connection, community_id=community_id, status=None)} if found else {}
    if may("edit_circles") and show_run(state, first=found is None and not waiting):
        return
    if found:
        show_result(found.study)
    _show_waiting(waiting)
    if found:
        show_changes(found.changes, at_work)
        show_gaps(found.gaps, places)
    elif not waiting:
        st.info(
            _("Nothing has been proposed here yet. A run looks for volunteers near each need that agreed to it."),
            icon=":material/lightbulb:",
        )


def _show_waiting(waiting: Sequence[CircleView]) -> None:
    if not waiting:
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(_("Proposals waiting ({count})", count=number(len(waiting))), anchor=False)
        if may("edit_circles") and len(waiting) > 1:
            st.button(
                _("Accept all {count} on trial", count=number(len(waiting))), key="accept_all",
                icon=":material/done_all:", on_click=_accept_all, args=({one.id: one.version for one in waiting},),
            )  # fmt: skip
    for one in waiting:
        _show_proposal(one)


def _accept_all(versions: Mapping[int, int]) -> None:
    done = act(lambda session: accept_circles(session, versions, on=today()))
    if done:
        unpin()
        st.toast(_("{count} circles begin on trial.", count=number(done)), icon=":material/check:")


def _show_proposal(now: CircleView) -> None:
    with st.container(border=True, key=f"proposal_{now.id}"):
        st.markdown(f"{plain(now.door)} · {plain(now.number)} · {plain(tasks_in_words(now.tasks))}")
        st.markdown(members_words(now.members))
        metres = [one.distance_m for one in now.members if one.role != "backup" and one.distance_m is not None]
        st.caption(
            _("{hours} a week together, {metres} on foot in all", hours=hours_words(circle_hours(now)),
              metres=metres_words(sum(metres)))
        )  # fmt: skip
        if may("edit_circles"):
            _show_decision(now)


def _show_decision(now: CircleView) -> None:
    seen = pinned_circle(now)
    with st.container(horizontal=True):
        accept = st.button(_("Accept on trial"), key=f"accept_{now.id}", type="primary", icon=":material/check:")
        st.button(_("Change"), key=f"change_{now.id}", icon=":material/edit:", on_click=open_circle, args=(now.id,))
        with st.popover(_("Refuse"), icon=":material/close:"):
            reason = st.text_input(
                _("Why, without names"), key=f"why_not_{now.id}", max_chars=MAX_REASON, autocomplete="off"
            )
            refuse = st.button(_("Refuse this proposal"), key=f"refuse_{now.id}")
    if accept or refuse:
        _decide(seen, "trial" if accept else "ended", reason)


def _decide(seen: CircleView, status: str, reason: str) -> None:
    done = act(
        lambda session: (
            move_circle(session, seen.id, status, on=today(), version=seen.version, reason=reason or None), True,
        )[1]
    )  # fmt: skip
    if done:
        unpin()
        words = _("accepted") if status == "trial" else _("refused")
        told = _("Proposal for need {number}: {what}", number=plain(seen.number), what=words)
        st.toast(told, icon=":material/check:")
        rerun_part()
