"""All tables of all rooms, gathered for migrations, backups and checks."""

from importlib import import_module

from sqlalchemy import MetaData

from geo.store.base import Base

ROOMS_WITH_TABLES = ("store", "access", "places", "people", "requests", "governance", "planning", "jobs", "exchange")


def all_tables() -> MetaData:
    """Return the metadata with every room's tables loaded."""
    for room in ROOMS_WITH_TABLES:
        import_module(f"geo.{room}.tables")
    return Base.metadata
