"""counts of personal attributes, merged upwards until nobody can be found in them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from geo.store import row_security as rows
from geo.store.statements import statement

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

INNER = {
    "suppressed_tree": "int[], bigint[]",
    "suppressed_standing": "int[], int[], int[], bigint[], int[], bigint[]",
    "suppressed_groups": "bigint[], int[], int[], bigint",
    "suppressed_counts": "int[], bigint[], bigint[], bigint[], bigint[], int[], bigint",
    "suppressed_places": "text",
    "suppressed_cells": "text, int",
    "suppressed_family": "text, bigint, bigint, bigint",
}
TABLES = ("publication", "published_count", "published_place")
TOUCHES_MINE = "community_ids && ARRAY(SELECT m.community_id FROM membership m)"


def upgrade() -> None:
    _tables()
    for name, takes in INNER.items():
        op.execute(statement("access", name))
        op.execute(f"REVOKE ALL ON FUNCTION {name}({takes}) FROM PUBLIC")
    op.execute(statement("access", "suppressed_publish"))
    op.execute("REVOKE ALL ON FUNCTION publish_counts() FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION publish_counts() TO {rows.APP_ROLE}")
    readers = {
        "publication": rows.KNOWN,
        "published_count": f"{rows.CITY_WIDE} OR {TOUCHES_MINE}",
        "published_place": "EXISTS (SELECT FROM published_count c WHERE c.id = count_id)",
    }
    for table, read in readers.items():
        op.execute(rows.enable(table))
        for line in rows.policies(table, rows.Policies(read, "false")):
            op.execute(line)
    op.execute(f"GRANT SELECT ON {', '.join(TABLES)} TO {rows.APP_ROLE}")


def _tables() -> None:
    op.create_table(
        "publication",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("family", sa.Text(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("suppress_below", sa.Integer(), nullable=False),
        sa.Column("suppress_below_alone", sa.Integer(), nullable=False),
        sa.CheckConstraint("family IN ('residents', 'helped')", name=op.f("ck_publication_family_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publication")),
        sa.UniqueConstraint("family", "month", name=op.f("uq_publication_family_month")),
    )
    op.create_table(
        "published_count",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("publication_id", sa.BigInteger(), nullable=False),
        sa.Column("attribute", sa.Text(), nullable=False),
        sa.Column("resolution", sa.SmallInteger(), nullable=False),
        sa.Column("community_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("groups", postgresql.JSONB(), nullable=False),
        sa.Column("records", sa.BigInteger(), nullable=True),
        sa.Column("unknown", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publication.id"], name=op.f("fk_published_count_publication_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_count")),
    )
    op.create_index(op.f("ix_published_count_publication_id"), "published_count", ["publication_id"])
    op.create_table(
        "published_place",
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("place_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("count_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["count_id"], ["published_count.id"], name=op.f("fk_published_place_count_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("kind", "place_id", "count_id", name=op.f("pk_published_place")),
    )
    op.create_index(op.f("ix_published_place_count_id"), "published_place", ["count_id"])


def downgrade() -> None:
    op.execute("DROP FUNCTION publish_counts()")
    for name, takes in INNER.items():
        op.execute(f"DROP FUNCTION {name}({takes})")
    for table in reversed(TABLES):
        op.drop_table(table)
