"""What the card of a volunteer says: place, team, offer, hours and status; the way to the map and the telephone."""

import streamlit as st

from geo.governance.rules import TEAM_LABELS
from geo.i18n import _, day, number
from geo.maps.safe_text import plain
from geo.people.volunteer_reads import VolunteerView
from geo.people.volunteer_rules import STATUS_LABELS, skills_in_words
from pages.parts.city_map import look_at
from pages.parts.links import is_open
from pages.parts.session import may
from pages.parts.telephone import show_telephone
from pages.parts.volunteer_words import hours_words, place_of

MAP = "neighbourhood_map"
AROUND = 0.0007
"""So many degrees to each side of a door are shown: about a block of houses."""
ICONS = {"active": ":material/radio_button_checked:", "paused": ":material/pause_circle:",
         "ended": ":material/task_alt:"}  # fmt: skip


def show_facts(found: VolunteerView) -> None:
    """Show what is known about a volunteer, as far as the visitor may see it."""
    offered = _("{offered}, {bound} bound in circles, {free} free", offered=hours_words(found.hours_week),
                bound=hours_words(found.bound_hours), free=hours_words(found.free_hours))  # fmt: skip
    given = _("{given} given this month, {confirmed} confirmed", given=hours_words(found.given_hours),
              confirmed=hours_words(found.confirmed_hours))  # fmt: skip
    walks = _("{limit} m", limit=number(found.limit_m)) if found.limit_m else _("as the city's number says")
    facts = [
        (_("Place"), plain(place_of(found)) if found.place else f":red[{_('not known: choose it under Place')}]"),
        (_("Team"), _team(found)),
        (_("Skills"), skills_in_words(found.skills) or _("none told")),
        (_("Hours a week"), offered),
        (_("Hours"), given),
        (_("Walks at most"), walks),
        (_("Born"), str(found.birth_year) if found.birth_year else _("unknown")),
        (_("Check-in"), _check_in(found)),
        (_("Status"), _status(found)),
        (_("Community"), plain(found.community)),
    ]
    st.markdown("  \n".join(f":gray[{label}] {value}" for label, value in facts))
    with st.container(horizontal=True):
        if (
            is_open(MAP)
            and found.building_id
            and st.button(_("Show on the map"), icon=":material/map:", key="volunteer_on_map", type="tertiary")
        ):
            _show_on_map(found)
        if found.name and may("see_holders"):
            show_telephone(found.person_id, found.name, key=f"volunteer_{found.id}")


def _team(found: VolunteerView) -> str:
    if found.team is None:
        return _("none")
    return f"{plain(found.team)} · {_(TEAM_LABELS[found.team_kind])}" if found.team_kind else plain(found.team)


def _check_in(found: VolunteerView) -> str:
    if found.checked_in_on:
        return _("checked in on {day}", day=day(found.checked_in_on))
    return _("party member, not checked in") if found.party_member else _("no")


def _status(found: VolunteerView) -> str:
    words = f"{ICONS[found.status]} {_(STATUS_LABELS[found.status])}"
    return f"{words} · {day(found.ended_on)}" if found.ended_on else words


def _show_on_map(found: VolunteerView) -> None:
    if found.lon is not None and found.lat is not None:
        look_at(MAP, (found.lon - AROUND, found.lat - AROUND, found.lon + AROUND, found.lat + AROUND))
    st.switch_page(f"{MAP}.py", query_params={"place": f"building:{found.building_id}"})
