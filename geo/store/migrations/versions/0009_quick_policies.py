"""what row security asks of every table is planned once a session: tiles cost no more than without it."""

from importlib import import_module

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

HOLDS = "BEGIN RETURN EXISTS (SELECT FROM held_role h WHERE h.role IN ({roles})); END"
ASKED = {
    "app_city_wide": "'administrator', 'leader', 'planner'",
    "app_runs_city": "'administrator'",
    "app_plans_city": "'administrator', 'planner'",
    "app_reads_log": "'administrator', 'auditor'",
}
KNOWN = "BEGIN RETURN EXISTS (SELECT FROM held_role); END"
MEMBERSHIPS = """
DECLARE
    me text := current_setting('app.user_name', true);
    day date := app_today();
BEGIN
    RETURN QUERY
    SELECT me, r.role, coalesce(r.community_id,
        (SELECT s.community_id FROM station s WHERE s.id = r.station_id),
        (SELECT p.community_id FROM person p WHERE p.id = r.person_id))
    FROM user_role r
    WHERE r.user_name = me AND r.role IN ('organiser', 'station_staff', 'building_head')
      AND r.from_on <= day AND (r.to_on IS NULL OR r.to_on > day)
      AND EXISTS (SELECT FROM app_user u WHERE u.name = me AND u.status = 'active');
END"""
VIEW = """CREATE OR REPLACE VIEW membership WITH (security_barrier) AS
    SELECT m.user_name, m.role, m.community_id FROM app_memberships() m WHERE m.community_id IS NOT NULL"""


def _function(name: str, gives: str, body: str) -> str:
    # In SQL the body would be parsed and planned again by every table of every query; plpgsql keeps its plan.
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS {gives} LANGUAGE plpgsql STABLE SECURITY DEFINER "
        f"SET search_path = public, pg_temp AS $$ {body} $$"
    )


def upgrade() -> None:
    op.execute(_function("app_actor_known", "boolean", KNOWN))
    for name, roles in ASKED.items():
        op.execute(_function(name, "boolean", HOLDS.format(roles=roles)))
    op.execute(_function("app_memberships", "TABLE (user_name text, role text, community_id bigint)", MEMBERSHIPS))
    op.execute("ALTER FUNCTION app_memberships() ROWS 30")
    op.execute(VIEW)


def downgrade() -> None:
    accounts = import_module("geo.store.migrations.versions.0004_accounts")
    former = [body for body in accounts.FUNCTIONS if any(f" {name}()" in body for name in (*ASKED, "app_actor_known"))]
    for body in former:
        op.execute(body.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    op.execute(accounts.VIEWS[1].replace("CREATE VIEW", "CREATE OR REPLACE VIEW"))
    op.execute("DROP FUNCTION app_memberships()")
