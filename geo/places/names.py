"""Names people read for buildings and units, from the rows of a query."""

from typing import Any

from geo.places.rules import BuildingNames, building_name, joined


def building_name_of(row: Any) -> str:
    """Return the name of a row's building from compound (NULL for a placeholder), number, name, address and code."""
    return building_name(BuildingNames(row.compound, row.number, row.name, row.address, row.code))


def unit_name_of(row: Any) -> str:
    """Return the name of the unit a row describes; of its building where unit_number is NULL."""
    name = building_name_of(row)
    return joined(name, row.unit_number, "单元") if row.unit_number else name
