"""The numbers of the city that requests go by: its own values where set, else these defaults."""

from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

DEFAULTS: dict[str, float] = {
    "respond_urgent_h": 1,
    "respond_utilities_h": 2,
    "respond_normal_h": 24,
    "respond_hard_h": 24,
    "solve_urgent_h": 2,
    "solve_utilities_h": 24,
    "solve_normal_h": 168,
    "solve_hard_h": 360,
    "basically_satisfied": 0.9,
    "weight_response": 0.1,
    "weight_resolution": 0.5,
    "weight_satisfaction": 0.4,
    "rank_least_count": 20,
    "waiting_limit_days": 30,
    "duplicate_near_m": 100,
    "duplicate_within_h": 72,
}
"""As planning.rules holds them, which stands below this room; a test compares the two."""
OWN = text("SELECT name, value FROM parameter WHERE name = ANY (:names)")


def numbers(connection: Connection | Session) -> dict[str, Any]:
    """Return every number by name."""
    rows = connection.execute(OWN, {"names": list(DEFAULTS)})
    return DEFAULTS | {row.name: row.value for row in rows}


def hours_of_class(found: dict[str, Any], class_code: str) -> tuple[float, float]:
    """Return in how many hours somebody answers, and solves, a request of a class.

    >>> hours_of_class(DEFAULTS, "urgent")
    (1.0, 2.0)
    """
    return float(found[f"respond_{class_code}_h"]), float(found[f"solve_{class_code}_h"])
