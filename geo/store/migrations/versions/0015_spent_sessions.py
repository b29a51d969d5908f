"""sessions that ended long ago are removed when their user signs in again."""

from alembic import op

from geo.store import row_security as rows

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("DROP POLICY removes ON user_session")
    op.execute(f"CREATE POLICY removes ON user_session FOR DELETE TO {rows.APP_ROLE} USING ({rows.AT_THE_GATE})")
    op.execute(f"GRANT DELETE ON user_session TO {rows.APP_ROLE}")


def downgrade() -> None:
    op.execute(f"REVOKE DELETE ON user_session FROM {rows.APP_ROLE}")
    op.execute("DROP POLICY removes ON user_session")
    op.execute(f"CREATE POLICY removes ON user_session FOR DELETE TO {rows.APP_ROLE} USING (false)")
