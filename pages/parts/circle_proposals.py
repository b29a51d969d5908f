"""Proposed circles: have them looked for, then accept, change or refuse each; what is not met, and why."""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.coverage.proposals_study import Change, latest_pairing
from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, circles
from geo.people.circle_rules import AT_WORK, MAX_REASON
from geo.people.circle_writes import accept_circles, change_members, move_circle
from geo.people.need_reads import needs
from geo.people.volunteer_reads import VolunteerChoice, volunteers
from geo.store.clock import today
from pages.parts.circle_members import pinned_circle
from pages.parts.circle_result import show_gaps, show_result
from pages.parts.circle_run import show_run
from pages.parts.circle_state import RotaState, open_circle
from pages.parts.circle_words import circle_hours, members_words, metres_words, name_words, role_words
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
        _show_changes(found.changes, at_work)
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
        st.toast(_("Proposal for need {number}: {what}", number=seen.number, what=words), icon=":material/check:")
        rerun_part()


def _show_changes(changes: Sequence[Change], at_work: Mapping[int, CircleView]) -> None:
    """Show what the run would change in circles at work; those that are so already are left out."""
    open_changes = [
        (at_work[one.circle_id], one)
        for one in changes
        if one.circle_id in at_work
        and {member.volunteer_id for member in one.members}
        != {member.volunteer_id for member in at_work[one.circle_id].members}
    ]
    if not open_changes:
        return
    st.subheader(_("Changes to circles at work ({count})", count=number(len(open_changes))), anchor=False)
    with looking() as connection:
        choice = VolunteerChoice(community_id=open_changes[0][0].community_id, status=None)
        names = {one.id: one.name for one in volunteers(connection, choice)}
    for circle, change in open_changes:
        _show_change(circle, change, names)


def _show_change(circle: CircleView, change: Change, names: Mapping[int, str | None]) -> None:
    there = {one.volunteer_id for one in circle.members}
    then = {one.volunteer_id for one in change.members}
    with st.container(border=True, key=f"change_of_{circle.id}"):
        st.markdown(f"{plain(circle.door)} · {plain(circle.number)} · {plain(tasks_in_words(circle.tasks))}")
        for one in change.members:
            if one.volunteer_id not in there:
                who = name_words(names.get(one.volunteer_id), one.volunteer_id)
                said = " · ".join((who, role_words(one), metres_words(one.distance_m)))
                st.markdown(f"- :material/person_add: {plain(said)}")
        for present in circle.members:
            if present.volunteer_id not in then:
                st.markdown(f"- :material/person_remove: {plain(name_words(present.name, present.volunteer_id))}")
        if may("edit_circles") and st.button(_("Take over"), key=f"take_{circle.id}", icon=":material/check:"):
            _take_over(pinned_circle(circle), change)


def _take_over(seen: CircleView, change: Change) -> None:
    done = act(
        lambda session: (
            change_members(session, seen.id, change.members, on=today(), version=seen.version), True,
        )[1]
    )  # fmt: skip
    if done:
        unpin()
        st.toast(_("The circle of need {number} is changed.", number=seen.number), icon=":material/check:")
        rerun_part()
