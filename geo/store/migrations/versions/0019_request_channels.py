"""an import numbers the requests it files."""

from alembic import op

from geo.store import row_security as rows

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(f"GRANT USAGE ON SEQUENCE request_id_seq TO {rows.APP_ROLE}")


def downgrade() -> None:
    op.execute(f"REVOKE USAGE ON SEQUENCE request_id_seq FROM {rows.APP_ROLE}")
