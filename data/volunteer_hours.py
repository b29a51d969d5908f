"""When volunteers can come in a week, and the hours they gave in the last half year."""

from collections.abc import Mapping

import numpy as np
from sqlalchemy import Connection

from data.frames import repeat_index, texts
from geo.people.tables import WEEKDAYS
from geo.store.copy import copy_columns

HAS_TIMES, MOST_TIMES = 0.82, 5
PARTS = ((480, 90), (810, 60), (1110, 60))
"""Morning, afternoon and evening: the first minute of the day somebody begins, and the least they stay."""
STEP, LATER, LONGER = 30, 4, 4
DAYS_BACK = 180
KEEN, KEEN_TIMES, USUAL_TIMES = 0.03, 70, 9
CONFIRMED = 0.86
PURPOSES = ("陪伴聊天", "代购", "代取药", "送餐", "入户看望", "家电维修", "政策宣讲", "义诊", "调解", "")
RECORDED, CONFIRMING = b"demo-staff", b"demo-organiser"
TIMES = {"volunteer_id": "int8", "community_id": "int8", "weekday": "int4", "from_minute": "int4", "to_minute": "int4"}
GIVEN = {
    "volunteer_id": "int8", "community_id": "int8", "given_on": "date", "minutes": "int4", "purpose": "text",
    "recorded_by": "text", "confirmed_by": "text", "confirmed_on": "date",
}  # fmt: skip
NAMES = ", ".join(GIVEN).replace("confirmed_on", "confirmed_at")


def write(connection: Connection, rng: np.random.Generator, rows: Mapping[str, np.ndarray], day: np.datetime64) -> None:
    """Store the times and the hours given of volunteers (columns id, community_id, status as they are stored)."""
    times = _times(rng, rows)
    copy_columns(connection, "availability", TIMES, times)
    given = _given(rng, rows, day)
    columns = ", ".join(f"{name} {kind}" for name, kind in GIVEN.items())
    connection.exec_driver_sql(f"CREATE TEMP TABLE given ({columns}) ON COMMIT DROP")
    copy_columns(connection, "given", GIVEN, given)
    connection.exec_driver_sql(
        f"INSERT INTO hours_given ({NAMES}) SELECT {', '.join(GIVEN)} + time '01:30' FROM given"  # noqa: S608
    )


def _times(rng: np.random.Generator, rows: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    count = len(rows["id"])
    wanted = np.where(rng.random(count) < HAS_TIMES, rng.integers(1, MOST_TIMES + 1, count), 0)
    order = np.argsort(rng.random((count, WEEKDAYS * len(PARTS))), axis=1)
    owner, place = repeat_index(wanted)
    weekday, part = np.divmod(order[owner, place], len(PARTS))
    earliest, least = np.array(PARTS)[part].T
    begins = earliest + STEP * rng.integers(0, LATER, len(owner))
    return {
        "volunteer_id": rows["id"][owner],
        "community_id": rows["community_id"][owner],
        "weekday": weekday,
        "from_minute": begins,
        "to_minute": begins + least + STEP * rng.integers(0, LONGER, len(owner)),
    }


def _given(rng: np.random.Generator, rows: Mapping[str, np.ndarray], day: np.datetime64) -> dict[str, np.ndarray]:
    count = len(rows["id"])
    usual = rng.poisson(USUAL_TIMES * rng.random(count) ** 2 * 2)
    often = np.where(rng.random(count) < KEEN, KEEN_TIMES, usual)
    owner, _place = repeat_index(np.where(rows["status"] == b"active", often, often // 3))
    size = len(owner)
    back = rng.integers(0, DAYS_BACK, size)
    confirmed = (back > 3) & (rng.random(size) < CONFIRMED)
    given_on = day - back
    later = given_on + rng.integers(0, 4, size)
    return {
        "volunteer_id": rows["id"][owner],
        "community_id": rows["community_id"][owner],
        "given_on": given_on,
        "minutes": 30 + 15 * rng.integers(0, 11, size),
        "purpose": texts(PURPOSES)[rng.integers(0, len(PURPOSES), size)],
        "recorded_by": np.full(size, RECORDED),
        "confirmed_by": np.where(confirmed, CONFIRMING, b""),
        "confirmed_on": np.where(confirmed, later, np.datetime64("NaT", "D")),
    }
