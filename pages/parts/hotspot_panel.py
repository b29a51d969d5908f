"""Beside the map of hotspots: the card of the cell or cluster that is chosen, else the list of the most striking."""

from collections import Counter
from collections.abc import Callable, Sequence

import streamlit as st

from geo.briefing.hotspot_cells import SpotRow
from geo.briefing.hotspot_clusters import ClusterView, KeptClusters, chance_words, in_charge, requests_inside
from geo.briefing.overview import Stand
from geo.i18n import _, day, labelled, listed, number
from geo.maps.safe_text import plain
from pages.parts.hotspot_follow import show_follow_up
from pages.parts.links import link_to
from pages.parts.session import may

SHOWN, COULD_BE_CHANCE = 12, 3
Choose = Callable[[int | None], None]


def show_rows(rows: Sequence[SpotRow], chosen: SpotRow | None, choose: Choose, words: dict[int, str]) -> None:
    """Show the card of the chosen cell, else the first of the list; words: of each class."""
    if chosen is not None:
        _show_spot(chosen, words, choose)
        return
    st.subheader(_("Most striking places"), anchor=False)
    if not rows:
        st.info(_("No place stands out from chance with these choices."), icon=":material/check_circle:")
        return
    for row in rows[:SHOWN]:
        label = f"{plain(row.near) or _('a place without name')} · {row.requests}"
        if st.button(label, key=f"hot_row_{row.id}", width="stretch", help=row.pattern or words.get(row.code, "")):
            choose(row.id)


def _show_spot(row: SpotRow, words: dict[int, str], choose: Choose) -> None:
    st.subheader(_("Near {place}", place=plain(row.near)), anchor=False)
    st.markdown(row.pattern or words.get(row.code, ""))
    st.markdown(row.requests)
    if row.households > 0:
        st.markdown(_("{count} households", count=number(row.households)))
    if row.months:
        st.bar_chart({_("Requests per month"): list(row.months)}, height=160)
    if st.button(_("Back to the list"), icon=":material/arrow_back:", key="hot_back"):
        choose(None)


def show_clusters(stand: Stand, found: KeptClusters, chosen: int | None, choose: Choose, category: str | None) -> None:
    """Show the card of the chosen cluster, else all of them in a sentence each."""
    cluster = found.named(chosen)
    if cluster is not None:
        _show_cluster(stand, found, cluster, category, choose)
        return
    st.subheader(_("Clusters that still last"), anchor=False)
    if not found.clusters:
        st.info(_("No cluster was found: requests fall as chance would have them."), icon=":material/check_circle:")
        return
    st.caption(chance_words(found.clusters))
    for one in [one for one in found.clusters if one.code < COULD_BE_CHANCE][:SHOWN]:
        with st.container(border=True):
            st.markdown(plain(one.sentence(category)))
            st.caption(plain(one.doubt()))
            if st.button(_("Show this cluster"), key=f"hot_cluster_{one.rank}", icon=":material/my_location:"):
                choose(one.rank)


def _show_cluster(
    stand: Stand, found: KeptClusters, cluster: ClusterView, category: str | None, choose: Choose
) -> None:
    st.subheader(_("Cluster {rank}: near {place}", rank=number(cluster.rank), place=plain(cluster.near)), anchor=False)
    st.markdown(plain(cluster.sentence(category)))
    st.caption(plain(cluster.doubt()))
    concerned = in_charge(stand, cluster, holders=may("see_holders"))
    if concerned.station:
        st.markdown(plain(labelled(_("Station in charge"), concerned.station[1])))
    if concerned.heads:
        with st.expander(_("Building heads here ({count})", count=number(len(concerned.heads)))):
            for name, buildings in concerned.heads:
                st.markdown(plain(_("{name}: {count} buildings", name=name, count=number(buildings))))
    if may("see_requests"):
        _show_requests(stand, found, cluster)
    show_follow_up(found, cluster, category)
    if st.button(_("Back to the list"), icon=":material/arrow_back:", key="hot_back"):
        choose(None)


def _show_requests(stand: Stand, found: KeptClusters, cluster: ClusterView) -> None:
    rows = requests_inside(stand, cluster, found.asked)
    if found.asked.category_id is None:
        most = Counter(row.category for row in rows).most_common(4)
        st.caption(plain(listed(_("{category}: {count}", category=name, count=number(count)) for name, count in most)))
    with st.expander(_("Its requests ({count})", count=number(len(rows)))):
        st.dataframe(
            {
                _("Number"): [row.number for row in rows],
                _("Day"): [day(row.received) for row in rows],
                _("Category"): [row.category for row in rows],
                _("What they say"): [row.summary for row in rows],
                _("Address"): [row.address for row in rows],
            },
            hide_index=True, height=240,
        )  # fmt: skip
        link_to("requests", _("Go to requests"), icon=":material/inbox:")
