"""The card of a user: roles with their places and days, what can be done, what happened."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from geo.access.rules import ROLE_LABELS
from geo.access.user_reads import RoleView, UserRow, history_of_user, roles_of_user, user_named
from geo.access.user_rules import ACTION_LABELS, STATUS_LABELS
from geo.access.user_writes import end_role, give_role, reset_password, resume, sign_out_user, suspend
from geo.errors import NotFound
from geo.i18n import _, labelled, moment, number
from geo.maps.safe_text import plain
from geo.store.clock import today
from pages.parts.role_words import place_of, term_of
from pages.parts.session import act, looking
from pages.parts.user_invite import tell_password
from pages.parts.user_merge import show_correction, waits
from pages.parts.user_places import show_grant

MOST_HISTORY = 20


def show_user(name: str) -> None:
    """Show everything about one user with what can be done, or say that there is none."""
    st.button(_("Back"), icon=":material/arrow_back:", on_click=_leave, type="tertiary")
    try:
        with looking() as connection:
            user = user_named(connection, name, on=today())
            roles, happened = roles_of_user(connection, name, on=today()), history_of_user(connection, name)
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/person_off:")
        return
    st.subheader(plain(user.shown_name or user.name), anchor=False)
    seen = moment(user.seen_at) if user.seen_at else _("never")
    facts = ((_("Name"), user.name), (_("Status"), _(STATUS_LABELS[user.status])),
             (_("E-mail address"), user.email or _("none")), (_("Last seen"), seen),
             (_("Signed in on devices"), number(user.devices)))  # fmt: skip
    st.markdown("  \n".join(f":gray[{label}] {plain(value)}" for label, value in facts))
    for role in roles:
        _show_role(role)
    _buttons(user)
    _forms(user)
    with st.expander(_("History ({count})", count=number(len(happened)))):
        for entry in happened[:MOST_HISTORY]:
            what = _(ACTION_LABELS.get(entry.action, entry.action))
            st.caption(f"{moment(entry.at)} · {plain(what)} · {plain(entry.actor)}")


def _leave() -> None:
    st.query_params.pop("user", None)


def _show_role(role: RoleView) -> None:
    with st.container(border=True, key=f"role_{role.id}"):
        st.markdown(labelled(_(ROLE_LABELS[role.role]), plain(place_of(role))))
        st.caption(plain(" · ".join(part for part in (term_of(role), role.reason or "") if part)))
        if role.has_ended(today()):
            return
        with st.popover(_("End")), st.form(f"end_role_{role.id}_{role.version}", border=False):
            on = st.date_input(_("First day without"), today())
            reason = st.text_input(_("Reason"), max_chars=300)
            if st.form_submit_button(_("End this role"), width="stretch"):
                _do(lambda session: end_role(session, role.id, on=on, reason=reason, expected_version=role.version))


def _buttons(user: UserRow) -> None:
    with st.container(horizontal=True):
        if user.status == "suspended":
            if st.button(_("Let in again"), icon=":material/lock_open:", key="resume"):
                _do(lambda session: resume(session, user.name, expected_version=user.version))
        else:
            with st.popover(_("Suspend"), icon=":material/block:"), st.form("suspend", border=False):
                reason = st.text_input(_("Reason"), max_chars=300)
                if st.form_submit_button(_("Suspend {name}", name=plain(user.name))):
                    _do(lambda session: suspend(session, user.name, reason=reason, expected_version=user.version))
        with st.popover(_("Reset the password"), icon=":material/key:"):
            st.caption(_("The password until now ends, with every session. A one-time password is shown once."))
            if st.button(_("Yes, reset it"), key="reset"):
                _reset(user)
        if user.devices and st.button(_("Sign out everywhere"), icon=":material/logout:", key="sign_out_user"):
            _do(lambda session: sign_out_user(session, user.name))


def _forms(user: UserRow) -> None:
    with st.expander(_("Give another role")):
        turn = st.session_state.get("give_turn", 0)
        grant = show_grant(f"give_{user.name}_{turn}")
        if st.button(_("Give this role"), type="primary", key="give_role"):
            st.session_state["give_turn"] = turn + 1
            _do(lambda session: give_role(session, user.name, grant))
    with st.expander(_("Correct the name or e-mail address"), expanded=waits(user)):
        show_correction(user)


def _reset(user: UserRow) -> None:
    password = act(lambda session: reset_password(session, user.name, expected_version=user.version))
    if password:
        tell_password(user.name, password)
        st.rerun()


def _do(command: Callable[[Any], object]) -> None:
    if act(lambda session: (command(session), True)[1]):
        st.toast(_("Saved."), icon=":material/check:")
        st.rerun()
