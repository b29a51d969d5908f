"""The card of an incident: its doors and their heads, a message to copy, the requests that joined, its end."""

import streamlit as st

from geo.i18n import _, listed, moment, number
from geo.maps.safe_text import plain
from geo.requests.board import RequestView
from geo.requests.incident_reads import (
    KIND_LABELS,
    DoorView,
    IncidentView,
    doors_of_incident,
    incident,
    likely_requests,
    requests_of_incident,
)
from geo.requests.incident_writes import join_requests
from pages.parts.incident_end import show_end
from pages.parts.incident_list import duration_text, open_incident
from pages.parts.language import rerun_part
from pages.parts.links import link_to
from pages.parts.request_words import title_of
from pages.parts.session import act, looking, may

IN_A_MESSAGE = 30


def show_incident(incident_id: int) -> None:
    """Show an incident, or say that it is not there."""
    with looking() as connection:
        found = incident(connection, incident_id)
        doors = doors_of_incident(connection, incident_id) if found else []
        joined = requests_of_incident(connection, incident_id) if found else []
        likely = likely_requests(connection, found) if found else []
    if found is None:
        st.warning(_("There is no such incident, or you may not see it. Choose one in the list."),
                   icon=":material/search_off:")  # fmt: skip
        st.button(_("Back to the list"), key="close_incident", on_click=open_incident, args=(None,))
        return
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        st.subheader(plain(found.name), anchor=False)
        st.button("", icon=":material/close:", help=_("Close this card"), key="close_incident", type="tertiary",
                  on_click=open_incident, args=(None,))  # fmt: skip
    _facts(found, doors)
    show_end(found, joined)
    with st.expander(_("Message for the heads of these doors"), icon=":material/forward_to_inbox:", expanded=True):
        st.caption(_("Copy it and send it to the heads below. It names doors, nobody's name."))
        st.code(_message(found, doors), language=None, wrap_lines=True)
    _doors(doors)
    _requests(found, joined, likely)


def _facts(found: IncidentView, doors: list[DoorView]) -> None:
    households = [door.households for door in doors if door.households is not None]
    facts = [
        (_("Kind"), _(KIND_LABELS[found.kind])),
        (_("Community"), plain(found.community)),
        (_("Since"), moment(found.started_at)),
        (_("Over since"), moment(found.ended_at) if found.ended_at else _("it lasts")),
        (_("How long"), duration_text(found)),
        (_("Households affected"), number(sum(households)) if households else _("unknown")),
    ]
    if found.expected_end_at and found.ended_at is None:
        facts.insert(4, (_("Expected until"), moment(found.expected_end_at)))
    if found.note:
        facts.append((_("Note"), plain(found.note)))
    st.markdown("  \n".join(f":gray[{label}] {value}" for label, value in facts))


def _message(found: IncidentView, doors: list[DoorView]) -> str:
    called, places = found.name, listed(door.place for door in doors[:IN_A_MESSAGE])
    more = _(" and {count} more", count=number(len(doors) - IN_A_MESSAGE)) if len(doors) > IN_A_MESSAGE else ""
    if found.ended_at:
        told = _("{name}: over since {moment}.", name=called, moment=moment(found.ended_at))
        return f"{told} {places}{more}"
    until = moment(found.expected_end_at) if found.expected_end_at else _("not known yet")
    return _(
        "{name} since {since}. Expected until: {until}. Affected: {places}. Please tell your neighbours, and look "
        "after those who need help. It is known: nobody has to report it again.",
        name=called, since=moment(found.started_at), until=until, places=f"{places}{more}",
    )  # fmt: skip


def _doors(doors: list[DoorView]) -> None:
    with st.expander(_("Affected doors ({count})", count=number(len(doors)))):
        for door in doors:
            st.markdown(f"{plain(door.place)} · {plain(listed(door.heads)) or _('nobody')}")


def _requests(found: IncidentView, joined: list[RequestView], likely: list[RequestView]) -> None:
    st.markdown(_("Requests that joined: {count}. They count once in the rates.", count=number(len(joined))))
    for one in joined[:IN_A_MESSAGE]:
        link_to("requests", title_of(one), query={"request": one.number})
    if likely and may("edit_incidents"):
        with st.form(f"join_{found.id}", border=True):
            known = {one.id: f"{one.number} {one.place}" for one in likely}
            chosen = st.multiselect(
                _("These may belong to it"),
                list(known),
                default=list(known),
                placeholder=_("none"),
                format_func=lambda one: known[one],
            )
            asked = st.form_submit_button(_("Join them"))
        if asked and chosen and act(lambda session: (join_requests(session, found.id, chosen), True)[1]):
            rerun_part()
