"""The telephone number of somebody who holds a post or volunteers: for a reason, logged, for a minute."""

import streamlit as st

from geo.access.asking import MOST_WORDS
from geo.access.contacts import reveal_phones
from geo.errors import YizhanError
from geo.i18n import _, labelled
from geo.maps.safe_text import plain
from pages.parts.reveal import SHOWN_S, forget_after
from pages.parts.session import actor


def show_telephone(person_id: int, name: str, *, key: str) -> None:
    """Offer to show a person's number, and say that the look is recorded."""
    with st.popover(_("Telephone"), icon=":material/call:", width="stretch", key=f"telephone_{key}"):
        st.caption(_("This look is recorded with your name, the time and the reason."))
        with st.form(f"telephone_form_{key}", border=False, clear_on_submit=True, enter_to_submit=False):
            reason = st.text_input(
                _("Reason"), max_chars=MOST_WORDS, key=f"telephone_reason_{key}", autocomplete="off",
                placeholder=_("Such as: the water is off in unit 2"),
            )  # fmt: skip
            asked = st.form_submit_button(_("Show the number"), icon=":material/visibility:", width="stretch")
        if asked:
            _show(person_id, name, reason)


def _show(person_id: int, name: str, reason: str) -> None:
    try:
        found = reveal_phones(actor(), [person_id], purpose="look", reason=reason)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    if person_id not in found:
        st.caption(_("No telephone number is known."))
        return
    st.markdown(labelled(plain(name), plain(found[person_id])))
    forget_after(SHOWN_S, _("Shown for one minute, or until you do anything else."))
