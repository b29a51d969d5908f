"""How turns are shared in a week: hours planned and done against the hours offered, volunteer by volunteer."""

from collections.abc import Sequence

import streamlit as st

from geo.i18n import _, number
from geo.people.circle_rules import turns_are_fair
from geo.planning.shift_reads import Load
from pages.parts.circle_words import name_words

HEIGHT_PX = 420


def show_loads(loads: Sequence[Load]) -> None:
    """Show what everybody does in the week against what they offer, and how evenly it is shared."""
    if not loads:
        return
    evenness = turns_are_fair([one.planned_hours for one in loads], [one.offered_hours for one in loads])
    with st.expander(_("How turns are shared ({count} volunteers)", count=number(len(loads)))):
        if evenness is not None:
            st.markdown(
                _("Evenness {index} of 1 (Jain's index of hours planned per hour offered; 1: all alike).",
                  index=number(evenness, 2))
            )  # fmt: skip
        st.dataframe(
            {
                _("Volunteer"): [name_words(one.name, one.volunteer_id) for one in loads],
                _("Hours offered"): [one.offered_hours for one in loads],
                _("Hours planned"): [one.planned_hours for one in loads],
                _("Share"): [_share(one) for one in loads],
                _("Hours done"): [one.done_hours for one in loads],
                _("Missed"): [one.missed for one in loads],
            },
            hide_index=True, height=min(HEIGHT_PX, 38 + 35 * len(loads)),
            column_config={
                _("Share"): st.column_config.ProgressColumn(format="%d %%", min_value=0, max_value=100),
            },
        )  # fmt: skip


def _share(load: Load) -> int:
    return round(100 * load.planned_hours / load.offered_hours) if load.offered_hours else 0
