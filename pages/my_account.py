"""My account: my roles and until when, my password, the devices I am signed in on."""

import streamlit as st

from geo.access.accounts import DEMO_ACCOUNTS
from geo.access.rules import ROLE_LABELS
from geo.access.sessions import Device, devices_of, end_sessions
from geo.access.user_reads import roles_of_user
from geo.i18n import _, labelled, moment, number
from geo.maps.safe_text import plain
from geo.store.clock import today
from pages.parts.role_words import place_of, term_of
from pages.parts.session import PLAIN_LINK, act, looking, visitor

NARROW = """<style>
.stMainBlockContainer { max-width: 640px; }
.stMainBlockContainer button, .stMainBlockContainer a { min-height: 44px; }
</style>"""
PASSWORD_PAGE = "/sign-in/password?next=/my_account"  # noqa: S105


def _end(session_id: int) -> None:
    if act(lambda session: end_sessions(session, visitor().actor.name, only=session_id)):
        st.toast(_("That device is signed out."), icon=":material/check:")
        st.rerun()


def _end_others(devices: list[Device]) -> None:
    me = visitor()
    others = [device.id for device in devices if device.id != me.session_id]
    if act(lambda session: sum(end_sessions(session, me.actor.name, only=one) for one in others)):
        st.toast(_("All other devices are signed out."), icon=":material/check:")
        st.rerun()


def _show_device(device: Device) -> None:
    with st.container(border=True, key=f"device_{device.id}"):
        here = device.id == visitor().session_id
        name = plain(device.device or _("unknown device"))
        st.markdown(labelled(name, _("this one")) if here else name)
        since, until = moment(device.created_at), moment(device.expires_at)
        st.caption(_("signed in {since}, last used {seen}, ends {until}", since=since, seen=moment(device.seen_at),
                     until=until))  # fmt: skip
        if not here and st.button(_("Sign out there"), key=f"end_{device.id}", width="stretch"):
            _end(device.id)


st.html(NARROW)
st.title(_("My account"), anchor=False)
me = visitor()
st.caption(_("What may {name} do here, until when, and where are they signed in?", name=plain(me.shown_name)))
with looking() as opened:
    mine = roles_of_user(opened, me.actor.name, on=today())
    signed_in = devices_of(opened, me.actor.name)
st.subheader(_("My roles"), anchor=False)
for role in mine:
    if not role.has_ended(today()):
        st.markdown(labelled(_(ROLE_LABELS[role.role]), plain(place_of(role))))
        st.caption(plain(term_of(role)))
st.subheader(_("My password"), anchor=False)
if me.actor.name in DEMO_ACCOUNTS:
    st.caption(_("An account of the demo city has no password: one click on the sign-in page opens it."))
else:
    st.html(PLAIN_LINK.format(address=PASSWORD_PAGE, label=_("Change my password")))
st.subheader(_("My devices ({count})", count=number(len(signed_in))), anchor=False)
if len(signed_in) > 1 and st.button(_("Sign out on all other devices"), icon=":material/logout:", width="stretch"):
    _end_others(signed_in)
for one in signed_in:
    _show_device(one)
