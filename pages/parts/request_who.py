"""Who brought a request: shown for a minute, after a reason is given; the look is recorded."""

import streamlit as st

from geo.access.asking import MOST_WORDS
from geo.access.requesters import requesters_kept, reveal_requester
from geo.errors import YizhanError
from geo.i18n import _, labelled
from geo.maps.safe_text import plain
from geo.requests.board import RequestView
from pages.parts.language import fragment
from pages.parts.reveal import SHOWN_S, forget_after
from pages.parts.session import actor, looking, may


def show_requester(request: RequestView) -> None:
    """Offer to show who brought a request, where somebody is known and the role lets."""
    with looking() as connection:
        kept = requesters_kept(connection, [request.id]).get(request.id)
    if kept is None:
        st.caption(_("Nobody's name or telephone number is kept with this request."))
    elif may("reveal_persons"):
        with st.expander(_("Who brought it"), icon=":material/visibility:"):
            _ask_why(request)
    else:
        st.caption(_("Who brought it is kept; the station and the organiser may look."))


@fragment
def _ask_why(request: RequestView) -> None:
    st.caption(_("This look is recorded with your name, the time and the reason."))
    with st.form(f"who_{request.id}", border=False, clear_on_submit=True):
        reason = st.text_input(
            _("Reason"), max_chars=MOST_WORDS, key=f"who_reason_{request.id}", autocomplete="off",
            placeholder=_("Such as: to call back"),
        )  # fmt: skip
        asked = st.form_submit_button(_("Show"), icon=":material/visibility:")
    if not asked:
        return
    try:
        shown = reveal_requester(actor(), request.id, reason=reason)
    except YizhanError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    with st.container(border=True, key="revealed"):
        st.markdown(labelled(_("Name"), plain(shown.name or _("unknown"))))
        st.markdown(labelled(_("Telephone"), plain(shown.phone or _("unknown"))))
        forget_after(SHOWN_S, _("Shown for one minute, or until you do anything else."))
