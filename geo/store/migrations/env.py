"""Alembic's environment: runs on the connection the caller hands over, as the role that owns the tables."""

from alembic import context
from geoalchemy2 import alembic_helpers

from geo.store.metadata import all_tables

SCHEMAS = (None, "personal")


def _ours(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    if kind == "table" and reflected and compare_to is None:
        return name not in {"spatial_ref_sys"} and getattr(thing, "schema", None) in SCHEMAS
    return bool(alembic_helpers.include_object(thing, name, kind, reflected, compare_to))


def run() -> None:
    """Run the migrations in one transaction."""
    connection = context.config.attributes["connection"]
    context.configure(
        connection=connection,
        target_metadata=all_tables(),
        include_schemas=True,
        include_name=lambda name, kind, _parents: kind != "schema" or name in SCHEMAS,
        include_object=_ours,
        process_revision_directives=alembic_helpers.writer,
        render_item=alembic_helpers.render_item,
        compare_type=True,
        compare_server_default=True,
        transactional_ddl=True,
    )
    with context.begin_transaction():
        context.run_migrations()


run()
