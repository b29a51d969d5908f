"""Two people at one care need: what each changed is put together, nothing is overwritten unseen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView, need_by_number
from geo.people.need_writes import change_need
from geo.people.needs import STATUS_LABELS
from geo.people.tables import TASKS
from geo.store.audit import history
from geo.store.merging import differences
from pages.parts.language import rerun_part
from pages.parts.merge import Words, attempt, show_merge, tell
from pages.parts.need_state import DRAFT, let_go
from pages.parts.need_words import tasks_in_words
from pages.parts.session import looking

FIELDS = ("tasks", "status")


def in_order(tasks: Sequence[str]) -> tuple[str, ...]:
    """Return kinds of help in the order they are kept in."""
    return tuple(task for task in TASKS if task in tasks)


def show_newer(seen: NeedView, now: NeedView) -> None:
    """Say that a need is no longer as its form shows it; what is chosen stays until somebody wants the new state."""
    if seen.version != now.version:
        st.info(_("Somebody changed this since you opened it. What you typed stays."), icon=":material/update:")
        st.button(_("Show the new state"), on_click=let_go, args=(now.number,), key="show_new_need")


def save_change(seen: NeedView, mine: dict[str, Any]) -> None:
    """Write what somebody wants over the version they saw; a conflict is kept for show_draft."""
    changed = {name: value for name, value in mine.items() if value != getattr(seen, name)}
    _write(seen, mine, changed, seen.version)


def has_draft(need: NeedView) -> bool:
    """Tell whether a conflict about a need waits to be settled."""
    return DRAFT.format(number=need.number) in st.session_state


def show_draft(now: NeedView) -> None:
    """Show the conflict that waits: what is new, what was wanted, and the choice where both changed the same."""
    seen, mine = st.session_state[DRAFT.format(number=now.number)]
    written = show_merge(
        f"merge_need_{now.id}_{now.version}", differences(_record(seen), _record(now), mine), Words(_label, _value),
        by=_editors(now), save=_("Save both"), drop=lambda: let_go(now.number),
    )  # fmt: skip
    if written is not None:
        _write(seen, mine, written, now.version)


def _write(seen: NeedView, mine: dict[str, Any], written: dict[str, Any], version: int) -> None:
    if not written:
        let_go(seen.number)
        st.toast(_("There was nothing to change."), icon=":material/check:")
        rerun_part()
    outcome = attempt(lambda session: change_need(session, seen.id, **written, version=version))
    if outcome is True:
        let_go(seen.number)
        st.toast(_("Need {number} is changed.", number=plain(seen.number)), icon=":material/check:")
        rerun_part()
    if isinstance(outcome, bool):
        return
    with looking() as connection:
        now = need_by_number(connection, seen.number)
    if now is None or now.version == version:
        tell(outcome)
        return
    st.session_state[DRAFT.format(number=seen.number)] = (seen, mine)
    rerun_part()


def _record(need: NeedView) -> dict[str, Any]:
    return {name: getattr(need, name) for name in FIELDS}


def _editors(need: NeedView) -> dict[str, tuple[str, datetime]]:
    """Return who changed each field last, and when."""
    with looking() as connection:
        entries = history(connection, "care_need", need.id)
    found: dict[str, tuple[str, datetime]] = {}
    for entry in entries:
        for name in FIELDS:
            if entry.before and entry.after and entry.before.get(name) != entry.after.get(name):
                found.setdefault(name, (shown_name(entry.actor), entry.at))
    return found


def _label(name: str) -> str:
    return _("Help needed") if name == "tasks" else _("Status")


def _value(name: str, value: Any) -> str:
    return tasks_in_words(value) if name == "tasks" else _(STATUS_LABELS[value])
