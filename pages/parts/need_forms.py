"""Forms of a care need: change what help is needed, pause it, end it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st

from geo.i18n import _, day, number
from geo.people.need_reads import NeedView
from geo.people.need_writes import change_need, end_need
from geo.people.needs import STATUS_LABELS, TASK_LABELS
from geo.people.tables import TASKS
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.need_state import SEEN, forget_version
from pages.parts.session import act, looking

LONGEST_REASON = 300


def task_input(now: tuple[str, ...], key: str) -> list[str]:
    """Show the choice of what help is needed and return what is chosen."""
    found: list[str] = st.pills(
        _("Help needed"), list(TASKS), default=list(now), selection_mode="multi", key=key,
        format_func=lambda task: _(TASK_LABELS[task]),
    )  # fmt: skip
    return found


def show_change(need: NeedView) -> None:
    """Show the form that changes the help and pauses or opens a need again."""
    version = seen_version(need)
    with st.form(f"change_{need.id}_{version}", border=False, enter_to_submit=False):
        tasks = task_input(need.tasks, f"tasks_{need.id}_{version}")
        states = ("open", "paused")
        status = st.radio(
            _("Status"), states, states.index(need.status) if need.status in states else 0, horizontal=True,
            format_func=lambda code: _(STATUS_LABELS[code]), key=f"status_{need.id}_{version}",
        )  # fmt: skip
        if need.status == "ended":
            st.caption(_("It ended on {day}. Saving opens it again.", day=day(need.ended_on)))
        if not st.form_submit_button(_("Save"), type="primary"):
            return
    _done(
        need, _("Need {number} is changed.", number=need.number),
        lambda session: change_need(session, need.id, tasks=tasks, status=status, version=version),
    )  # fmt: skip


def show_end(need: NeedView) -> None:
    """Show the form that ends a need and says how long the person is kept."""
    version = seen_version(need)
    with looking() as connection:
        retain_days = int(parameters(connection)["person_retention_days"])
    with st.form(f"end_{need.id}_{version}", border=False, enter_to_submit=False):
        on = st.date_input(_("Ended on"), max(today(), need.opened_on), min_value=need.opened_on, max_value=today())
        reason = st.text_input(_("Reason, without names"), max_chars=LONGEST_REASON, key=f"end_reason_{need.id}")
        if need.helped_person_id is not None:
            st.caption(
                _(
                    "If this is the person's last need, everything about them is kept {count} days more, until {day}; "
                    "then it is due for erasure. An administrator sets the days under Parameters.",
                    count=number(retain_days), day=day(today() + timedelta(days=retain_days)),
                )
            )  # fmt: skip
        if not st.form_submit_button(_("End this need"), type="primary"):
            return
    _done(
        need, _("Need {number} has ended.", number=need.number),
        lambda session: end_need(
            session, need.id, on=on, retain_days=retain_days, version=version, reason=reason.strip() or None
        ),
    )  # fmt: skip


def seen_version(need: NeedView) -> int:
    """Return the version of a need as it was when its card was opened; what changed since is said."""
    seen: int = st.session_state.setdefault(SEEN.format(number=need.number), need.version)
    if seen != need.version:
        st.warning(
            _("Somebody else changed this need while its card was open. Look at the history, then go on."),
            icon=":material/sync_problem:",
        )
        st.button(
            _("Go on with what is there now"), key=f"look_again_{need.id}", on_click=forget_version,
            args=(need.number,),
        )  # fmt: skip
    return seen


def _done(need: NeedView, said: str, command: Callable[[Any], object]) -> None:
    if act(lambda session: (command(session), True)[1]):
        forget_version(need.number)
        st.toast(said, icon=":material/check:")
        rerun_part()
