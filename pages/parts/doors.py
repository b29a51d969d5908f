"""A head's doors: how much they carry, each door with its term, and who is next door."""

import streamlit as st

from geo.i18n import _, day, labelled, number
from geo.maps.safe_text import plain
from geo.people.reads import Door, PersonView, doors_of, loads, neighbours_of
from geo.people.rules import Term, is_ending
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.needs_here import show_needs_here
from pages.parts.requests_here import show_requests_here
from pages.parts.session import looking
from pages.parts.visits_here import show_visits_here

ICONS = {"building": ":material/apartment:", "unit": ":material/door_front:"}


def show_doors(person: PersonView) -> None:
    """Show the doors a person looks after today."""
    st.caption(_("The doors of {name} on {day}", name=plain(person.name), day=day(today())))
    with looking() as connection:
        found, chosen = doors_of(connection, person.id, today()), parameters(connection)
    if not found:
        st.info(_("{name} looks after no door today.", name=plain(person.name)), icon=":material/door_front:")
        return
    _show_load(person.id, found, chosen["head_households"], chosen["head_alarm_households"])
    show_visits_here([door.building_id for door in found])
    for door in found:
        _show_door(door, chosen["term_ending_days"])


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
        unit_id = door.place_id if door.kind == "unit" else None
        show_needs_here(door.building_id, unit_id=unit_id)
        show_requests_here(door.building_id, door.name, unit_id=unit_id)
        with st.expander(_("Next door")):
            _show_neighbours(door)


def _show_neighbours(door: Door) -> None:
    with looking() as connection:
        found = neighbours_of(connection, door.building_id, today())
    if not found:
        st.caption(_("There is no other building in this compound."))
    for neighbour in found:
        nobody = _("nobody") if neighbour.in_roster else _("not in the roster yet")
        who = neighbour.person_name or (_("held") if neighbour.held else nobody)
        st.markdown(labelled(plain(neighbour.name), plain(who)))
