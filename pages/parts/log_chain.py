"""The chain over the log: its head to note down, and the check that nothing was changed, removed or slipped in."""

from datetime import UTC, datetime

import streamlit as st

from geo.errors import BadInput
from geo.i18n import _, moment, number
from geo.maps.safe_text import plain
from geo.store import chain
from pages.parts.language import fragment
from pages.parts.session import looking

STATE = st.session_state
VERDICT = "log_verdict"


@fragment
def show_chain() -> None:
    """Show the head of the chain and the button that checks all of it."""
    with looking() as connection:
        head = chain.head(connection)
    if head is None:
        st.caption(_("The log is empty; the first entry begins its chain."))
        return
    st.markdown(
        _(
            "Every entry is sealed with the one before it: {count} entries, the last of {moment}.",
            count=number(head.no), moment=moment(head.at) if head.at else _("unknown"),
        )
    )  # fmt: skip
    st.code(head.hash, language=None)
    st.caption(
        _(
            "Note this number down outside the system now and then, on paper or in a mail, with the date. An end cut "
            "off the log can only be noticed beside a number noted before."
        )
    )
    noted = st.text_input(_("A number noted down earlier (if there is one)"), key="log_noted", max_chars=80)
    if st.button(_("Check the whole log"), icon=":material/verified:", key="log_check"):
        STATE[VERDICT] = _checked(noted)
    if STATE.get(VERDICT):
        _show(*STATE[VERDICT])


def _checked(noted: str) -> tuple[chain.Verdict, datetime] | None:
    try:
        with st.spinner(_("Checking every entry …")), looking() as connection:
            return chain.verify(connection, noted=noted.strip() or None), datetime.now(UTC)
    except BadInput as error:
        st.error(plain(error.text()), icon=":material/error:")
        return None


def _show(verdict: chain.Verdict, at: datetime) -> None:
    count = number(verdict.head.no) if verdict.head else number(0)
    if verdict.holds:
        st.success(
            _("Checked on {moment}: all {count} entries are as they were written.", moment=moment(at), count=count),
            icon=":material/verified:",
        )
    if verdict.noted_no is not None:
        later = number(verdict.head.no - verdict.noted_no if verdict.head else 0)
        st.caption(_("The number noted down is in the chain; {count} entries came after it.", count=later))
    if verdict.cut:
        st.error(
            _("The number noted down is not in the chain: its end was cut off or written anew. Compare with a backup."),
            icon=":material/gpp_bad:",
        )
    if verdict.found:
        st.error(
            _("{count} entries are not as they were written. Compare with a backup.", count=number(verdict.found)),
            icon=":material/gpp_bad:",
        )
        st.dataframe(
            {
                _("Place in the chain"): [link.no for link in verdict.broken],
                _("Entry"): [link.entry_id for link in verdict.broken],
                _("What is wrong"): [_(chain.PROBLEM_LABELS[link.problem]) for link in verdict.broken],
            },
            hide_index=True,
        )
