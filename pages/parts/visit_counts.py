"""How well the rhythm of visits is kept by class of risk: merged counts, and how everything was computed."""

from collections import defaultdict
from collections.abc import Sequence

import streamlit as st

from geo.access.helped_persons import RISK_LABELS
from geo.i18n import _, day, listed, number
from geo.people.visit_reads import RATE_DAYS, CadenceCount, cadence_counts
from geo.people.visit_rules import OLDEST_DAYS
from geo.places.reads import communities
from geo.planning.reads import parameters
from geo.store.clock import today
from pages.parts.figures import percent
from pages.parts.session import looking

IN_TIME = {"kept", "due"}


def show_cadence(community_id: int | None) -> None:
    """Show how many needs are visited in time by class of risk, a community a block."""
    with looking() as connection:
        found = [one for one in cadence_counts(connection) if community_id in {None, one.community_id}]
        names = {row.id: row.name for row in communities(connection)} if found else {}
        numbers = parameters(connection)
    if found:
        st.subheader(_("Is the rhythm kept?"))
        rows = _rows(found, names)
        titles = (_("Community"), _("Class of risk"), _("In time"), _("Overdue or never visited"), _("In time, share"))
        st.dataframe({title: [row[at] for row in rows] for at, title in enumerate(titles)}, hide_index=True)
        least = number(found[0].least)
        st.caption(
            _("Classes are counted together until every count is at least {least}; zero is hidden too.", least=least)
        )
    with st.expander(_("How this was computed")):
        st.markdown(
            _(
                "State of {day}. The next visit is due so many days after the last one that met somebody: {high} at "
                "high risk, {key} for key households, {general} for others, or what the need itself says; a need never "
                "visited is due since it was opened. After a visit that found somebody at high risk unwell or fallen "
                "it is due within a day. Nobody there and no visit wanted leave it due. This week ends on Sunday. "
                "“Somebody met” counts the visits of {days} days. Visits can be handed in for {oldest} days.",
                day=day(today()), high=numbers["visit_high_risk_days"], key=numbers["visit_key_days"],
                general=numbers["visit_general_days"], days=RATE_DAYS, oldest=OLDEST_DAYS,
            )
        )  # fmt: skip


def _rows(found: Sequence[CadenceCount], names: dict[int, str]) -> list[tuple[str, ...]]:
    counted: dict[tuple[int, tuple[str, ...]], list[int]] = defaultdict(lambda: [0, 0])
    for one in found:
        counted[one.community_id, one.risks][0 if set(one.states) <= IN_TIME else 1] += one.needs
    return [
        (
            names.get(community_id, ""),
            _("all with a person")
            if len(risks) == len(RISK_LABELS)
            else listed(_(RISK_LABELS[code]) for code in risks),
            number(kept),
            number(late),
            percent(kept, kept + late),
        )
        for (community_id, risks), (kept, late) in counted.items()
    ]
