"""Hotspots on the demo city: who may look in what, what is hidden, and that the planted one is found and kept."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import text

from data import requests
from geo.access.actor import OPERATOR
from geo.briefing import hotspot_cells, hotspot_clusters, hotspot_findings
from geo.briefing.overview import stand_now
from geo.errors import BadInput, NotAllowed, Outdated
from geo.governance.proposal_reads import proposals
from geo.governance.proposal_writes import ProposalDraft, raise_proposal, withdraw_proposal
from geo.hotspots.asked import Asked
from geo.hotspots.clusters import clusters
from geo.hotspots.ground_study import load_ground
from geo.hotspots.study import hotspots_as_job
from geo.jobs.context import JobContext, Notes
from geo.store.clock import today
from geo.store.session import Actor, owner_engine, reading, writing

PLANNER, LEADER, ORGANISER = (Actor(f"demo-{role}") for role in ("planner", "leader", "organiser"))
pytestmark = pytest.mark.usefixtures("demo_store_for_module")


def sewage() -> int:
    with owner_engine().connect() as owner:
        return int(owner.scalar(text("SELECT id FROM request_category WHERE code = 'sewage'")) or 0)


def test_each_role_looks_in_what_it_may_and_a_planners_look_is_in_the_log() -> None:
    everything, own = load_ground(OPERATOR), load_ground(ORGANISER)
    assert everything.sees_rows
    assert set(own.community.tolist()) < set(everything.community.tolist())
    planned = load_ground(PLANNER)
    assert not planned.sees_rows
    assert len(planned.day) == len(everything.day)
    with owner_engine().connect() as owner:
        entry = owner.execute(text("SELECT actor, after FROM audit_entry ORDER BY id DESC LIMIT 1")).one()
    assert entry.actor == "demo-planner"
    assert entry.after == {"purpose": "hotspots", "requests": len(planned.day)}
    with pytest.raises(NotAllowed):
        load_ground(LEADER)


def test_the_planted_hotspot_is_the_first_cluster_and_marked_by_gi_star() -> None:
    ground = load_ground(OPERATOR)
    asked = Asked(category_id=sewage())
    found = clusters(ground, asked, today())
    first = found.result.clusters[0]
    assert first.p is not None
    assert first.p <= 0.01
    begun = today() - timedelta(days=requests.PLANTED_DAYS)
    assert abs((found.day_of(first) - begun).days) <= 21
    with owner_engine().connect() as owner:
        homes = requests._homes(owner, np.random.default_rng(0))
    there = homes.id[requests.planted(homes)]
    inside = np.isin(ground.building[found.places.row[np.isin(found.places.place, first.areas)]], there)
    assert inside.mean() > 0.5
    spots = hotspot_findings.spots(stand_now(OPERATOR), Asked(category_id=sewage(), days=90))
    hexagon = np.zeros(len(spots.codes), bool)
    hexagon[spots.places.place[np.isin(ground.building[spots.places.row], there)]] = True
    z = np.nan_to_num(spots.found.z)
    assert z[hexagon].mean() > z[~hexagon].mean() + 1


def test_who_may_not_see_requests_is_told_no_small_number() -> None:
    stand = stand_now(PLANNER)
    found = hotspot_findings.spots(stand, Asked(days=90))
    assert not found.shown.exact
    shown = found.shown.counts[~found.shown.hidden]
    assert ((shown == 0) | (shown >= 5)).all()
    words = {cell.words for cell in hotspot_cells.spot_cells(stand, Asked(days=90), found).cells}
    assert not any(word.startswith(("1 request", "2 request", "3 request", "4 request")) for word in words)


def test_a_search_is_kept_without_anybody_and_read_by_leaders(tmp_path: Path) -> None:
    context = JobContext(1, PLANNER, tmp_path, Notes())
    result = hotspots_as_job(context, name="drains", **Asked(category_id=sewage()).plain())
    stand = stand_now(LEADER)
    found = hotspot_clusters.opened_search(stand, result["study_id"])
    assert found.asked.category_id == sewage()
    first = found.clusters[0]
    assert first.code == 1
    assert first.near in first.sentence("drains")
    assert hotspot_clusters.requests_inside(stand, first, found.asked) == []
    assert hotspot_clusters.requests_inside(stand_now(OPERATOR), first, found.asked)
    assert hotspot_clusters.in_charge(stand, first, holders=False).heads == ()
    cells = hotspot_clusters.cluster_cells(found, "drains", None)
    assert cells.cells[-1].id == 1


def test_unheard_buildings_are_those_of_quiet_compounds() -> None:
    found = hotspot_findings.unheard(stand_now(OPERATOR), Asked(days=730))
    assert (found.requests[found.quiet] <= found.found.expected_requests[found.quiet]).all()
    assert not found.quiet[np.isnan(found.households)].any()


def test_a_proposal_for_a_community_of_others_is_refused_in_words() -> None:
    with reading(ORGANISER) as connection:
        own = connection.scalars(text("SELECT community_id FROM membership")).all()
    with owner_engine().connect() as owner:
        query = text("SELECT min(community_id) FROM building WHERE community_id <> ALL (:own)")
        foreign = int(owner.scalar(query, {"own": list(own)}) or 0)
    with pytest.raises(NotAllowed, match="outside the communities"), writing(ORGANISER) as session:
        raise_proposal(session, ProposalDraft(foreign, "Drains of others"))


def test_who_may_not_see_requests_is_told_only_bounds_of_a_building() -> None:
    stand = stand_now(PLANNER)
    told = hotspot_cells.silent_rows(stand, hotspot_findings.unheard(stand, Asked(days=730)))
    assert "Fewer than 5 requests" in {row.requests for row in told}
    few = {f"{count} request{'' if count == 1 else 's'}" for count in range(1, 5)}
    assert not {row.requests for row in told} & few


def test_a_proposal_is_raised_listed_and_withdrawn_with_a_reason() -> None:
    with reading(ORGANISER) as connection:
        community = int(connection.scalar(text("SELECT min(community_id) FROM membership")) or 0)
    with writing(ORGANISER) as session:
        made = raise_proposal(session, ProposalDraft(community, "Drains", "smell", "cluster", {"study_id": 1}))
    with reading(LEADER) as connection:
        [seen] = [one for one in proposals(connection) if one.id == made]
    assert (seen.name, seen.raised_by, seen.raised_on) == ("Drains", "demo-organiser", date.today())  # noqa: DTZ011
    with writing(ORGANISER) as session, pytest.raises(BadInput, match="Reason"):
        withdraw_proposal(session, made, reason=" ", version=seen.version)
    with writing(ORGANISER) as session:
        withdraw_proposal(session, made, reason="settled", version=seen.version)
    with writing(ORGANISER) as session, pytest.raises(Outdated):
        withdraw_proposal(session, made, reason="again", version=seen.version)
    with reading(LEADER) as connection:
        assert made not in {one.id for one in proposals(connection)}
    with writing(LEADER) as session, pytest.raises(NotAllowed):
        raise_proposal(session, ProposalDraft(community, "x"))
