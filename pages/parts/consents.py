"""What a helped person agreed to: recorded with purpose and day, taken back, never overwritten."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from geo.access.consents import (
    PURPOSE_LABELS,
    WAY_LABELS,
    ConsentView,
    consents_of,
    record_consent,
    withdraw_consent,
)
from geo.i18n import _, day
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.session import act, looking


def show_consents(need: NeedView) -> None:
    """Show the consents of a need's person, each with the way to take it back, and the form of another."""
    person_id = need.helped_person_id
    if person_id is None:
        return
    with looking() as connection:
        found = consents_of(connection, person_id)
    if not found:
        st.caption(_("No consent is recorded. Without one the person stands on no volunteers' list and in no run."))
    for consent in found:
        _show_consent(consent)
    with st.expander(_("Record a consent"), expanded=not found):
        _show_form(person_id)


def _show_consent(consent: ConsentView) -> None:
    with st.container(border=True, key=f"consent_{consent.id}"):
        st.markdown(_(PURPOSE_LABELS[consent.purpose]).capitalize())
        given = _("given on {day}", day=day(consent.given_on))
        st.caption(" · ".join((given, _(WAY_LABELS[consent.how]), plain(consent.recorded_by))))
        if consent.withdrawn_on:
            st.caption(_("Taken back: it does not hold from {day} on.", day=day(consent.withdrawn_on)))
            return
        with st.popover(_("Take back")), st.form(f"withdraw_{consent.id}", border=False, enter_to_submit=False):
            on = st.date_input(
                _("First day without it"), max(today(), consent.given_on), min_value=consent.given_on,
                key=f"withdrawn_{consent.id}",
            )  # fmt: skip
            if st.form_submit_button(_("Take this consent back"), width="stretch"):
                _done(lambda session: withdraw_consent(session, consent.id, on=on), _("The consent is taken back."))


def _show_form(person_id: int) -> None:
    with st.form(f"new_consent_{person_id}", border=False, clear_on_submit=True, enter_to_submit=False):
        purpose = st.radio(
            _("Agreed to"), list(PURPOSE_LABELS), format_func=lambda code: _(PURPOSE_LABELS[code]).capitalize(),
            key=f"consent_purpose_{person_id}",
        )  # fmt: skip
        given_on = st.date_input(_("Agreed on"), today(), max_value=today(), key=f"consent_given_{person_id}")
        how = st.radio(
            _("How they agreed"), list(WAY_LABELS), format_func=lambda code: _(WAY_LABELS[code]), horizontal=True,
            key=f"consent_how_{person_id}",
        )  # fmt: skip
        if st.form_submit_button(_("Record this consent"), type="primary"):
            _done(
                lambda session: record_consent(session, person_id, purpose, given_on=given_on, how=how),
                _("The consent is recorded."),
            )


def _done(command: Callable[[Any], object], said: str) -> None:
    if act(lambda session: (command(session), True)[1]):
        st.toast(said, icon=":material/check:")
        rerun_part()
