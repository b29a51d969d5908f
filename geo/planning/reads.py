"""Questions about the numbers a city's rules use."""

from sqlalchemy import Connection, select

from geo.planning.rules import with_defaults
from geo.planning.tables import Parameter


def parameters(connection: Connection) -> dict[str, int]:
    """Return every parameter by name: the city's own value, else the default."""
    stored = connection.execute(select(Parameter.name, Parameter.value)).tuples()
    return with_defaults(dict(stored.all()))
