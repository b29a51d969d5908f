"""what other systems need to hand in requests."""

from alembic import op

from geo.store import row_security as rows

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

USED = """CREATE FUNCTION app_key_user(wanted bytea) RETURNS text LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
SELECT k.user_name FROM api_key k JOIN app_user u ON u.name = k.user_name AND u.status = 'active'
WHERE k.key_hash = wanted AND k.revoked_at IS NULL $$"""


def upgrade() -> None:
    op.execute(f"GRANT USAGE ON SEQUENCE request_id_seq TO {rows.APP_ROLE}")
    op.execute(USED)
    op.execute("REVOKE ALL ON FUNCTION app_key_user(bytea) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION app_key_user(bytea) TO {rows.APP_ROLE}")


def downgrade() -> None:
    op.execute("DROP FUNCTION app_key_user(bytea)")
    op.execute(f"REVOKE USAGE ON SEQUENCE request_id_seq FROM {rows.APP_ROLE}")
