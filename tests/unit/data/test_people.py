"""Posts and terms: the shares a city has, one holder at a time, ends that agree with the day."""

import numpy as np
import pytest

from tests.unit.data.conftest import TODAY, Made


@pytest.fixture
def heads(town: Made) -> dict[str, np.ndarray]:
    """The posts of building heads and the current terms of each."""
    post, holding = town["post"], town["holding"]
    of_head = post["id"][post["kind"] == b"building_head"]
    open_end = np.ma.getmaskarray(holding["to_on"])
    to_on = np.where(open_end, TODAY + 9999, holding["to_on"].data)
    current = (holding["from_on"] <= TODAY) & (to_on > TODAY) & np.isin(holding["post_id"], of_head)
    return {"post": of_head, "held": holding["post_id"][current], "person": holding["person_id"][current],
            "to_on": to_on[current]}  # fmt: skip


def test_no_post_has_two_current_heads(heads: dict[str, np.ndarray]) -> None:
    assert len(np.unique(heads["held"])) == len(heads["held"])


def test_most_posts_are_held_and_some_are_vacant(heads: dict[str, np.ndarray], town: Made) -> None:
    listed = len(heads["post"]) / len(town["building"]["id"])
    assert 0.88 < listed < 0.99
    assert 0.05 < 1 - len(heads["held"]) / len(heads["post"]) < 0.16


def test_some_terms_end_within_sixty_days(heads: dict[str, np.ndarray]) -> None:
    assert 0.025 < (heads["to_on"] <= TODAY + 60).mean() < 0.09


def test_some_heads_look_after_several_buildings(heads: dict[str, np.ndarray]) -> None:
    assert np.bincount(heads["person"]).max() >= 2


def test_single_seats_are_never_held_twice_at_a_time(town: Made) -> None:
    holding = town["holding"]
    single = np.flatnonzero(holding["single_seat"])
    order = single[np.lexsort((holding["from_on"][single], holding["post_id"][single]))]
    same = holding["post_id"][order[1:]] == holding["post_id"][order[:-1]]
    assert same.any()
    open_end = np.ma.getmaskarray(holding["to_on"])[order[:-1]]
    assert not (open_end & same).any()
    assert (holding["to_on"].data[order[:-1]][same] <= holding["from_on"][order[1:]][same]).all()


def test_terms_that_ended_say_why(town: Made) -> None:
    holding = town["holding"]
    ended = ~np.ma.getmaskarray(holding["to_on"]) & (holding["to_on"].data <= TODAY)
    assert ended.any()
    assert (holding["end_reason"][ended] != b"").all()


def test_all_kinds_of_posts_are_there(town: Made) -> None:
    assert set(town["post"]["kind"].tolist()) == {
        b"stationmaster", b"deputy_stationmaster", b"building_head", b"unit_head", b"grid_member", b"committee_member",
    }  # fmt: skip


def test_most_stations_are_open_and_some_are_not(town: Made) -> None:
    status = town["station"]["status"].tolist()
    assert status.count(b"open") > len(status) / 3
    assert len(set(status)) >= 3
    assert {b"pilot", b"rollout"} == set(town["station"]["phase"].tolist())


def test_candidate_sites_have_costs_in_fen_or_none(town: Made) -> None:
    cost = town["candidate_site"]["cost_fen"]
    assert np.ma.getmaskarray(cost).any()
    assert cost.compressed().min() > 1_000_000


def test_some_persons_serve_in_two_places(town: Made) -> None:
    kind = town["post"]["kind"][town["holding"]["post_id"] - 1]
    kinds: dict[int, set[bytes]] = {}
    for person, of_post in zip(town["holding"]["person_id"].tolist(), kind.tolist(), strict=True):
        kinds.setdefault(person, set()).add(of_post)
    assert {b"building_head", b"committee_member"} in kinds.values()
    assert {b"building_head", b"deputy_stationmaster"} in kinds.values()


def test_every_person_serves_somewhere_in_their_community(town: Made) -> None:
    holding, person = town["holding"], town["person"]
    assert set(holding["person_id"].tolist()) == set(person["id"].tolist())
    assert (person["community_id"][holding["person_id"] - 1] == holding["community_id"]).all()
