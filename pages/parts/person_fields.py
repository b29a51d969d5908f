"""Inputs for a helped person: what is sealed, what is a plain code, what was agreed to; and correcting it."""

from datetime import date
from typing import Any, NamedTuple

import streamlit as st

from geo.access.consents import PURPOSE_LABELS, WAY_LABELS
from geo.access.helped_persons import BORN_FIRST, LONGEST, RISK_LABELS, PersonDetails, change_person
from geo.access.reveals import FIELD_LABELS
from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.person_words import field_label
from pages.parts.reveal import VERSION
from pages.parts.session import act

TURN = "person_turn"
USUAL_RISK = "general"


class PersonForm(NamedTuple):
    """What stands in the inputs of a new person; anything tells whether there is somebody to record."""

    details: PersonDetails
    purposes: list[str]
    given_on: date
    how: str

    @property
    def anything(self) -> bool:
        """Tell whether anything was written about the person."""
        return self.details != PersonDetails("") or bool(self.purposes)


def person_fields(key: str) -> PersonForm:
    """Show the inputs of a new person and of what they agreed to; return what stands in them."""
    st.caption(_("Name, telephone and notes are sealed: they show only after a reason is given."))
    found = {name: _input(name, key) for name in FIELD_LABELS}
    found = {name: value or None if isinstance(value, str) else value for name, value in found.items()}
    st.markdown(_("Agreed to"))
    purposes = [
        code for code, label in PURPOSE_LABELS.items() if st.checkbox(_(label).capitalize(), key=f"{key}_agreed_{code}")
    ]
    given_on = st.date_input(_("Agreed on"), today(), max_value=today(), key=f"{key}_given")
    how = st.radio(
        _("How they agreed"),
        list(WAY_LABELS),
        format_func=lambda code: _(WAY_LABELS[code]),
        horizontal=True,
        key=f"{key}_how",
    )
    return PersonForm(PersonDetails(**found | {"name": found["name"] or ""}), purposes, given_on, how)


def _input(name: str, key: str) -> Any:
    label, key = field_label(name), f"{key}_{name}"
    if name == "notes":
        return st.text_area(label, max_chars=LONGEST[name], key=key)
    if name == "risk_class":
        codes = list(RISK_LABELS)
        return st.selectbox(
            label, codes, codes.index(USUAL_RISK), format_func=lambda code: _(RISK_LABELS[code]), key=key
        )
    if name == "living_alone":
        words = {None: _("unknown"), True: _("yes"), False: _("no")}
        return st.selectbox(label, list(words), format_func=lambda flag: words[flag], key=key)
    if name == "birth_year":
        return st.number_input(label, BORN_FIRST, today().year, None, step=1, placeholder=_("unknown"), key=key)
    return st.text_input(label, max_chars=LONGEST[name], key=key, autocomplete="off")


def show_person_change(need: NeedView) -> None:
    """Show the form that replaces fields of a need's person; what is stored is not shown for it."""
    person_id = need.helped_person_id
    if person_id is None:
        return
    turn = st.session_state.setdefault(TURN, 0)
    st.caption(_("What you write takes the place of what is stored. To see what is stored, look at the person."))
    fields = st.pills(
        _("What to correct"), list(FIELD_LABELS), selection_mode="multi", key=f"correct_{person_id}_{turn}",
        format_func=field_label,
    )  # fmt: skip
    if not fields:
        return
    with st.form(f"person_{person_id}_{turn}", border=False, enter_to_submit=False):
        changes = {name: _input(name, f"person_{person_id}_{turn}") for name in FIELD_LABELS if name in fields}
        if not st.form_submit_button(_("Save the correction"), type="primary"):
            return
    version = st.session_state.get(VERSION.format(id=person_id))
    if act(lambda session: (change_person(session, person_id, changes, version=version), True)[1]):
        st.session_state.pop(VERSION.format(id=person_id), None)
        st.session_state[TURN] = turn + 1
        st.toast(_("The person of need {number} is corrected.", number=plain(need.number)), icon=":material/check:")
        rerun_part()
