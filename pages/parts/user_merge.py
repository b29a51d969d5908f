"""Two administrators at one user: what each typed is put together, nothing is overwritten unseen."""

from datetime import datetime
from typing import Any

import streamlit as st

from geo.access.actor import shown_name
from geo.access.user_reads import UserRow, history_of_user
from geo.access.user_rules import NewUser
from geo.access.user_writes import correct_user
from geo.errors import Outdated
from geo.i18n import _
from geo.store.merging import differences
from pages.parts.merge import Words, attempt, last_shown, show_merge, tell
from pages.parts.session import looking

FIELDS = ("shown_name", "email")
SUBMIT = "correct_user"
STATE = st.session_state


def waits(user: UserRow) -> bool:
    """Tell whether a conflict about a user waits to be settled."""
    return _draft(user) in STATE


def show_correction(user: UserRow) -> None:
    """Show the form of a user's names, or the conflict that waits about them."""
    if waits(user):
        _settle(user, *STATE[_draft(user)])
        return
    seen = last_shown(f"seen_user_{user.name}", user, submitting=bool(STATE.get(SUBMIT)))
    with st.form(f"correct_{user.name}", border=False):
        mine = {
            "shown_name": st.text_input(_label("shown_name"), seen.shown_name or "", max_chars=80),
            "email": st.text_input(_label("email"), seen.email or ""),
        }
        if st.form_submit_button(_("Save"), key=SUBMIT):
            _write(seen, mine, mine, seen.version)


def _settle(now: UserRow, seen: UserRow, mine: dict[str, Any]) -> None:
    written = show_merge(
        f"merge_user_{now.name}_{now.version}", differences(_record(seen), _record(now), mine),
        Words(_label, lambda _name, value: value or _("none")), by=_editors(now), save=_("Save both"),
        drop=lambda: _let_go(now),
    )  # fmt: skip
    if written is not None:
        _write(seen, mine, _record(now) | written, now.version)


def _write(seen: UserRow, mine: dict[str, Any], wanted: dict[str, Any], version: int) -> None:
    new = NewUser(seen.name, wanted["shown_name"], wanted["email"])
    outcome = attempt(lambda session: correct_user(session, new, expected_version=version))
    if outcome is False:
        return
    if outcome is True:
        _let_go(seen)
        st.toast(_("Saved."), icon=":material/check:")
    elif isinstance(outcome, Outdated):
        STATE[_draft(seen)] = (seen, mine)
    else:
        tell(outcome)
        return
    st.rerun()


def _draft(user: UserRow) -> str:
    return f"draft_user_{user.name}"


def _let_go(user: UserRow) -> None:
    STATE.pop(_draft(user), None)


def _record(user: UserRow) -> dict[str, str]:
    return {name: getattr(user, name) or "" for name in FIELDS}


def _editors(user: UserRow) -> dict[str, tuple[str, datetime]]:
    """Return who corrected the user last, and when; the log keeps no e-mail addresses, so it is told of both fields."""
    with looking() as connection:
        corrections = [e for e in history_of_user(connection, user.name) if e.action == "correct user"]
    return {name: (shown_name(corrections[0].actor), corrections[0].at) for name in FIELDS} if corrections else {}


def _label(name: str) -> str:
    return _("Name others read") if name == "shown_name" else _("E-mail address")
