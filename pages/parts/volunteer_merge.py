"""Two people at one volunteer: what each changed is put together, nothing is overwritten unseen."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.volunteer_reads import VolunteerView, volunteer
from geo.people.volunteer_rules import FIELD_LABELS
from geo.people.volunteer_writes import change_volunteer
from geo.store.audit import history
from geo.store.merging import differences
from pages.parts.language import rerun_part
from pages.parts.merge import Words, attempt, show_merge, tell
from pages.parts.session import looking
from pages.parts.volunteer_history import value_words
from pages.parts.volunteer_state import DRAFT, let_go
from pages.parts.volunteer_words import name_of

FIELDS = ("team_id", "skills", "hours_week", "limit_m", "birth_year", "party_member")


def show_newer(seen: VolunteerView, now: VolunteerView) -> None:
    """Say that a volunteer is no longer as the form shows them; what is typed stays until the new state is wanted."""
    if seen.version != now.version:
        st.info(_("Somebody changed this since you opened it. What you typed stays."), icon=":material/update:")
        st.button(_("Show the new state"), on_click=let_go, args=(now.id,), key="show_new_volunteer")


def save_change(seen: VolunteerView, mine: dict[str, Any]) -> None:
    """Write what somebody wants over the version they saw; a conflict is kept for show_draft."""
    changed = {name: value for name, value in mine.items() if value != getattr(seen, name)}
    _write(seen, mine, changed, seen.version)


def has_draft(found: VolunteerView) -> bool:
    """Tell whether a conflict about a volunteer waits to be settled."""
    return DRAFT.format(id=found.id) in st.session_state


def show_draft(now: VolunteerView, team_names: Mapping[int, str]) -> None:
    """Show the conflict that waits: what is new, what was wanted, and the choice where both changed the same."""
    seen, mine = st.session_state[DRAFT.format(id=now.id)]

    def words(name: str, value: Any) -> str:
        return team_names.get(value, _("none")) if name == "team_id" else value_words(name, value)

    written = show_merge(
        f"merge_volunteer_{now.id}_{now.version}", differences(_record(seen), _record(now), mine),
        Words(lambda name: _(FIELD_LABELS[name]), words), by=_editors(now), save=_("Save both"),
        drop=lambda: let_go(now.id),
    )  # fmt: skip
    if written is not None:
        _write(seen, mine, written, now.version)


def _write(seen: VolunteerView, mine: dict[str, Any], written: dict[str, Any], version: int) -> None:
    if not written:
        let_go(seen.id)
        st.toast(_("There was nothing to change."), icon=":material/check:")
        rerun_part()
    outcome = attempt(lambda session: change_volunteer(session, seen.id, written, version=version))
    if outcome is True:
        let_go(seen.id)
        st.toast(_("{name} is changed.", name=plain(name_of(seen))), icon=":material/check:")
        rerun_part()
    if isinstance(outcome, bool):
        return
    with looking() as connection:
        now = volunteer(connection, seen.id)
    if now is None or now.version == version:
        tell(outcome)
        return
    st.session_state[DRAFT.format(id=seen.id)] = (seen, mine)
    rerun_part()


def _record(found: VolunteerView) -> dict[str, Any]:
    return {name: getattr(found, name) for name in FIELDS}


def _editors(now: VolunteerView) -> dict[str, tuple[str, datetime]]:
    """Return who changed each field last, and when."""
    with looking() as connection:
        entries = history(connection, "volunteer", now.id)
    found: dict[str, tuple[str, datetime]] = {}
    for entry in entries:
        for name in FIELDS:
            if entry.before and entry.after and entry.before.get(name) != entry.after.get(name):
                found.setdefault(name, (shown_name(entry.actor), entry.at))
    return found
