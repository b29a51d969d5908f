"""Looking at one person: what, why, and for a minute only. What is shown is kept nowhere on this side."""

from time import monotonic

import streamlit as st

from geo.access.actor import shown_name
from geo.access.asking import MOST_WORDS
from geo.access.reveals import FIELD_LABELS, LIST_PURPOSES, Revealed, reveal, reveals_of
from geo.errors import YizhanError
from geo.i18n import N_, _, labelled, listed, moment, number
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView
from geo.planning.reads import parameters
from geo.store.audit import Entry
from pages.parts.language import fragment, speak
from pages.parts.person_words import USUAL, field_label, value_in_words
from pages.parts.session import actor, looking

SHOWN_S = 60
SLACK_S = 5
MOST_LOOKS = 20
LOOKS = {"reveal": N_("looked"), "export_person": N_("handed over a copy")}
VERSION = "seen_version_of_person_{id}"


@fragment
def show_reveal(need: NeedView) -> None:
    """Ask what to show of the person and why; show it until anything else is done, or for a minute."""
    person_id = need.helped_person_id
    if person_id is None:
        return
    st.info(
        _("This look is recorded with your name, the time and the reason. The community and the auditor see it."),
        icon=":material/visibility:",
    )
    with st.form(f"reveal_{need.id}", border=False, clear_on_submit=True, enter_to_submit=False):
        fields = st.pills(
            _("What to show"), list(FIELD_LABELS), default=USUAL, selection_mode="multi", key=f"fields_{need.id}",
            format_func=field_label,
        )  # fmt: skip
        reason = st.text_input(
            _("Reason"), max_chars=MOST_WORDS, key=f"reason_{need.id}", autocomplete="off",
            placeholder=_("Such as: she asked for a call"),
        )  # fmt: skip
        asked = st.form_submit_button(_("Show"), type="primary", icon=":material/visibility:")
    if asked:
        _look(person_id, fields, reason)
    _show_looks(person_id)


def _look(person_id: int, fields: list[str], reason: str) -> None:
    try:
        shown = reveal(actor(), person_id, fields, reason=reason)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    st.session_state[VERSION.format(id=person_id)] = shown.version
    with st.container(border=True, key="revealed"):
        _show_values(shown)
        forget_after(SHOWN_S, _("Shown for one minute, or until you do anything else."))


def forget_after(seconds: int, said: str) -> None:
    """Say that what is shown goes again, and let it go after a while: the page runs again without it."""
    st.fragment(_forget, run_every=seconds)(monotonic() + seconds - SLACK_S, said)


def _forget(ends_at: float, said: str) -> None:
    speak()
    if monotonic() >= ends_at:
        st.rerun()
    st.caption(said)


def _show_values(shown: Revealed) -> None:
    for name, value in shown.values.items():
        lines = value_in_words(name, value).splitlines() or [""]
        st.markdown(labelled(field_label(name), "  \n".join(map(plain, lines))))
    if "risk_class" in shown.values:
        with looking() as connection:
            days = parameters(connection)[f"visit_{_risk_parameter(shown.values['risk_class'])}_days"]
        st.markdown(labelled(_("Visits"), _("every {count} days", count=number(days))))


def _risk_parameter(risk_class: str) -> str:
    return "high_risk" if risk_class == "high" else risk_class


def _show_looks(person_id: int) -> None:
    with looking() as connection:
        looks = [entry for entry in reveals_of(connection, person_id) if entry.action in LOOKS][:MOST_LOOKS]
    st.caption(_("Who looked before ({count})", count=number(len(looks))))
    for entry in looks:
        st.markdown(_look_in_words(entry))


def _look_in_words(entry: Entry) -> str:
    said = entry.after or {}
    fields = listed(_(FIELD_LABELS[name]) for name in said.get("fields", ()) if name in FIELD_LABELS)
    purpose = LIST_PURPOSES.get(said.get("purpose", ""))
    parts = (moment(entry.at), shown_name(entry.actor), _(LOOKS[entry.action]), purpose and _(purpose), fields)
    told = " · ".join(plain(part) for part in parts if part)
    return labelled(told, plain(entry.note or _("no reason")))
