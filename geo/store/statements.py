"""Long statements kept in files: a room's sql/NAME.sql, read once."""

from functools import cache
from importlib.resources import files


@cache
def statement(room: str, name: str) -> str:
    """Return the text of geo/<room>/sql/<name>.sql.

    >>> statement("people", "seats_of_buildings").split()[0]
    'SELECT'
    """
    return (files("geo") / room / "sql" / f"{name}.sql").read_text(encoding="utf-8")
