"""The rules of jobs, without processes or a database."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from geo.jobs.rules import Limits, Observation, ending, plain, verdict

LIMITS = Limits(memory_mb=100, time_s=60, grace_s=10, stale_s=30)


def seen(**changes: object) -> Observation:
    usual = {
        "alive": True,
        "death_is_certain": True,
        "heartbeat_age_s": 0.2,
        "memory_mb": 50.0,
        "running_s": 5.0,
        "cancel_asked_s": None,
    }
    return Observation(**(usual | changes))


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, "leave"),
        ({"memory_mb": 100.1}, "too_big"),
        ({"running_s": 65.0}, "leave"),
        ({"running_s": 70.1}, "too_long"),
        ({"cancel_asked_s": 9.0}, "leave"),
        ({"cancel_asked_s": 10.1}, "cancel"),
        ({"heartbeat_age_s": 3600.0}, "leave"),
        ({"alive": False}, "lost"),
        ({"alive": False, "death_is_certain": False}, "leave"),
        ({"alive": False, "death_is_certain": False, "heartbeat_age_s": 30.1}, "lost"),
    ],
)
def test_a_running_job_is_left_alone_unless_it_is_dead_too_big_too_long_or_deaf(
    changes: dict[str, object], expected: str
) -> None:
    assert verdict(seen(**changes), LIMITS) == expected


def test_every_end_from_outside_has_a_status_and_says_what_to_do() -> None:
    endings = {name: ending(name, LIMITS, -9) for name in ("lost", "too_big", "too_long", "cancel")}
    assert {name: status for name, (status, _error) in endings.items()} == {
        "lost": "lost",
        "too_big": "failed",
        "too_long": "failed",
        "cancel": "cancelled",
    }
    for status, error in endings.values():
        assert status == "cancelled" or error["msgid"].format(**error["values"])


def test_everything_a_task_may_return_becomes_plain_json() -> None:
    value = {"n": np.int64(3), "a": np.array([1.5, np.nan]), 4: {"path": Path("a/b"), "on": date(2026, 11, 22)}}
    assert plain(value) == {"n": 3, "a": [1.5, None], "4": {"path": "a/b", "on": "2026-11-22"}}


def test_a_zero_byte_that_the_database_refuses_is_replaced() -> None:
    assert plain("a\x00b") == "a�b"
