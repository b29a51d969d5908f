"""The fields of a member of a circle, and the choice of somebody who could join."""

from collections.abc import Sequence

import streamlit as st

from geo.i18n import _
from geo.people.circle_reads import Joiner
from geo.people.circle_rules import ROLE_LABELS, Member
from geo.people.needs import TASK_LABELS
from geo.people.volunteer_rules import WEEKDAY_LABELS, skills_in_words
from pages.parts.circle_words import metres_words, name_words
from pages.parts.volunteer_words import hours_words


def choose_joiner(label: str, others: Sequence[Joiner], key: str) -> Joiner | None:
    """Show a choice of volunteers who are not in the circle; None while nobody is chosen."""
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


def member_fields(now: Member, tasks: Sequence[str], key: str) -> Member:
    """Show what may be changed about a member and return them as chosen."""
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
