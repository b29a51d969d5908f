"""What a helped person may ask for: a copy of everything stored about them, and to be erased."""

import json

import streamlit as st

from geo.access.asking import MOST_WORDS
from geo.access.consents import consents_of
from geo.access.retention import erase
from geo.errors import YizhanError
from geo.i18n import _, listed, number
from geo.maps.safe_text import plain
from geo.people.copies import personal_copy, readable_copy
from geo.people.need_reads import NeedView, needs_of_person
from pages.parts.language import fragment, rerun_part
from pages.parts.need_state import open_need_card
from pages.parts.session import act, actor, looking


@fragment
def show_copy(need: NeedView) -> None:
    """Hand over everything stored about a need's person as files, after a reason; the files are kept nowhere."""
    person_id = need.helped_person_id
    if person_id is None:
        return
    st.info(
        _("Everything stored about this person, to be handed to them. It is recorded that you made the copy."),
        icon=":material/visibility:",
    )
    with st.form(f"copy_{need.id}", border=False, clear_on_submit=True, enter_to_submit=False):
        reason = st.text_input(_("Reason"), max_chars=MOST_WORDS, key=f"copy_reason_{need.id}", autocomplete="off",
                               placeholder=_("Such as: asked for in writing on 3 May"))  # fmt: skip
        asked = st.form_submit_button(_("Make the copy"), type="primary")
    if not asked:
        return
    try:
        copy = personal_copy(actor(), person_id, reason=reason)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    with st.container(border=True, key="copy_ready"):
        st.caption(_("The copy is ready. Take the files now: they are gone as soon as you do anything else."))
        st.download_button(
            _("To read"), readable_copy(copy), f"{need.number}.txt", icon=":material/description:", key="copy_text",
            on_click="ignore",
        )  # fmt: skip
        st.download_button(
            _("For programs (JSON)"), json.dumps(copy, ensure_ascii=False, indent=2), f"{need.number}.json",
            mime="application/json", icon=":material/data_object:", key="copy_json", on_click="ignore",
        )  # fmt: skip


def show_erasure(need: NeedView) -> None:
    """Ask once before a need's person is erased, with what goes and what stays."""
    person_id = need.helped_person_id
    if person_id is None:
        return
    with looking() as connection:
        numbers = [one.number for one in needs_of_person(connection, person_id)]
        consents = consents_of(connection, person_id)
    st.warning(
        _(
            "Erase the person of need {numbers}? Name, telephone, notes, risk class, living alone, year of birth and "
            "what was agreed to (consents: {consents}) go for good; the needs end and keep their building only. "
            "That it was done, by whom and why, stays in the log. This cannot be undone.",
            numbers=listed(numbers), consents=number(len(consents)),
        ),
        icon=":material/delete_forever:",
    )  # fmt: skip
    with st.form(f"erase_{need.id}", border=False, enter_to_submit=False):
        reason = st.text_input(_("Reason, without names"), max_chars=MOST_WORDS, key=f"erase_reason_{need.id}")
        if not st.form_submit_button(_("Erase for good")):
            return
    if act(lambda session: (erase(session, person_id, reason=reason), True)[1]):
        st.toast(_("The person of need {number} is erased.", number=plain(need.number)), icon=":material/check:")
        open_need_card(need.number)
        rerun_part()
