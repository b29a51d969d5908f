"""What a run would change in circles at work: taken over one by one."""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.coverage.proposals_study import Change
from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView
from geo.people.circle_writes import change_members
from geo.people.volunteer_reads import VolunteerChoice, volunteers
from geo.store.clock import today
from pages.parts.circle_members import pinned_circle
from pages.parts.circle_words import metres_words, name_words, role_words
from pages.parts.language import rerun_part
from pages.parts.merge import unpin
from pages.parts.need_words import tasks_in_words
from pages.parts.session import act, looking, may


def show_changes(changes: Sequence[Change], at_work: Mapping[int, CircleView]) -> None:
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
        st.toast(_("The circle of need {number} is changed.", number=plain(seen.number)), icon=":material/check:")
        rerun_part()
