"""Sealing: what was sealed opens in its own place only, with its own key, unchanged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.access.keys import Keyring, fresh
from geo.access.sealing import Spot, key_of, mark, opened, seal
from geo.errors import StoreUnavailable

OLD, NEW = fresh(), fresh()
BOTH = Keyring((OLD, NEW), NEW)
SPOT = Spot("personal.helped_person", "name", 17)


@given(st.text(), st.integers(1, 2**62))
def test_what_was_sealed_opens_again(value: str, row_id: int) -> None:
    spot = SPOT._replace(row_id=row_id)
    sealed = seal(NEW, spot, value)
    assert sealed is not None
    assert opened(BOTH, spot, sealed) == value


def test_nothing_stays_nothing() -> None:
    assert seal(NEW, SPOT, None) is None
    assert opened(BOTH, SPOT, None) is None


def test_the_same_text_is_never_sealed_alike_and_names_its_key() -> None:
    one, two = seal(OLD, SPOT, "王秀兰"), seal(OLD, SPOT, "王秀兰")
    assert one != two
    assert one is not None
    assert "王秀兰".encode() not in one
    assert key_of(one) == OLD.id


def test_every_key_of_the_ring_opens_and_a_missing_one_is_named() -> None:
    sealed = seal(OLD, SPOT, "x")
    assert opened(BOTH, SPOT, sealed) == "x"
    with pytest.raises(StoreUnavailable, match=OLD.id):
        opened(Keyring((NEW,), NEW), SPOT, sealed)


@pytest.mark.parametrize(
    "elsewhere",
    [SPOT._replace(row_id=18), SPOT._replace(column="phone"), SPOT._replace(table="personal.contact")],
    ids=["another row", "another column", "another table"],
)
def test_a_value_moved_to_another_place_does_not_open(elsewhere: Spot) -> None:
    with pytest.raises(StoreUnavailable, match="does not belong there"):
        opened(BOTH, elsewhere, seal(NEW, SPOT, "x"))


def test_a_value_changed_in_any_byte_does_not_open() -> None:
    sealed = seal(NEW, SPOT, "13")
    assert sealed is not None
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(StoreUnavailable):
            opened(BOTH, SPOT, bytes(changed))
    for length in range(len(sealed)):
        with pytest.raises(StoreUnavailable):
            opened(BOTH, SPOT, sealed[:length])


def test_marks_are_equal_for_equal_texts_of_one_key_only() -> None:
    assert mark(NEW, "19900000001") == mark(NEW, "19900000001")
    assert mark(NEW, "19900000001") != mark(NEW, "19900000002")
    assert mark(NEW, "19900000001") != mark(OLD, "19900000001")
