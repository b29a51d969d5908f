"""The choice of a role, where it is held and for how long."""

from collections.abc import Mapping

import streamlit as st

from geo.access.rules import ROLE_LABELS
from geo.access.user_reads import street_offices
from geo.access.user_rules import Grant
from geo.governance.reads import stations
from geo.i18n import _, labelled
from geo.maps.safe_text import plain
from geo.people.reads import persons
from geo.places.reads import communities
from geo.store.clock import today
from pages.parts.session import looking

CHOICES = 30


def show_grant(key: str) -> Grant:
    """Show the inputs of a role and return what stands in them."""
    role = st.selectbox(_("Role"), list(ROLE_LABELS), format_func=lambda code: _(ROLE_LABELS[code]), key=f"{key}_role")
    places = _places(role, key)
    begin, end = st.columns(2)
    from_on = begin.date_input(_("From"), today(), key=f"{key}_from")
    to_on = end.date_input(_("First day without (empty: no end)"), None, key=f"{key}_to")
    reason = st.text_input(_("Reason"), max_chars=300, key=f"{key}_reason")
    return Grant(role, from_on, to_on, places, reason)


def _places(role: str, key: str) -> tuple[int, ...]:
    if role == "organiser":
        return _communities(key)
    if role == "station_staff":
        with looking() as connection:
            known = {one.id: f"{one.name} · {one.community}" for one in stations(connection, on=today())}
        return _chosen(_("Stations"), known, f"{key}_stations")
    return _persons(key) if role == "building_head" else ()


def _communities(key: str) -> tuple[int, ...]:
    with looking() as connection:
        known = {one.id: one.name for one in communities(connection) if not one.placeholder}
        offices = street_offices(connection)
    whole: tuple[int, ...] = ()
    if offices:
        names = st.multiselect(
            _("Whole street offices"), list(offices), format_func=plain, key=f"{key}_offices", placeholder=_("Choose")
        )
        whole = tuple(one for name in names for one in offices[name])
    return tuple(dict.fromkeys([*whole, *_chosen(_("Communities"), known, f"{key}_communities")]))


def _persons(key: str) -> tuple[int, ...]:
    wanted = st.text_input(_("Search the head"), placeholder=_("Name, pinyin or phone number"), key=f"{key}_person")
    if not wanted.strip():
        st.caption(_("The account sees the doors of a person who holds a post. Search for this person first."))
        return ()
    with looking() as connection:
        found = persons(connection, wanted, holders=True, limit=CHOICES)
    known = {one.id: f"{one.name} · {one.phone or _('no phone')} · {one.community}" for one in found}
    if not known:
        st.caption(labelled(_("Found"), _("nobody")))
    return _chosen(_("Heads"), known, f"{key}_heads")


def _chosen(label: str, known: Mapping[int, str], key: str) -> tuple[int, ...]:
    return tuple(
        st.multiselect(label, list(known), format_func=lambda one: plain(known[one]), key=key, placeholder=_("Choose"))
    )
