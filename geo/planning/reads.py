"""The numbers of this city: its own values where set, else the defaults."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from geo.planning import rules
from geo.planning.tables import Parameter


@dataclass(frozen=True)
class ParameterView:
    """A parameter with the city's value; version 0, nobody and no time while it is the default."""

    name: str
    label: str
    unit: str
    value: float
    default: float
    low: float
    high: float
    whole: bool
    version: int
    changed_by: str | None
    changed_at: datetime | None


def parameters(connection: Connection) -> dict[str, Any]:
    """Return the value of every parameter by name: the city's own, else the default."""
    return {view.name: view.value for view in parameter_list(connection)}


def parameter_list(connection: Connection) -> list[ParameterView]:
    """Return every parameter in the order of rules.PARAMETERS."""
    rows = connection.execute(
        select(Parameter.name, Parameter.value, Parameter.version, Parameter.changed_by, Parameter.changed_at)
    )
    own = {row.name: row for row in rows}
    return [
        ParameterView(
            name=known.name,
            label=known.label,
            unit=known.unit,
            value=own[known.name].value if known.name in own else known.default,
            default=known.default,
            low=known.low,
            high=known.high,
            whole=known.whole,
            version=own[known.name].version if known.name in own else 0,
            changed_by=own[known.name].changed_by if known.name in own else None,
            changed_at=own[known.name].changed_at if known.name in own else None,
        )
        for known in rules.PARAMETERS
    ]
