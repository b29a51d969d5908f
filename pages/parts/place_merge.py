"""Conflicts over a place: the form keeps to the state it began with, and two people's changes are put together."""

from typing import Any

import streamlit as st

from geo.i18n import _, day
from geo.maps.safe_text import plain
from geo.places.editing import Editable
from geo.places.meanwhile import Meanwhile, as_record, meanwhile
from geo.store.merging import differences
from pages.parts.language import rerun_part
from pages.parts.merge import attempt, show_merge, tell, unpin
from pages.parts.place_draft import Draft, place_words, show_draft_to_copy
from pages.parts.session import looking

STATE = st.session_state
SEEN, DRAFT = "place_seen", "place_draft"


def let_go() -> None:
    """Forget what a form began with: the next one begins with the state of now."""
    STATE.pop(SEEN, None)
    STATE.pop(DRAFT, None)
    unpin()


def as_seen(now: Editable) -> Editable:
    """Return a place as its form first showed it, so that nobody saves over what they never saw."""
    seen: Editable | None = STATE.get(SEEN)
    if seen is None or (seen.kind, seen.id) != (now.kind, now.id) or seen.closed_on is not None:
        let_go()
        STATE[SEEN] = seen = now
    return seen


def submit(draft: Draft) -> bool:
    """Write a draft over the version that was seen; a conflict is kept for show_draft. Tell whether it is done."""
    return _write(draft, draft.mine, draft.seen.version)


def has_draft() -> bool:
    """Tell whether a conflict waits to be settled."""
    return DRAFT in STATE


def show_draft() -> bool:
    """Show the conflict that waits; return whether it was settled and saved."""
    draft: Draft = STATE[DRAFT]
    with looking() as connection:
        state = meanwhile(connection, draft.seen)
    if state.now is None or state.closed_on is not None:
        _show_gone(draft, state)
        return False
    found = differences(as_record(draft.seen), as_record(state.now), draft.mine)
    written = show_merge(
        f"merge_{draft.seen.kind}_{draft.seen.id}_{state.now.version}", found, place_words(draft.seen, state.now),
        by=state.by, save=_("Close this place all the same") if draft.close_on else _("Save both"), drop=let_go,
    )  # fmt: skip
    return written is not None and _write(draft, written, state.now.version)


def show_newer(seen: Editable, now: Editable) -> None:
    """Say that a place is no longer as its form shows it; what is typed stays until somebody wants the new state."""
    if seen.version != now.version:
        st.info(_("Somebody changed this since you opened it. What you typed stays."), icon=":material/update:")
        st.button(_("Show the new state"), on_click=let_go, key="show_new_state")


def show_typed_for_nothing() -> None:
    """Show what a form held when its place was removed before it could be saved."""
    seen: Editable | None = STATE.get(SEEN)
    if seen is None:
        return
    prefix = f"correct_{seen.id}_{seen.version}_"
    typed = {name: STATE[f"{prefix}{name}"] for name in seen.fields if f"{prefix}{name}" in STATE}
    changed = {name: value for name, value in typed.items() if (value or None) != seen.fields[name]}
    show_draft_to_copy(Draft(seen, changed, ""))


def _write(draft: Draft, written: dict[str, Any], version: int) -> bool:
    outcome = attempt(lambda session: draft.write(session, written, version))
    if outcome is True:
        st.toast(_("Saved. You can undo it in the history."), icon=":material/check:")
    if isinstance(outcome, bool):
        return outcome
    with looking() as connection:
        state = meanwhile(connection, draft.seen)
    if state.now is None or state.closed_on is not None or state.now.version != version:
        STATE[DRAFT] = draft
        rerun_part()
    tell(outcome)
    return False


def _show_gone(draft: Draft, state: Meanwhile) -> None:
    who = plain(state.last.who) if state.last else _("somebody")
    if state.closed_on is not None:
        said = _("{who} closed this place on {day} while you were working on it.", who=who, day=day(state.closed_on))
    else:
        said = _("This place was removed while you were working on it.")
    st.error(said, icon=":material/block:")
    show_draft_to_copy(draft)
    st.button(_("Go on without it"), on_click=let_go, key="gone_on")
