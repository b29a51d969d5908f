"""My doors: which doors do I look after, for how long, and who is next door? Made for a phone."""

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.reads import person_named, persons
from pages.parts.doors import show_doors
from pages.parts.session import looking, may, visitor

TARGETS = """<style>
.stMainBlockContainer { max-width: 560px; }
.stMainBlockContainer button, .stMainBlockContainer input, .stMainBlockContainer a { min-height: 44px; }
.stMainBlockContainer [data-testid="stExpander"] summary { min-height: 44px; align-items: center; }
</style>"""
CHOICES = 12
NOBODY_YET = 0
LONGEST_ID = 18


def _whose() -> list[int]:
    """Return the persons asked about: by the address for whoever may find holders, else who is signed in."""
    asked = st.query_params.get("person", "")
    if asked.isdecimal() and len(asked) <= LONGEST_ID and may("find_holders"):
        return [int(asked)]
    return list(dict.fromkeys(held.person_id for held in visitor().roles if held.person_id))


def _ask() -> None:
    st.query_params["person"] = str(NOBODY_YET)


def _choose(person_id: int) -> None:
    st.query_params["person"] = str(person_id)


def _ask_who() -> None:
    wanted = st.text_input(_("Your name"), placeholder=_("Name, pinyin or phone number"), icon=":material/search:")
    if not wanted.strip():
        st.caption(_("Write your name to see the doors you look after."))
        return
    with looking() as connection:
        found = persons(connection, wanted, holders=True, limit=CHOICES)
    if not found:
        st.info(_("No building or unit head is called “{name}”. Try a part of the name.", name=plain(wanted)))
    for person in found:
        label = f"{plain(person.name)} · {plain(person.phone or _('no phone'))} · {plain(person.community)}"
        st.button(label, key=f"person_{person.id}", width="stretch", on_click=_choose, args=(person.id,))


st.html(TARGETS)
st.title(_("My doors"), anchor=False)
with looking() as opened:
    asked_for = [person for person in (person_named(opened, one) for one in _whose()) if person]
if asked_for and may("find_holders"):
    st.button(_("Somebody else"), icon=":material/arrow_back:", on_click=_ask)
for one in asked_for:
    show_doors(one)
if not asked_for:
    st.caption(_("Which doors do you look after, for how long, and who is next door?"))
    if may("find_holders"):
        _ask_who()
    else:
        st.info(_("No doors are linked to your account yet. Ask an administrator."), icon=":material/door_front:")
