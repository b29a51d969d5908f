"""My doors: which doors do I look after, for how long, and who is next door? Made for a phone."""

import streamlit as st

from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.people.reads import Door, doors_of, loads, neighbours_of, person_named, persons
from geo.people.rules import Term, is_ending
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.session import looking

TARGETS = """<style>
.stMainBlockContainer { max-width: 560px; }
.stMainBlockContainer button, .stMainBlockContainer input, .stMainBlockContainer a { min-height: 44px; }
.stMainBlockContainer [data-testid="stExpander"] summary { min-height: 44px; align-items: center; }
</style>"""
CHOICES = 12
ICONS = {"building": ":material/apartment:", "unit": ":material/door_front:"}


def _leave() -> None:
    st.query_params.pop("person", None)


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


def _show_load(person_id: int, doors: list[Door], limit: int, alarm: int) -> None:
    with looking() as connection:
        load = loads(connection, on=today(), person_ids=[person_id]).get(person_id)
    unknown = sum(door.households is None for door in doors)
    with st.container(horizontal=True):
        st.metric(_("Doors (buildings and units)"), number(len(doors)))
        st.metric(_("Households"), number(load))
    if load is not None:
        text = _("{load} of {limit} households", load=number(load), limit=number(limit))
        st.progress(min(load / limit, 1.0), text=text)
        if load > alarm:
            st.warning(
                _("More than {alarm} households: ask for unit heads or a second head.", alarm=number(alarm)),
                icon=":material/weight:",
            )
    if unknown:
        st.caption(_("The households of {count} doors are not known and not counted.", count=number(unknown)))


def _show_door(door: Door, ending_days: int) -> None:
    with st.container(border=True, key=f"door_{door.kind}_{door.place_id}"):
        st.markdown(f"{ICONS[door.kind]} {plain(door.name)}")
        st.caption(_("{count} households", count=number(door.households)))
        if door.address:
            st.caption(plain(door.address))
        since = _("since {day}", day=day(door.from_on))
        if door.to_on is None:
            st.caption(_("{since}, no end agreed", since=since))
        elif is_ending(Term(door.from_on, door.to_on), today(), ending_days):
            left = (door.to_on - today()).days
            st.warning(
                _("Your term ends on {day}, in {count} days.", day=day(door.to_on), count=number(left)),
                icon=":material/event:",
            )
        else:
            st.caption(_("{since}, until {day}", since=since, day=day(door.to_on)))
        with st.expander(_("Next door")):
            _show_neighbours(door)


def _show_neighbours(door: Door) -> None:
    with looking() as connection:
        found = neighbours_of(connection, door.building_id, today())
    if not found:
        st.caption(_("There is no other building in this compound."))
    for neighbour in found:
        nobody = _("nobody") if neighbour.in_roster else _("not in the roster yet")
        st.markdown(labelled(plain(neighbour.name), plain(neighbour.person_name or nobody)))


st.html(TARGETS)
st.title(_("My doors"), anchor=False)
asked = st.query_params.get("person", "")
with looking() as opened:
    me = person_named(opened, int(asked)) if asked.isdecimal() and len(asked) < 19 else None
    mine = doors_of(opened, me.id, today()) if me else []
    chosen = parameters(opened)
if me is None:
    st.caption(_("Which doors do you look after, for how long, and who is next door?"))
    _ask_who()
else:
    st.caption(_("The doors of {name} on {day}", name=plain(me.name), day=day(today())))
    st.button(_("Somebody else"), icon=":material/arrow_back:", on_click=_leave)
    if not mine:
        st.info(_("{name} looks after no door today.", name=plain(me.name)), icon=":material/door_front:")
    else:
        _show_load(me.id, mine, chosen["head_households"], chosen["head_alarm_households"])
    for one in mine:
        _show_door(one, chosen["term_ending_days"])
