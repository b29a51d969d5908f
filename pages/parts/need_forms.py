"""Forms of a care need: change what help is needed, pause it, end it."""

from datetime import timedelta

import streamlit as st

from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView
from geo.people.need_writes import end_need
from geo.people.needs import STATUS_LABELS, TASK_LABELS
from geo.people.tables import TASKS
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.need_merge import has_draft, in_order, save_change, show_draft, show_newer
from pages.parts.need_state import as_seen, let_go
from pages.parts.session import act, looking

LONGEST_REASON = 300
RUNNING = ("open", "paused")


def task_input(now: tuple[str, ...], key: str) -> list[str]:
    """Show the choice of what help is needed and return what is chosen."""
    found: list[str] = st.pills(
        _("Help needed"), list(TASKS), default=list(now), selection_mode="multi", key=key,
        format_func=lambda task: _(TASK_LABELS[task]),
    )  # fmt: skip
    return found


def show_change(need: NeedView) -> None:
    """Show the form that changes the help and pauses or opens a need again, or the conflict somebody is in."""
    if has_draft(need):
        show_draft(need)
        return
    seen = as_seen(need)
    show_newer(seen, need)
    with st.form(f"change_{seen.id}_{seen.version}", border=False, enter_to_submit=False):
        tasks = task_input(seen.tasks, f"tasks_{seen.id}_{seen.version}")
        status = st.radio(
            _("Status"), RUNNING, RUNNING.index(seen.status) if seen.status in RUNNING else 0, horizontal=True,
            format_func=lambda code: _(STATUS_LABELS[code]), key=f"status_{seen.id}_{seen.version}",
        )  # fmt: skip
        if seen.status == "ended":
            st.caption(_("It ended on {day}. Saving opens it again.", day=day(seen.ended_on)))
        if st.form_submit_button(_("Save"), type="primary"):
            save_change(seen, {"tasks": in_order(tasks), "status": status})


def show_end(need: NeedView) -> None:
    """Show the form that ends a need and says how long the person is kept."""
    seen = as_seen(need)
    show_newer(seen, need)
    with looking() as connection:
        retain_days = int(parameters(connection)["person_retention_days"])
    with st.form(f"end_{seen.id}_{seen.version}", border=False, enter_to_submit=False):
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
    done = act(
        lambda session: (
            end_need(
                session, need.id, on=on, retain_days=retain_days, version=seen.version, reason=reason.strip() or None
            ),
            True,
        )[1]
    )
    if done:
        let_go(need.number)
        st.toast(_("Need {number} has ended.", number=plain(need.number)), icon=":material/check:")
        rerun_part()
