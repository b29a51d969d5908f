"""What a run of pairing came to: hours met, ways, how good it is, what nobody meets and why."""

from collections.abc import Mapping, Sequence

import streamlit as st

from geo.coverage.pairing import CAUSES, STATUS_WORDS
from geo.coverage.proposals_study import Gap
from geo.exchange.downloads import as_csv
from geo.i18n import N_, _, day, moment, number
from geo.people.need_reads import NeedView
from geo.planning.studies import StudyView
from geo.store.clock import today
from pages.parts.circle_words import metres_words
from pages.parts.need_words import door_of, tasks_in_words
from pages.parts.volunteer_words import hours_words

USED = ("circle_size", "need_hours_week", "volunteer_limit_m", "straight_line_factor", "snap_limit_m")


def show_result(study: StudyView) -> None:
    """Show the figures of the last run in words, with what it rested on."""
    found = study.figures
    st.markdown(
        _(
            "The last run, {moment}: {met} of {asked} asked for a week are met, with {metres} on foot in all (each way "
            "once). It looked at {needs} needs and {volunteers} volunteers.",
            moment=moment(study.made_at), met=hours_words(found["hours_met"]), asked=hours_words(found["hours_asked"]),
            metres=metres_words(found["total_m"]), needs=number(found["needs"]), volunteers=number(found["volunteers"]),
        )
    )  # fmt: skip
    st.caption(_(STATUS_WORDS[found["status"]]))
    if not found["by_road"]:
        st.caption(
            _("No roads are loaded: ways are straight lines times {factor}.",
              factor=number(study.parameters["straight_line_factor"], 1))
        )  # fmt: skip
    for count, words in (
        (found["left_out"], N_("{count} persons with an open need have not agreed to be part of planning.")),
        (found["cut_off"], N_("{count} doors of needs or volunteers are too far from any road.")),
        (found["idle"], N_("{count} volunteers have no place or no hours left and could not be proposed.")),
    ):
        if count:
            st.caption(_(words, count=number(count)))
    if study.stale:
        st.caption(_("Places, needs or volunteers have changed since. Have it looked for again for the newest state."))
    with st.expander(_("How this was computed")):
        _show_basis(study)


def _show_basis(study: StudyView) -> None:
    asked = study.asked
    st.markdown(
        _(
            "As many hours as possible are met first; then the walking is least. A present pair ranks as {kept} m "
            "nearer, a pair off the ages of a 4050助7080 team as {ages} m farther; nobody is left out for age. "
            "Wanted: {count} volunteers a need and one who steps in. Data of {day}.",
            kept=number(asked["continuity_m"]), ages=number(asked["age_detour_m"]), count=number(asked["circle"]),
            day=day(study.data_on),
        )
    )  # fmt: skip
    st.caption(", ".join(f"{name} = {study.parameters[name]}" for name in USED))


def show_gaps(gaps: Sequence[Gap], places: Mapping[int, NeedView]) -> None:
    """Show which hours nobody gives, with the cause of each in words."""
    listed = [(places[gap.need_id], gap) for gap in gaps if gap.need_id in places]
    if not listed:
        return
    st.subheader(_("Not met ({count})", count=number(len(listed))), anchor=False)
    titles = [_("Place"), _("Number"), _("Help needed"), _("Hours missing a week"), _("Why, and what to do")]
    rows = [
        [door_of(need), need.number, tasks_in_words(need.tasks), gap.hours, _(CAUSES[gap.cause])]
        for need, gap in listed
    ]
    st.dataframe({title: [row[at] for row in rows] for at, title in enumerate(titles)}, hide_index=True)
    st.download_button(
        _("CSV"), lambda: as_csv(titles, rows), f"unmet_{today()}.csv", icon=":material/download:", key="gaps_csv",
        on_click="ignore",
    )  # fmt: skip
