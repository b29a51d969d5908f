"""The address of the coverage page: every choice survives the way into it and back, nonsense is left out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.briefing.coverage_paint import Asked
from geo.briefing.coverage_state import VIEWS, CoverageState
from geo.briefing.coverage_tallies import Tally
from geo.errors import BadInput
from geo.maps import legend
from geo.people.tables import SKILLS

STATES = st.builds(
    CoverageState,
    view=st.sampled_from(VIEWS),
    community_id=st.none() | st.integers(1, 10**9),
    circle=st.sampled_from((5, 10, 15)),
    old=st.booleans(),
    skill=st.none() | st.sampled_from(SKILLS),
    person_id=st.none() | st.integers(1, 10**9),
    statuses=st.none() | st.lists(st.integers(0, 5), min_size=1, unique=True).map(sorted).map(tuple),
    place=st.none() | st.tuples(st.sampled_from(("building", "unit", "compound")), st.integers(1, 10**9)),
    study_id=st.none() | st.integers(1, 10**9),
    wishes=st.just(()) | st.just(("leaves:7", "head:unit:4:new")),
)


@given(STATES)
def test_what_the_view_asks_for_and_everything_else_survives_the_address(state: CoverageState) -> None:
    back = CoverageState.from_address(state.address())
    assert back.asked == state.asked
    assert (back.view, back.community_id, back.place) == (state.view, state.community_id, state.place)
    assert (back.statuses, back.study_id, back.wishes) == (state.statuses, state.study_id, state.wishes)


@given(st.dictionaries(st.sampled_from(("view", "circle", "old", "skill", "person", "status", "place", "whatif")),
                       st.text(max_size=30)))  # fmt: skip
def test_nothing_somebody_types_into_the_address_breaks_the_page(query: dict[str, str]) -> None:
    assert CoverageState.from_address(query).view in VIEWS


@pytest.mark.parametrize(
    "query", [{"topic": "drop"}, {"topic": "skill", "skill": "x"}, {"topic": "away", "person": "1e9"}]
)
def test_the_route_refuses_what_there_is_not(query: dict[str, str]) -> None:
    with pytest.raises(BadInput):
        Asked.from_query(query)


def test_a_smaller_circle_covers_fewer_classes() -> None:
    assert [Asked("station", minutes).covered for minutes in (5, 10, 15)] == [(1,), (1, 2), (1, 2, 3)]


def test_a_share_is_of_what_is_known_and_nothing_known_has_none() -> None:
    assert Tally((50, 30, 70), (0, 0, 0), (1, 1, 1)).share((1,)) == 0.3
    assert Tally((50, 0, 0), (0, 0, 0), (1, 0, 0)).share((1,)) is None


@pytest.mark.parametrize("theme", [*legend.COVERAGE_THEMES.values(), legend.WITHOUT_TEAMS])
def test_each_class_has_a_look_of_its_own_and_the_unknown_is_hatched(theme: legend.Theme) -> None:
    looks = {(style.fill, style.stroke, style.hollow) for style in theme.building}
    assert len(looks) == len(theme.building) <= 7
    assert [style.code for style in theme.building if style.hatched] == [0]


def test_a_colour_means_the_same_for_heads_and_for_the_duty_chain() -> None:
    chain = {style.code: style.fill for style in legend.DUTY_STYLES}
    assert all(chain[style.code] == style.fill for style in legend.HEAD_STYLES)
