"""What becomes of a cluster: a proposal for deliberation, or a place where a station could go."""

from typing import Any

import streamlit as st

from geo.briefing.hotspot_clusters import ClusterView, KeptClusters
from geo.governance.proposal_reads import ProposalView, proposals
from geo.governance.proposal_writes import ProposalDraft, raise_proposal, withdraw_proposal
from geo.i18n import _, day
from geo.maps.safe_text import plain
from geo.places.writes import draw_place
from pages.parts.language import rerun_part
from pages.parts.session import act, looking, may


def show_follow_up(found: KeptClusters, cluster: ClusterView, category: str | None) -> None:
    """Show what can be done about a cluster, for who may."""
    subject = f"{category or _('Requests')} · {cluster.near}"
    if may("raise_proposals") and cluster.communities:
        with st.form("hot_proposal", border=False):
            name = st.text_input(_("Proposal"), subject, max_chars=200, key=f"hot_proposal_{cluster.rank}")
            if st.form_submit_button(_("Send to the list of proposals"), icon=":material/forum:"):
                _raise(found, cluster, name, category)
    if may("plan_sites") and st.button(
        _("Make a candidate site here"), icon=":material/add_location_alt:", key="hot_site"
    ):
        _draw_site(cluster, subject)


def _raise(found: KeptClusters, cluster: ClusterView, name: str, category: str | None) -> None:
    link = {"study_id": found.view.id, "rank": cluster.rank}
    draft = ProposalDraft(cluster.communities[0], name, cluster.sentence(category), "cluster", link)
    if act(lambda session: raise_proposal(session, draft)) is not None:
        st.toast(_("The proposal is on the list."), icon=":material/check:")
        rerun_part()


def _draw_site(cluster: ClusterView, name: str) -> None:
    middle = {"type": "Point", "coordinates": [cluster.lon, cluster.lat]}
    if act(lambda session: draw_place(session, "candidate_site", middle, {"name": name, "kind": "other"})) is not None:
        st.toast(_("The candidate site is on the map."), icon=":material/check:")


def show_proposals() -> None:
    """Show what was raised, with the way back to its cluster, and let it be withdrawn."""
    with looking() as connection:
        raised = proposals(connection)
    st.subheader(_("Proposals raised"), anchor=False)
    if not raised:
        st.caption(_("Nothing has been raised yet. Choose a cluster, then send it to the list of proposals."))
        return
    for one in raised:
        _show_one(one)


def _show_one(one: ProposalView) -> None:
    with st.expander(_("{name}, {community}, {day}", name=plain(one.name), community=plain(one.community),
                       day=day(one.raised_on))):  # fmt: skip
        st.markdown(plain(one.note or ""))
        if one.link.get("study_id") and st.button(
            _("Show its cluster"), key=f"hot_back_to_{one.id}", icon=":material/my_location:"
        ):
            st.query_params["study"] = str(one.link["study_id"])
            st.query_params["cell"] = str(one.link["rank"])
            st.session_state["hot_go_view"] = "real"
            rerun_part()
        if may("raise_proposals"):
            reason = st.text_input(_("Reason"), key=f"hot_reason_{one.id}", max_chars=300)
            if st.button(_("Withdraw"), key=f"hot_withdraw_{one.id}", icon=":material/undo:"):
                _withdraw(one, reason)


def _withdraw(one: ProposalView, reason: str) -> None:
    def withdraw(session: Any) -> bool:
        withdraw_proposal(session, one.id, reason=reason, version=one.version)
        return True

    if act(withdraw):
        rerun_part()
