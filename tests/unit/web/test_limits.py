"""How often one address may try: a burst, then one after the other, each address for itself, in bounded memory."""

from geo.web import limits
from geo.web.limits import AT_ONCE, ONE_MORE_EVERY_S, Attempts


def test_a_burst_is_let_through_and_then_one_after_the_other() -> None:
    attempts = Attempts()
    assert [attempts.take("192.0.2.7", 0.0) for _turn in range(AT_ONCE)] == [0] * AT_ONCE
    assert attempts.take("192.0.2.7", 0.0) == ONE_MORE_EVERY_S
    assert attempts.take("192.0.2.8", 0.0) == 0
    assert attempts.take("192.0.2.7", ONE_MORE_EVERY_S) == 0
    assert attempts.take("192.0.2.7", ONE_MORE_EVERY_S) > 0


def test_a_success_costs_nothing() -> None:
    attempts = Attempts()
    for _turn in range(10 * AT_ONCE):
        assert attempts.take("192.0.2.7", 0.0) == 0
        attempts.give_back("192.0.2.7", 0.0)


def test_a_network_of_the_long_addresses_is_one_address() -> None:
    attempts = Attempts()
    found = [attempts.take(f"2001:db8::{turn:x}", 0.0) for turn in range(AT_ONCE + 1)]
    assert found[-1] > 0
    assert attempts.take("2001:db8:0:1::1", 0.0) == 0


def test_only_so_many_addresses_are_remembered() -> None:
    attempts = Attempts()
    for turn in range(limits.MOST_ADDRESSES + 100):
        attempts.take(f"host-{turn}", 0.0)
    assert len(attempts._left) == limits.MOST_ADDRESSES
