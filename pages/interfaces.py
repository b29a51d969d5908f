"""Interfaces: which other systems hand in requests, in whose name, and with which key?"""

import streamlit as st

from geo.access.user_reads import UserFilter, users
from geo.i18n import _, moment
from geo.maps.safe_text import plain
from geo.requests.api_key_reads import ApiKeyView, api_keys
from geo.requests.api_key_writes import make_api_key, revoke_api_key
from geo.store.clock import today
from pages.parts.session import act, looking

TOLD = "api_key_told"
EXAMPLES = """curl "{host}/open311/v2/services.json?api_key=KEY"
curl "{host}/open311/v2/requests.json?api_key=KEY&status=open"
curl -H "Idempotency-Key: 4711" -d api_key=KEY -d service_code=water -d lat=36.43 -d long=115.93 \\
     -d description="No water on floor 3" "{host}/open311/v2/requests.json"
"""


def _make() -> None:
    with looking() as connection:
        known = {user.name: user for user in users(connection, UserFilter(), on=today()) if user.status == "active"}
    with st.form("make_api_key", clear_on_submit=True):
        st.markdown(_("A key for another system"))
        name = st.text_input(_("Name of the system"), max_chars=200)
        user = st.selectbox(
            _("It acts as"), list(known), index=None, format_func=lambda one: known[one].shown_name or one,
            help=_("What this user may see and record, whoever holds the key may too. Best make a user of its own."),
        )  # fmt: skip
        if st.form_submit_button(_("Make the key"), type="primary", icon=":material/key:"):
            made = act(lambda session: make_api_key(session, name, user or ""))
            if made:
                st.session_state[TOLD] = (name, made)
                st.rerun()


def _tell() -> None:
    told = st.session_state.pop(TOLD, None)
    if told is None:
        return
    with st.container(border=True):
        st.success(
            _("Give {name} this key. It is shown only now and kept nowhere.", name=plain(told[0])),
            icon=":material/key:",
        )
        st.code(told[1], language=None, wrap_lines=True)


def _show(key: ApiKeyView) -> None:
    with st.container(border=True, key=f"api_key_{key.id}"):
        st.markdown(plain(key.name))
        st.caption(
            _("Acts as {user} · made by {maker} on {moment}", user=plain(key.shown_name), maker=plain(key.made_by),
              moment=moment(key.made_at))
        )  # fmt: skip
        if key.revoked_at is not None:
            st.caption(_("Taken back on {moment}", moment=moment(key.revoked_at)))
            return
        if not key.user_is_active:
            st.warning(_("Its user is suspended: the key opens nothing."), icon=":material/block:")
        with st.popover(_("Take back"), icon=":material/key_off:"):
            st.markdown(_("{name} gets in no more, at once and for good.", name=plain(key.name)))
            if st.button(_("Take this key back"), key=f"revoke_{key.id}"):
                act(lambda session: revoke_api_key(session, key.id))
                st.rerun()


def _explain() -> None:
    host = (st.context.url or "").partition("/interfaces")[0].rstrip("/") or "http://127.0.0.1:8501"
    st.markdown(_("Other systems talk to this server by Open311 GeoReport v2, in JSON or XML."))
    st.code(EXAMPLES.format(host=host), language="bash", wrap_lines=True)
    st.caption(
        _("A request handed in again under the same Idempotency-Key is recorded once. Names and telephone numbers are "
          "sealed and never given back.")
    )  # fmt: skip


st.title(_("Interfaces"), anchor=False)
st.caption(_("Which other systems hand in requests, in whose name, and with which key?"))
_tell()
list_side, make_side = st.columns([3, 2])
with make_side:
    _make()
    _explain()
with list_side, looking() as opened:
    keys = api_keys(opened)
    for one in keys:
        _show(one)
    if not keys:
        st.info(_("No other system has a key yet. Make one, then give it to who runs that system."),
                icon=":material/hub:")  # fmt: skip
