"""what care circles and shifts need in the database: nobody at two doors at once, one stand-in for a missed shift."""

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

OPEN_HAS_NOBODY = "ck_shift_open_has_nobody"


def upgrade() -> None:
    op.execute(f"ALTER TABLE shift DROP CONSTRAINT {OPEN_HAS_NOBODY}")
    op.execute(
        f"ALTER TABLE shift ADD CONSTRAINT {OPEN_HAS_NOBODY} CHECK (CASE status WHEN 'open' THEN volunteer_id IS NULL "
        "WHEN 'cancelled' THEN true ELSE volunteer_id IS NOT NULL END)"
    )
    op.execute(
        "ALTER TABLE shift ADD CONSTRAINT ex_shift_one_at_a_time EXCLUDE USING gist (volunteer_id WITH =, "
        "on_day WITH =, int4range(from_minute, to_minute) WITH &&) WHERE (status IN ('offered', 'accepted', 'done'))"
    )
    op.execute("CREATE UNIQUE INDEX uq_shift_replaces_id ON shift (replaces_id) WHERE status <> 'cancelled'")


def downgrade() -> None:
    op.execute("DROP INDEX uq_shift_replaces_id")
    op.execute("ALTER TABLE shift DROP CONSTRAINT ex_shift_one_at_a_time")
    op.execute(f"ALTER TABLE shift DROP CONSTRAINT {OPEN_HAS_NOBODY}")
    op.execute("DELETE FROM shift WHERE status = 'cancelled' AND volunteer_id IS NULL")
    op.execute(
        f"ALTER TABLE shift ADD CONSTRAINT {OPEN_HAS_NOBODY} CHECK ((status = 'open') = (volunteer_id IS NULL))"
    )
