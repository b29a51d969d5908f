"""A list with names for a purpose: a volunteers' rota, a round of visits; each person on it is one recorded look."""

import streamlit as st

from geo.access.asking import MOST_WORDS
from geo.access.consents import without_consent
from geo.access.reveals import FIELD_LABELS, LIST_PURPOSES, MOST_AT_ONCE, reveal_list
from geo.errors import YizhanError
from geo.i18n import _, listed, number
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView
from pages.parts.language import fragment
from pages.parts.names_table import show_names
from pages.parts.need_state import NeedState, open_view
from pages.parts.need_words import listed_needs, tasks_in_words
from pages.parts.person_words import USUAL, field_label
from pages.parts.session import actor, looking

FOR_VOLUNTEERS = "rota"
CHOSEN = "list_needs"


@fragment
def show_names_list(state: NeedState) -> None:
    """Choose needs, a purpose and a reason; then show the list to print, once."""
    st.button(_("Back"), icon=":material/arrow_back:", type="tertiary", key="leave_list", on_click=open_view,
              args=(None,))  # fmt: skip
    st.subheader(_("A list with names"), anchor=False)
    offered = {need.id: need for need in listed_needs(state.choice) if need.helped_person_id is not None}
    if not offered:
        st.info(_("No need of this choice has a person recorded. Go back and choose others."), icon=":material/group:")
        return
    purpose = st.selectbox(
        _("What is the list for?"), list(LIST_PURPOSES), format_func=lambda code: _(LIST_PURPOSES[code]),
        key="list_purpose",
    )  # fmt: skip
    st.session_state[CHOSEN] = [key for key in st.session_state.get(CHOSEN, ()) if key in offered]
    ids = st.multiselect(
        _("Needs on the list"), list(offered), key=CHOSEN, placeholder=_("Choose needs"), select_all=False,
        format_func=lambda key: _said(offered[key]),
    )  # fmt: skip
    if len(ids) < len(offered):
        label = _("All {count} of the choice above", count=number(len(offered)))
        st.button(label, key="list_all", icon=":material/select_all:", on_click=_choose, args=(list(offered),))
    chosen = _agreed([offered[key] for key in ids], purpose)
    persons = {need.helped_person_id for need in chosen}
    if len(persons) > MOST_AT_ONCE:
        st.warning(_("A list holds at most {count} persons. Choose fewer.", count=number(MOST_AT_ONCE)))
    elif persons:
        _ask(chosen, purpose, len(persons))


def _choose(ids: list[int]) -> None:
    st.session_state[CHOSEN] = ids


def _said(need: NeedView) -> str:
    return " · ".join(part for part in (need.number, need.place, need.room, tasks_in_words(need.tasks)) if part)


def _agreed(chosen: list[NeedView], purpose: str) -> list[NeedView]:
    """Return the needs whose persons may stand on the list, and name those that may not."""
    if purpose != FOR_VOLUNTEERS or not chosen:
        return chosen
    with looking() as connection:
        lacking = without_consent(connection, [need.helped_person_id or 0 for need in chosen], "volunteers")
    left_out = [need.number for need in chosen if need.helped_person_id in lacking]
    if left_out:
        st.warning(
            _(
                "Left out, because nobody has recorded that these persons agree that volunteers see their data: "
                "{numbers}. Ask them, then record it under Consents.",
                numbers=listed(left_out),
            ),
            icon=":material/person_off:",
        )
    return [need for need in chosen if need.number not in left_out]


def _ask(chosen: list[NeedView], purpose: str, persons: int) -> None:
    st.info(
        _(
            "Looks that will be recorded: {count}, one for each person, with your name, the purpose and the reason. "
            "The community and the auditor see them.",
            count=number(persons),
        ),
        icon=":material/visibility:",
    )
    with st.form("names_list", border=False, enter_to_submit=False):
        fields = st.pills(
            _("What to show"), list(FIELD_LABELS), default=list(USUAL), selection_mode="multi", key="list_fields",
            format_func=field_label,
        )  # fmt: skip
        reason = st.text_input(_("Reason"), max_chars=MOST_WORDS, key="list_reason", autocomplete="off",
                               placeholder=_("Such as: shopping help in the first week of May"))  # fmt: skip
        if not st.form_submit_button(_("Make the list"), type="primary", icon=":material/print:"):
            return
    try:
        shown = reveal_list(
            actor(), [need.helped_person_id or 0 for need in chosen], fields, purpose=purpose, reason=reason
        )
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    show_names(chosen, shown, _(LIST_PURPOSES[purpose]))
