"""Recording a helped person with what they agreed to: with a new need, or with one that had nobody."""

from typing import Any

import streamlit as st

from geo.access.consents import record_consent
from geo.access.helped_persons import Whereabouts, record_person
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView
from geo.people.need_writes import join_person
from pages.parts.language import rerun_part
from pages.parts.need_state import as_seen, let_go
from pages.parts.person_fields import PersonForm, person_fields
from pages.parts.session import act


def store_person(session: Any, where: Whereabouts, form: PersonForm) -> int:
    """Record a person with what they agreed to and return the key of the record."""
    person_id = record_person(session, where, form.details)
    for purpose in form.purposes:
        record_consent(session, person_id, purpose, given_on=form.given_on, how=form.how)
    return person_id


def show_joining(need: NeedView) -> None:
    """Show the form that records whose need it is, where nobody was recorded with it."""
    seen = as_seen(need)
    with st.form(f"join_{seen.id}_{seen.version}", border=False, enter_to_submit=False):
        form = person_fields(f"join_{seen.id}_{seen.version}")
        if not st.form_submit_button(_("Record the person"), type="primary"):
            return
    if act(lambda session: (_join(session, seen, form), True)[1]):
        let_go(need.number)
        st.toast(_("The person of need {number} is recorded.", number=plain(need.number)), icon=":material/check:")
        rerun_part()


def _join(session: Any, need: NeedView, form: PersonForm) -> None:
    person_id = store_person(session, Whereabouts(need.building_id, need.unit_id, need.household_id), form)
    join_person(session, need.id, person_id, version=need.version)
