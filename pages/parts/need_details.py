"""What a care need takes: skills, hours a week, how often; for pairing, the rota and visits."""

import streamlit as st

from geo.i18n import _, number
from geo.maps.safe_text import plain
from geo.people.need_reads import NeedView
from geo.people.need_writes import MOST_DAYS, MOST_HOURS, detail_need
from geo.people.volunteer_rules import skills_in_words
from pages.parts.language import rerun_part
from pages.parts.need_merge import show_newer
from pages.parts.need_state import as_seen, let_go
from pages.parts.session import act
from pages.parts.volunteer_inputs import open_number, skill_input
from pages.parts.volunteer_words import hours_words


def detail_facts(need: NeedView) -> list[tuple[str, str]]:
    """Return what is known of what a need takes, with its words; nothing where the city's own numbers hold."""
    found = [
        (_("Skills"), skills_in_words(need.skills)),
        (_("Hours a week"), hours_words(need.hours_week) if need.hours_week else ""),
        (_("Visits"), _("every {days} days", days=number(need.cadence_days)) if need.cadence_days else ""),
    ]
    return [(label, value) for label, value in found if value]


def show_details(need: NeedView) -> None:
    """Show the form that says what a need takes; left open, the city's own numbers hold."""
    seen = as_seen(need)
    show_newer(seen, need)
    turn = f"{seen.id}_{seen.version}"
    with st.form(f"details_{turn}", border=False, enter_to_submit=False):
        skills = skill_input(seen.skills, f"need_skills_{turn}")
        left, right = st.columns(2)
        with left:
            hours = open_number(_("Hours a week"), (0.25, float(MOST_HOURS)), seen.hours_week, 0.5,
                                key=f"need_hours_{turn}", placeholder=_("the city's number"))  # fmt: skip
        with right:
            days = open_number(_("Days between visits"), (1, MOST_DAYS), seen.cadence_days, 1,
                               key=f"need_days_{turn}", placeholder=_("by risk class"))  # fmt: skip
        if not st.form_submit_button(_("Save"), type="primary"):
            return
    wanted = {"skills": skills, "hours_week": hours, "cadence_days": days}
    if act(lambda session: (detail_need(session, seen.id, wanted, version=seen.version), True)[1]):
        let_go(need.number)
        st.toast(_("Need {number} is changed.", number=plain(need.number)), icon=":material/check:")
        rerun_part()
