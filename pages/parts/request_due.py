"""Names and telephone numbers of who brought requests: how many are kept too long, and their erasure."""

import streamlit as st

from geo.access.requesters import purge_requesters, requesters_due
from geo.i18n import _, number
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.language import fragment, rerun_part
from pages.parts.session import act, looking


@fragment
def show_requesters_due() -> None:
    """Show of how many ended requests the names are still kept although their time is over, and offer to erase them."""
    with st.expander(_("Names due for erasure")):
        with looking() as connection:
            days = int(parameters(connection)["person_retention_days"])
            count = requesters_due(connection, on=today(), keep_days=days)
        st.caption(
            _("Who brought a request is kept {days} days after it has ended (a number of this city, under Parameters).",
              days=number(days))
        )  # fmt: skip
        if not count:
            st.success(_("Nobody's name is kept for too long."), icon=":material/check_circle:")
            return
        st.markdown(_("Requests with a name that is due for erasure: {count}", count=number(count)))
        with st.popover(_("Erase these names ({count})", count=number(count)), icon=":material/delete_forever:"):
            st.markdown(_("The requests stay, without anybody's name. This cannot be undone."))
            if st.button(_("Erase for good"), key="purge_requesters") and act(
                lambda session: purge_requesters(session, on=today(), keep_days=days)
            ):
                rerun_part()
