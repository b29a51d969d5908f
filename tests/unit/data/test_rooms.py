"""Each room has its own stream of chance: a changed or added room leaves the others' rows as they were."""

import zlib

import numpy as np
import pytest

from data import city, frames, ground, people, residents, stations, units
from tests.unit.data.conftest import TODAY
from tests.unit.data.test_city import digests

POSTS = {"person", "post", "holding"}
CHANGES = [
    (ground, {"ground"}),
    (residents, {"residents"}),
    (people, POSTS),
    (stations, POSTS | {"organisation", "station", "candidate_site"}),
]


@pytest.fixture(scope="module")
def before() -> dict[str, str]:
    """The fingerprints of the small city as it is."""
    return digests(city.make("small", 1, today=TODAY))


@pytest.mark.parametrize(("room", "touched"), CHANGES, ids=lambda value: getattr(value, "__name__", ""))
def test_other_chances_in_one_room_change_that_room_only(
    room: object, touched: set[str], before: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "room_rng", lambda seed, name: frames.room_rng(seed + 1, name))
    after = digests(city.make("small", 1, today=TODAY))
    changed = {table for table in before if before[table] != after[table]}
    assert changed
    assert changed <= touched


def test_a_room_added_between_others_changes_nothing(before: dict[str, str]) -> None:
    def with_volunteers() -> object:
        for frame in city.make("small", 1, today=TODAY):
            frames.room_rng(1, "volunteers").normal(size=1000)
            yield frame

    assert digests(with_volunteers()) == before


def test_leaving_a_room_out_changes_nothing_else(before: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(units, "households", lambda *_: iter(()))
    after = digests(city.make("small", 1, today=TODAY))
    assert after == {table: digest for table, digest in before.items() if table != "household"}


def test_the_stream_depends_on_seed_and_name_only() -> None:
    expected = np.random.default_rng([5, zlib.crc32(b"units")]).integers(0, 1000, 5)
    assert (frames.room_rng(5, "units").integers(0, 1000, 5) == expected).all()
    assert (frames.room_rng(5, "people").integers(0, 1000, 5) != expected).any()
