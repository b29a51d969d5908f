import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import BadInput, Conflict
from geo.people.circle_rules import MOVES, Member, checked_members, checked_move, gives_way, turns_are_fair, worded
from geo.people.tables import CIRCLE_STATUSES


def test_a_circle_goes_only_the_ways_of_its_machine() -> None:
    allowed = {(now, then) for now, ways in MOVES.items() for then in ways}
    for now in CIRCLE_STATUSES:
        for then in CIRCLE_STATUSES:
            if (now, then) in allowed:
                assert checked_move(now, then, "because") == "because"
            else:
                with pytest.raises(Conflict, match="cannot become"):
                    checked_move(now, then, "because")
    assert MOVES["ended"] == ()


@pytest.mark.parametrize("status", ["paused", "ended"])
def test_pausing_and_ending_ask_for_a_reason(status: str) -> None:
    with pytest.raises(BadInput, match="why"):
        checked_move("active", status, "  ")
    with pytest.raises(BadInput, match="too long"):
        worded("x" * 301, needed=False)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ([], "1 to 7"),
        ([Member(number, "turn") for number in range(8)], "1 to 7"),
        ([Member(1, "turn"), Member(1, "backup")], "already"),
        ([Member(1, "backup")], "regularly"),
        ([Member(1, "boss")], "Choose what"),
        ([Member(1, "primary", ("dance",))], "not known"),
        ([Member(1, "primary", (), (7,))], "not known"),
        ([Member(1, "turn", hours_week=-1)], "0 to 168"),
        ([Member(1, "turn", distance_m=-1.0)], "never below 0"),
        ([Member(1, "primary"), Member(2, "primary", ("meal",))], "come first for the same help"),
        ([Member(1, "primary", ("meal",), (0, 1)), Member(2, "primary", ("meal",), (1,))], "on the same day"),
    ],
)
def test_members_that_do_not_go_together_are_refused_with_what_to_do(members: list[Member], words: str) -> None:
    with pytest.raises(BadInput, match=words):
        checked_members(members)


def test_two_come_first_for_other_help_or_on_other_days() -> None:
    by_help = [Member(2, "primary", ("meal",)), Member(1, "primary", ("visit",))]
    by_day = [Member(1, "primary", ("meal",), (0,)), Member(2, "primary", ("meal",), (1, 2))]
    assert [one.volunteer_id for one in checked_members(by_help)] == [1, 2]
    assert len(checked_members(by_day)) == 2


def test_a_city_may_want_smaller_circles() -> None:
    with pytest.raises(BadInput, match="1 to 2"):
        checked_members([Member(number, "turn") for number in range(3)], most=2)


def test_only_untouched_proposals_of_a_run_give_way() -> None:
    assert gives_way("proposed", 3, 1)
    assert not gives_way("proposed", None, 1)
    assert not gives_way("proposed", 3, 2)
    assert not gives_way("active", 3, 1)


@given(st.lists(st.tuples(st.floats(0.25, 40), st.floats(0.25, 40)), min_size=1, max_size=30))
def test_evenness_lies_between_one_over_all_and_one(hours: list[tuple[float, float]]) -> None:
    index = turns_are_fair([done for done, _offered in hours], [offered for _done, offered in hours])
    assert index is not None
    assert 1 / len(hours) - 1e-9 <= index <= 1 + 1e-9


def test_nobody_who_gives_or_offers_has_no_evenness() -> None:
    assert turns_are_fair([], []) is None
    assert turns_are_fair([0.0, 0.0], [2.0, 0.0]) is None
