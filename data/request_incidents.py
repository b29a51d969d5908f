"""Incidents of the demo city: water, power, lifts and heating that failed for some buildings of a compound."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from sqlalchemy import Connection, text

if TYPE_CHECKING:
    from data.requests import Homes

LEAST_HOMES, MOST_HOMES = 3, 12
FAILURES = (
    ("water", "供水主管爆裂", 520, 9), ("power", "配电室跳闸", 401, 5), ("heating", "换热站停运", 322, 30),
    ("lift", "电梯检修停用", 210, 50), ("water", "二次供水水泵故障", 96, 7), ("power", "线路改造停电", 38, 8),
    ("lift", "电梯曳引机故障", 9, 60), ("water", "阀门更换停水", 1, 40),
)  # fmt: skip
"""Kind, name, days ago, hours: the last is not over yet."""
ADD = text(
    "INSERT INTO incident (community_id, kind, name, started_at, expected_end_at, ended_at, recorded_by) VALUES "
    "(:community, :kind, :name, to_timestamp(:start), to_timestamp(:expected), to_timestamp(:ended), 'demo-organiser') "
    "RETURNING id"
)
DOORS = text(
    "INSERT INTO incident_door (incident_id, community_id, building_id) "
    "SELECT :incident, :community, unnest(CAST(:buildings AS bigint[]))"
)


@dataclass(frozen=True)
class Failure:
    """A failure before it is stored: kind, name, second of the beginning, seconds it lasts, places of its buildings."""

    kind: str
    name: str
    second: int
    lasts: int
    homes: np.ndarray


def plan(rng: np.random.Generator, homes: "Homes", days: int) -> list[Failure]:
    """Choose for each failure a compound with buildings enough; the biggest communities have the two latest."""
    compounds, sizes = np.unique(homes.compound[homes.compound > 0], return_counts=True)
    fitting = compounds[sizes >= LEAST_HOMES]
    if not len(fitting):
        return []
    biggest = np.argmax(np.bincount(homes.community))
    of_biggest = np.unique(homes.compound[(homes.community == biggest) & np.isin(homes.compound, fitting)])
    found = []
    for place, (kind, name, ago, hours) in enumerate(FAILURES):
        late = place >= len(FAILURES) - 2 and len(of_biggest)
        compound = rng.choice(of_biggest if late else fitting)
        begin = (days - ago) * 86_400 + int(rng.integers(7 * 3600, 19 * 3600))
        found.append(Failure(kind, name, begin, hours * 3600, np.flatnonzero(homes.compound == compound)[:MOST_HOMES]))
    return found


def keep(
    connection: Connection, failures: list[Failure], homes: "Homes", *, begin: float, now: float
) -> np.ndarray:
    """Store the failures with the buildings they affect; return their ids, in order, with a 0 for none at the end."""
    ids = []
    for failure in failures:
        start, end = begin + failure.second, begin + failure.second + failure.lasts
        row = {
            "community": int(homes.community[failure.homes[0]]), "kind": failure.kind, "name": failure.name,
            "start": start, "expected": end, "ended": end if end <= now else None,
        }  # fmt: skip
        ids.append(connection.execute(ADD, row).scalar_one())
        affected = [int(building) for building in homes.id[failure.homes]]
        connection.execute(DOORS, {"incident": ids[-1], "community": row["community"], "buildings": affected})
    return np.array([*ids, 0], dtype=np.int64)
