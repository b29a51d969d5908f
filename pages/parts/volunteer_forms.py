"""Forms of a volunteer: what they offer, where they live, check-in, pause, end and take up again."""

from typing import Any

import streamlit as st

from geo.i18n import _
from geo.maps.safe_text import plain
from geo.people.volunteer_reads import VolunteerView, teams
from geo.people.volunteer_rules import STATUS_LABELS
from geo.people.volunteer_writes import change_volunteer, check_in, set_status
from geo.store.clock import today
from pages.parts.language import rerun_part
from pages.parts.session import act, looking
from pages.parts.volunteer_inputs import hours_input, offer_inputs, skill_input
from pages.parts.volunteer_merge import has_draft, save_change, show_draft, show_newer
from pages.parts.volunteer_place import ask_place
from pages.parts.volunteer_state import as_seen, let_go
from pages.parts.volunteer_words import name_of

LONGEST_REASON = 300
NEXT = {"active": ("paused", "ended"), "paused": ("active", "ended"), "ended": ("active",)}


def show_change(now: VolunteerView) -> None:
    """Show the form that changes what somebody offers, or the conflict somebody is in."""
    with looking() as connection:
        known = teams(connection, community_id=now.community_id)
    if has_draft(now):
        show_draft(now, {one.id: one.name for one in known})
        return
    seen = as_seen(now)
    show_newer(seen, now)
    with st.form(f"change_volunteer_{seen.id}_{seen.version}", border=False, enter_to_submit=False):
        mine = offer_inputs(seen, known, f"{seen.id}_{seen.version}")
        if st.form_submit_button(_("Save"), type="primary"):
            save_change(seen, mine)


def show_place(now: VolunteerView) -> None:
    """Show the choice of building and unit somebody lives at; without it nobody can be paired with them."""
    seen = as_seen(now)
    show_newer(seen, now)
    place = ask_place(f"place_{now.id}")
    if place is None:
        return
    if st.button(_("Save this place"), type="primary", key=f"save_place_{now.id}"):
        changes = {"building_id": place[0], "unit_id": place[1]}
        _done(now, lambda session: change_volunteer(session, now.id, changes, version=seen.version),
              _("The place is saved."))  # fmt: skip


def show_check_in(now: VolunteerView) -> None:
    """Show the form by which a party member registers where they live."""
    seen = as_seen(now)
    show_newer(seen, now)
    st.caption(_("A party member registers where they live and says what they offer there."))
    with st.form(f"check_in_{seen.id}_{seen.version}", border=False, enter_to_submit=False):
        on = st.date_input(_("Checked in on"), today(), max_value=today(), key=f"check_in_on_{seen.id}")
        hours = hours_input(seen.hours_week, f"check_in_hours_{seen.id}")
        skills = skill_input(seen.skills, f"check_in_skills_{seen.id}")
        if not st.form_submit_button(_("Check in"), type="primary"):
            return
    _done(now, lambda session: check_in(session, now.id, on=on, hours_week=hours, skills=skills, version=seen.version),
          _("{name} is checked in.", name=plain(name_of(now))))  # fmt: skip


def show_status(now: VolunteerView) -> None:
    """Show how to pause, end or take up again, with the reason."""
    seen = as_seen(now)
    show_newer(seen, now)
    words = {"paused": _("Pause"), "ended": _("End"), "active": _("Take up again")}
    with st.form(f"volunteer_status_{seen.id}_{seen.version}", border=False, enter_to_submit=False):
        wanted = st.radio(_("What happens"), NEXT[seen.status], format_func=lambda code: words[code], horizontal=True)
        on = st.date_input(_("From"), today(), max_value=today(), key=f"status_on_{seen.id}")
        reason = st.text_input(_("Reason"), max_chars=LONGEST_REASON, key=f"status_reason_{seen.id}")
        if not st.form_submit_button(_("Save"), type="primary"):
            return
    said = _("{name} is now {status}.", name=plain(name_of(now)), status=_(STATUS_LABELS[wanted]))
    _done(now, lambda session: set_status(session, now.id, wanted, on=on, reason=reason, version=seen.version), said)


def _done(now: VolunteerView, command: Any, said: str) -> None:
    if act(lambda session: (command(session), True)[1]):
        let_go(now.id)
        st.toast(said, icon=":material/check:")
        rerun_part()
