"""Who is in a care circle: change what somebody does, take out, swap, add; the history keeps who was there."""

from collections.abc import Sequence

import streamlit as st

from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, Joiner, MemberView, joiners
from geo.people.circle_rules import MAX_REASON, Member
from geo.people.circle_writes import change_members
from geo.people.tables import CIRCLE_SIZE
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.circle_fields import choose_joiner, member_fields
from pages.parts.circle_words import name_words, role_words
from pages.parts.language import rerun_part
from pages.parts.merge import pinned, unpin
from pages.parts.session import act, looking


def pinned_circle(now: CircleView) -> CircleView:
    """Return a circle as its forms first showed it, and say when somebody has changed it since."""
    seen = pinned(f"circle_{now.id}", now)
    if seen.version != now.version:
        st.info(_("Somebody changed this since you opened it. What you typed stays."), icon=":material/update:")
        st.button(_("Show the new state"), on_click=unpin, key=f"unpin_circle_{now.id}")
    return seen


def show_members(now: CircleView) -> None:
    """Show each member with what may be changed, and who could join, the nearest first."""
    seen = pinned_circle(now)
    with looking() as connection:
        city = parameters(connection)
        others = joiners(
            connection, now.id, factor=city["straight_line_factor"], usual_limit_m=city["volunteer_limit_m"]
        )
    for one in seen.members:
        with st.expander(plain(f"{name_words(one.name, one.volunteer_id)} · {role_words(one)}")):
            _show_member(seen, one, others)
    most = min(int(city["circle_size"]), CIRCLE_SIZE)
    if len(seen.members) >= most:
        st.caption(_("A circle has {count} volunteers at most. Take somebody out before you add one.", count=most))
    elif others:
        _show_joining(seen, others)
    else:
        st.caption(_("Nobody else volunteers in this community. Record volunteers first."))


def _show_member(circle: CircleView, one: MemberView, others: Sequence[Joiner]) -> None:
    key = f"{circle.id}_{circle.version}_{one.volunteer_id}"
    wanted = member_fields(one.member, circle.tasks, key)
    rest = [other.member for other in circle.members if other.volunteer_id != one.volunteer_id]
    if st.button(_("Save"), key=f"save_{key}", type="primary"):
        _change(circle, [*rest, wanted], None)
    reason = st.text_input(
        _("Reason, without names (to take out or swap)"), key=f"reason_{key}", max_chars=MAX_REASON, autocomplete="off"
    )
    if st.button(_("Take out"), key=f"out_{key}", icon=":material/person_remove:"):
        _change(circle, rest, reason)
    instead = choose_joiner(_("Swap for"), others, f"swap_{key}")
    if instead and st.button(_("Swap"), key=f"do_swap_{key}", icon=":material/swap_horiz:"):
        fresh = one.member._replace(volunteer_id=instead.volunteer_id, distance_m=instead.metres)
        _change(circle, [*rest, fresh], reason)


def _show_joining(circle: CircleView, others: Sequence[Joiner]) -> None:
    st.markdown(_("Add somebody"))
    chosen = choose_joiner(_("Volunteer, the nearest first"), others, f"join_{circle.id}_{circle.version}")
    if chosen is None:
        return
    if chosen.beyond_limit:
        st.caption(_("This is farther than they want to walk. Ask them first."))
    fresh = Member(chosen.volunteer_id, "turn", (), (), min(1.0, chosen.free_hours), chosen.metres)
    wanted = member_fields(fresh, circle.tasks, f"join_{circle.id}_{circle.version}_{chosen.volunteer_id}")
    if st.button(_("Add to the circle"), key=f"do_join_{circle.id}", type="primary", icon=":material/person_add:"):
        _change(circle, [*(one.member for one in circle.members), wanted], None)


def _change(circle: CircleView, members: Sequence[Member], reason: str | None) -> None:
    done = act(
        lambda session: (
            change_members(session, circle.id, members, on=today(), version=circle.version, reason=reason or None),
            True,
        )[1]
    )
    if done:
        unpin()
        st.toast(
            _("The circle of need {number} has {count} volunteers now.", number=plain(circle.number),
              count=number(len(members))),
            icon=":material/check:",
        )  # fmt: skip
        rerun_part()
