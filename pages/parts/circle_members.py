"""Who is in a care circle: change what somebody does, take out, swap, add; the history keeps who was there."""

from collections.abc import Sequence

import streamlit as st

from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.people.circle_reads import CircleView, Joiner, MemberView, joiners
from geo.people.circle_rules import MAX_REASON, ROLE_LABELS, Member
from geo.people.circle_writes import change_members
from geo.people.needs import TASK_LABELS
from geo.people.tables import CIRCLE_SIZE
from geo.people.volunteer_rules import WEEKDAY_LABELS, skills_in_words
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.circle_words import metres_words, name_words, role_words
from pages.parts.language import rerun_part
from pages.parts.merge import pinned, unpin
from pages.parts.session import act, looking
from pages.parts.volunteer_words import hours_words


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
    wanted = _member_fields(one.member, circle.tasks, key)
    rest = [other.member for other in circle.members if other.volunteer_id != one.volunteer_id]
    if st.button(_("Save"), key=f"save_{key}", type="primary"):
        _change(circle, [*rest, wanted], None)
    reason = st.text_input(
        _("Reason, without names (to take out or swap)"), key=f"reason_{key}", max_chars=MAX_REASON, autocomplete="off"
    )
    if st.button(_("Take out"), key=f"out_{key}", icon=":material/person_remove:"):
        _change(circle, rest, reason)
    instead = _choose(_("Swap for"), others, f"swap_{key}")
    if instead and st.button(_("Swap"), key=f"do_swap_{key}", icon=":material/swap_horiz:"):
        fresh = one.member._replace(volunteer_id=instead.volunteer_id, distance_m=instead.metres)
        _change(circle, [*rest, fresh], reason)


def _show_joining(circle: CircleView, others: Sequence[Joiner]) -> None:
    st.markdown(_("Add somebody"))
    chosen = _choose(_("Volunteer, the nearest first"), others, f"join_{circle.id}_{circle.version}")
    if chosen is None:
        return
    if chosen.beyond_limit:
        st.caption(_("This is farther than they want to walk. Ask them first."))
    fresh = Member(chosen.volunteer_id, "turn", (), (), min(1.0, chosen.free_hours), chosen.metres)
    wanted = _member_fields(fresh, circle.tasks, f"join_{circle.id}_{circle.version}_{chosen.volunteer_id}")
    if st.button(_("Add to the circle"), key=f"do_join_{circle.id}", type="primary", icon=":material/person_add:"):
        _change(circle, [*(one.member for one in circle.members), wanted], None)


def _choose(label: str, others: Sequence[Joiner], key: str) -> Joiner | None:
    known = {one.volunteer_id: one for one in others}
    chosen = st.selectbox(
        label, list(known), index=None, key=key, placeholder=_("Choose somebody"),
        format_func=lambda one: _joiner_words(known[one]),
    )  # fmt: skip
    return known.get(chosen) if chosen else None


def _joiner_words(one: Joiner) -> str:
    free = _("{hours} free", hours=hours_words(one.free_hours))
    parts = (name_words(one.name, one.volunteer_id), metres_words(one.metres), free, skills_in_words(one.skills))
    return " · ".join(part for part in parts if part)


def _member_fields(now: Member, tasks: Sequence[str], key: str) -> Member:
    role = st.radio(
        _("What they do"), list(ROLE_LABELS), list(ROLE_LABELS).index(now.role), horizontal=True, key=f"role_{key}",
        format_func=lambda code: _(ROLE_LABELS[code]),
    )  # fmt: skip
    first_for: list[str] = st.pills(
        _("Help they come first for (none: all)"), list(tasks), default=[one for one in now.tasks if one in tasks],
        selection_mode="multi", key=f"tasks_{key}", disabled=role != "primary",
        format_func=lambda task: _(TASK_LABELS[task]),
    )  # fmt: skip
    weekdays: list[int] = st.pills(
        _("Days they come first on (none: all)"), list(range(len(WEEKDAY_LABELS))), default=list(now.weekdays),
        selection_mode="multi", key=f"days_{key}", disabled=role != "primary",
        format_func=lambda at: _(WEEKDAY_LABELS[at]),
    )  # fmt: skip
    hours = st.number_input(
        _("Hours a week"), 0.0, 40.0, float(now.hours_week), 0.25, key=f"hours_{key}", disabled=role == "backup"
    )
    first = role == "primary"
    return now._replace(
        role=role, tasks=tuple(first_for) if first else (), weekdays=tuple(sorted(weekdays)) if first else (),
        hours_week=0.0 if role == "backup" else hours,
    )  # fmt: skip


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
            _("The circle of need {number} has {count} volunteers now.", number=circle.number,
              count=number(len(members))),
            icon=":material/check:",
        )  # fmt: skip
        rerun_part()
