"""What a resident says when called back: whether somebody answered, whether it is solved, how content they are."""

import streamlit as st

from geo.i18n import _
from geo.requests.rules import SATISFACTION_LABELS, Answers


def ask_answers(key: str) -> Answers:
    """Ask the three questions; nobody reached is an answer of its own."""
    reached = st.radio(
        _("Was somebody reached?"), [True, False], horizontal=True, key=f"{key}_reached",
        format_func=lambda yes: _("yes") if yes else _("no, try again later"),
    )  # fmt: skip
    responded = _yes_or_no(_("Did somebody answer them in time?"), f"{key}_responded")
    solved = _yes_or_no(_("Is it solved?"), f"{key}_solved")
    satisfied = st.radio(
        _("Are they satisfied?"), list(SATISFACTION_LABELS), horizontal=True, key=f"{key}_satisfied",
        format_func=lambda code: _(SATISFACTION_LABELS[code]),
    )  # fmt: skip
    return Answers(True, responded, solved, satisfied) if reached else Answers(False)


def _yes_or_no(question: str, key: str) -> bool | None:
    return st.radio(question, [True, False], horizontal=True, key=key,
                    format_func=lambda yes: _("yes") if yes else _("no"))  # fmt: skip
