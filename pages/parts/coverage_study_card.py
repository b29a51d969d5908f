"""One kept study: its figures, the city's numbers it rests on, its rows, and the rows as files."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from geo.briefing.coverage_studies import KeptStudy, opened_study
from geo.briefing.overview import Stand
from geo.errors import NotFound
from geo.exchange.downloads import as_csv, as_xlsx
from geo.i18n import N_, _, day, listed, number
from geo.maps.safe_text import plain

SHOWN = 200
TOPIC_WORDS = {
    "places": N_("places"), "posts": N_("posts"), "care": N_("volunteers and needs"), "base": N_("roads"),
}  # fmt: skip
FIGURE_WORDS = {
    "covered": N_("Looked after"),
    "no_head": N_("Nobody looks after some doors"),
    "overloaded": N_("Head has too many households"),
    "single_point": N_("Hangs on one person"),
    "term_ending": N_("Term ends soon"),
    "unknown": N_("Unknown"),
    "heads": N_("Heads"),
    "heads_overloaded": N_("Heads with too many households"),
    "beyond_circles": N_("No station within 15 minutes"),
    "uncounted": N_("Entrances without a count"),
}


def show_study(stand: Stand, study_id: int) -> None:
    """Show a study, or say that it is not there."""
    try:
        found = opened_study(stand, study_id)
    except NotFound as error:
        st.warning(plain(error.text()), icon=":material/search_off:")
        return
    view = found.view
    with st.container(border=True, key="open_study"):
        st.subheader(plain(view.name), anchor=False)
        st.caption(_("Data of {day}", day=day(view.data_on)))
        st.caption(_("The map of the duty chain shows what was found then, on the buildings of today."))
        if view.stale:
            changed = listed(_(TOPIC_WORDS.get(topic, topic)) for topic in view.changed_since)
            st.warning(_("Changed since then: {topics}. Study again for today's coverage.", topics=changed),
                       icon=":material/update:")  # fmt: skip
        _figures(view.figures)
        _rows(found)


def _figures(figures: Mapping[str, Any]) -> None:
    """Show numbers, side by side where the study compares today with then."""
    if "then" in figures:
        columns = {_("Today"): figures["today"], _("Then"): figures["then"]}
    else:
        flat = figures.get("households", {}) | {name: figures[name] for name in figures if name in FIGURE_WORDS}
        columns = {_("Then"): flat}
    shown = [name for name in FIGURE_WORDS if any(name in values for values in columns.values())]
    st.dataframe(
        {
            _("Households"): [_(FIGURE_WORDS[name]) for name in shown],
            **{title: [number(values.get(name)) for name in shown] for title, values in columns.items()},
        },
        hide_index=True,
    )


def _rows(found: KeptStudy) -> None:
    with st.expander(_("Rows ({count})", count=number(len(found.frame)))):
        titles, rows = found.titles, found.rows
        st.dataframe(
            {title: [row[at] for row in rows[:SHOWN]] for at, title in enumerate(titles)}, hide_index=True, height=260
        )
        left, right, _rest = st.columns([1, 1, 3])
        name = f"study_{found.view.id}"
        left.download_button(
            _("Excel"), lambda: as_xlsx(titles, rows), f"{name}.xlsx", icon=":material/download:", key="study_xlsx",
            on_click="ignore",
        )  # fmt: skip
        right.download_button(
            _("CSV"), lambda: as_csv(titles, rows), f"{name}.csv", icon=":material/download:", key="study_csv",
            on_click="ignore",
        )  # fmt: skip
