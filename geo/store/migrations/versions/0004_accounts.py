"""accounts, sessions, roles held for a place and a time."""

import sqlalchemy as sa
from alembic import op

from geo.store import row_security as rows

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

PLACES = ("compound", "gate", "building", "unit")
PLANNED = ("candidate_site", "station")
POSTS = ("post", "holding", "organisation")
OF_ALL = ("city", "walk_edge", "ground", "parameter")
IMPORT_PARTS = ("import_finding", "import_change")
ACCOUNTS = ("app_user", "credential", "user_role", "user_session")
AREA_ABOVE = "level IN ('city', 'district', 'street_office')"
FIRST_OPERATOR = "operator"
BEFORE_COMMUNITIES = ("compound", "gate", "building", "residents", "unit", "household", "candidate_site", "person",
                      "post", "holding", "organisation", "station")

HOLDS = "SELECT EXISTS (SELECT FROM held_role h WHERE h.role IN ({roles}))"
DEFINER = "STABLE SECURITY DEFINER SET search_path = public, pg_temp"
OWN_BUILDINGS = """SELECT p.building_id, p.unit_id
    FROM held_role r
    JOIN holding h ON h.person_id = r.person_id
    JOIN post p ON p.id = h.post_id AND p.closed_on IS NULL AND p.kind IN ('building_head', 'unit_head')
    WHERE r.role = 'building_head' AND h.from_on <= app_today() AND (h.to_on IS NULL OR h.to_on > app_today())"""


def _function(name: str, gives: str, body: str) -> str:
    return f"CREATE FUNCTION {name}() RETURNS {gives} LANGUAGE sql {DEFINER} AS $$ {body} $$"


def _holds(*roles: str) -> str:
    return HOLDS.format(roles=", ".join(f"'{role}'" for role in roles))


FUNCTIONS = (
    _function("app_actor_known", "boolean", "SELECT EXISTS (SELECT FROM held_role)"),
    _function("app_city_wide", "boolean", _holds("administrator", "leader", "planner")),
    _function("app_runs_city", "boolean", _holds("administrator")),
    _function("app_plans_city", "boolean", _holds("administrator", "planner")),
    _function("app_reads_log", "boolean", _holds("administrator", "auditor")),
    _function("app_own_units", "SETOF bigint", f"""WITH own AS ({OWN_BUILDINGS})
        SELECT u.id FROM own JOIN unit u ON u.building_id = own.building_id
        UNION SELECT own.unit_id FROM own WHERE own.unit_id IS NOT NULL"""),
    _function("app_own_buildings", "SETOF bigint", f"""WITH own AS ({OWN_BUILDINGS})
        SELECT own.building_id FROM own WHERE own.building_id IS NOT NULL
        UNION SELECT u.building_id FROM own JOIN unit u ON u.id = own.unit_id"""),
    _function("app_neighbours", "SETOF bigint", """WITH near AS (
            SELECT b.id, b.compound_id FROM building b
            WHERE b.compound_id IN (SELECT o.compound_id FROM building o WHERE o.id IN (SELECT app_own_buildings())))
        SELECT h.person_id FROM near n JOIN post p ON p.building_id = n.id JOIN holding h ON h.post_id = p.id
        UNION SELECT h.person_id FROM near n JOIN unit u ON u.building_id = n.id JOIN post p ON p.unit_id = u.id
            JOIN holding h ON h.post_id = p.id
        UNION SELECT r.person_id FROM held_role r WHERE r.person_id IS NOT NULL"""),
    """CREATE FUNCTION app_set_credential(who text, hash text, change_it boolean) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    BEGIN
        IF NOT app_runs_city() AND who IS DISTINCT FROM current_setting('app.user_name', true) THEN
            RAISE EXCEPTION 'only an administrator sets the password of somebody else' USING ERRCODE = '42501';
        END IF;
        INSERT INTO credential (user_name, password_hash, must_change) VALUES (who, hash, change_it)
        ON CONFLICT (user_name) DO UPDATE SET password_hash = excluded.password_hash,
            must_change = excluded.must_change, changed_at = now(), failures = 0, locked_until = NULL;
    END $$""",
)
VIEWS = (
    """CREATE VIEW held_role WITH (security_barrier) AS
    SELECT r.id, r.role, r.community_id, r.station_id, r.person_id, r.from_on, r.to_on
    FROM user_role r JOIN app_user u ON u.name = r.user_name AND u.status = 'active'
    WHERE r.user_name = current_setting('app.user_name', true)
      AND r.from_on <= app_today() AND (r.to_on IS NULL OR r.to_on > app_today())""",
    """CREATE VIEW membership WITH (security_barrier) AS
    SELECT DISTINCT current_setting('app.user_name', true) AS user_name, h.role,
           coalesce(h.community_id, s.community_id, p.community_id) AS community_id
    FROM held_role h
    LEFT JOIN station s ON s.id = h.station_id
    LEFT JOIN person p ON p.id = h.person_id
    WHERE coalesce(h.community_id, s.community_id, p.community_id) IS NOT NULL""",
)


def upgrade() -> None:
    _drop_policies()
    _make_tables()
    op.execute(
        """CREATE FUNCTION app_today() RETURNS date LANGUAGE sql STABLE AS $$
        SELECT coalesce(nullif(current_setting('app.today', true), '')::date, current_date) $$"""
    )
    op.drop_table("membership")
    for view in VIEWS:
        op.execute(view)
    for function in FUNCTIONS:
        op.execute(function.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    op.execute("REVOKE ALL ON FUNCTION app_set_credential(text, text, boolean) FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION app_set_credential(text, text, boolean) TO {rows.APP_ROLE}")
    op.drop_column("app_user", "city_wide")
    for table, wanted in _wanted().items():
        for statement in rows.policies(table, wanted):
            op.execute(statement)
    op.execute(f"GRANT SELECT ON held_role, membership TO {rows.APP_ROLE}")
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON app_user, user_role, user_session TO {rows.APP_ROLE}")
    op.execute(f"GRANT SELECT, UPDATE ON credential TO {rows.APP_ROLE}")
    op.execute(f"DELETE FROM app_user; INSERT INTO app_user (name, status) VALUES ('{FIRST_OPERATOR}', 'active')")
    op.execute(
        "INSERT INTO user_role (user_name, role, from_on, reason, given_by) "
        f"VALUES ('{FIRST_OPERATOR}', 'administrator', '2000-01-01', 'the command line', '{FIRST_OPERATOR}')"
    )


def _make_tables() -> None:
    versioned = (
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
    )
    op.add_column("app_user", sa.Column("shown_name", sa.Text(), nullable=True))
    op.add_column("app_user", sa.Column("email", sa.Text(), nullable=True))
    op.add_column("app_user", sa.Column("status", sa.Text(), server_default="invited", nullable=False))
    for column in versioned:
        op.add_column("app_user", column)
    op.create_check_constraint(op.f("ck_app_user_status_known"), "app_user", "status IN ('invited', 'active', 'suspended')")
    op.create_check_constraint(op.f("ck_app_user_shown_name_not_blank"), "app_user", "btrim(shown_name) <> ''")
    op.create_check_constraint(op.f("ck_app_user_email_not_blank"), "app_user", "btrim(email) <> ''")
    op.create_index("uq_app_user_email", "app_user", [sa.text("lower(email)")], unique=True)
    op.create_table(
        "credential",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("must_change", sa.Boolean(), server_default="true", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_name"], ["app_user.name"], name=op.f("fk_credential_user_name")),
        sa.PrimaryKeyConstraint("user_name", name=op.f("pk_credential")),
    )
    op.create_table(
        "user_role",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=True),
        sa.Column("station_id", sa.BigInteger(), nullable=True),
        sa.Column("person_id", sa.BigInteger(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint(
            "role IN ('administrator', 'leader', 'planner', 'organiser', 'station_staff', 'building_head', 'auditor')",
            name=op.f("ck_user_role_role_known"),
        ),
        sa.CheckConstraint(
            "(role = 'organiser') = (community_id IS NOT NULL) AND (role = 'station_staff') = (station_id IS NOT NULL) "
            "AND (role = 'building_head') = (person_id IS NOT NULL)",
            name=op.f("ck_user_role_place_fits_role"),
        ),
        sa.CheckConstraint("to_on IS NULL OR to_on >= from_on", name=op.f("ck_user_role_ends_not_before_start")),
        sa.ForeignKeyConstraint(["user_name"], ["app_user.name"], name=op.f("fk_user_role_user_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_role")),
    )
    op.create_index("ix_user_role_user_name", "user_role", ["user_name"])
    op.create_table(
        "user_session",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("device", sa.Text(), nullable=True),
        sa.Column("host", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["user_name"], ["app_user.name"], name=op.f("fk_user_session_user_name")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_user_session_token_hash")),
    )
    op.create_index("ix_user_session_user_name", "user_session", ["user_name"])
    for table in ("credential", "user_role", "user_session"):
        op.execute(rows.enable(table))


def _wanted() -> dict[str, rows.Policies]:
    everybody = rows.Policies(rows.KNOWN, rows.RUNS_CITY)
    own = f"{rows.KNOWN} AND (actor = {rows.ACTOR} OR {rows.RUNS_CITY})"
    area = f"coalesce(community_id, id) {rows.MEMBER}"
    works = f"coalesce(community_id, id) {rows.WORKS_THERE}"
    mine = f"user_name = {rows.ACTOR}"
    who = f"{rows.AT_THE_GATE} OR {rows.RUNS_CITY} OR {rows.READS_LOG}"
    of_staff = rows.Policies(
        f"{rows.RUNS_CITY} OR community_id {rows.WORKS_THERE}", f"{rows.RUNS_CITY} OR community_id {rows.WORKS_THERE}"
    )
    return (
        {table: rows.of_a_community() for table in (*PLACES, *POSTS)}
        | {table: rows.of_a_community(write=rows.PLANS_CITY) for table in PLANNED}
        | dict.fromkeys(OF_ALL, everybody)
        | dict.fromkeys(IMPORT_PARTS, _same("import_run_id IN (SELECT r.id FROM import_run r)"))
        | {
            "household": rows.Policies(
                f"{rows.PLANS_CITY} OR community_id {rows.WORKS_THERE} OR unit_id IN (SELECT app_own_units())",
                of_staff.write,
            ),
            "residents": of_staff,
            "person": rows.Policies(f"{of_staff.read} OR id IN (SELECT app_neighbours())", of_staff.write),
            "area": rows.Policies(
                f"{rows.CITY_WIDE} OR ({rows.KNOWN} AND ({AREA_ABOVE} OR {area}))",
                f"{rows.RUNS_CITY} OR (NOT {AREA_ABOVE} AND {works})",
            ),
            "data_version": rows.Policies(rows.KNOWN, rows.KNOWN, "false"),
            "job": _same(f"({own}) OR {rows.ACTOR} = '{rows.JOB_RUNNER}'"),
            "import_run": _same(own),
            "audit_entry": rows.Policies(
                f"{rows.READS_LOG} OR actor = {rows.ACTOR} OR community_id {rows.WORKS_THERE}",
                f"actor = {rows.ACTOR} AND ({rows.KNOWN} OR {rows.AT_THE_GATE})",
            ),
            "app_user": rows.Policies(f"{who} OR name = {rows.ACTOR}", f"{rows.RUNS_CITY} OR {rows.AT_THE_GATE}", "false"),
            "user_role": rows.Policies(f"{who} OR {mine}", rows.RUNS_CITY, "false"),
            "credential": rows.Policies(f"{rows.AT_THE_GATE} AND user_name IS NOT NULL", rows.AT_THE_GATE, "false"),
            "user_session": rows.Policies(
                f"{rows.AT_THE_GATE} OR {rows.RUNS_CITY} OR {mine}",
                f"{rows.AT_THE_GATE} OR {rows.RUNS_CITY} OR {mine}",
                "false",
            ),
        }
    )


def _same(condition: str) -> rows.Policies:
    return rows.Policies(condition, condition)


def _drop_policies() -> None:
    op.execute("""DO $$ DECLARE p record; BEGIN
        FOR p IN SELECT policyname, tablename FROM pg_policies WHERE schemaname = 'public' LOOP
            EXECUTE format('DROP POLICY %I ON %I', p.policyname, p.tablename); END LOOP; END $$""")


def downgrade() -> None:
    _drop_policies()
    op.execute("DROP VIEW membership")
    op.add_column("app_user", sa.Column("city_wide", sa.Boolean(), server_default="false", nullable=False))
    for statement in rows.FUNCTIONS[:2]:
        op.execute(statement.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION"))
    for function in (
        "app_set_credential(text, text, boolean)", "app_neighbours()", "app_own_buildings()", "app_own_units()",
        "app_reads_log()", "app_plans_city()", "app_runs_city()",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    op.execute("DROP VIEW held_role; DROP FUNCTION app_today()")
    for table in ("user_session", "user_role", "credential"):
        op.drop_table(table)
    op.drop_index("uq_app_user_email", "app_user")
    for constraint in ("status_known", "shown_name_not_blank", "email_not_blank"):
        op.drop_constraint(op.f(f"ck_app_user_{constraint}"), "app_user")
    for column in ("shown_name", "email", "status", "version", "changed_at"):
        op.drop_column("app_user", column)
    op.create_table(
        "membership",
        sa.Column("user_name", sa.Text(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("user_name", "community_id", name=op.f("pk_membership")),
    )
    op.execute(rows.enable("membership"))
    op.execute(f"GRANT SELECT ON membership TO {rows.APP_ROLE}; REVOKE ALL ON app_user FROM {rows.APP_ROLE}")
    _former_policies()
    op.execute("DELETE FROM app_user; INSERT INTO app_user (name, city_wide) VALUES ('demo-administrator', true)")


def _former_policies() -> None:
    for table in BEFORE_COMMUNITIES:
        op.execute(rows.community_policy(table))
    for table in OF_ALL:
        op.execute(rows.known_actor_policy(table))
    mine = f"coalesce(community_id, id) {rows.MINE}"
    op.execute(rows.policy("area", f"{rows.CITY_WIDE} OR ({rows.KNOWN} AND ({AREA_ABOVE} OR {mine}))",
                           check=f"{rows.CITY_WIDE} OR (NOT {AREA_ABOVE} AND {mine})"))
    op.execute(rows.policy("membership", f"user_name = {rows.ACTOR}", check="false"))
    op.execute(rows.policy("data_version", rows.KNOWN).replace("POLICY actor", "POLICY actor_counts"))
    own = f"{rows.KNOWN} AND (actor = {rows.ACTOR} OR {rows.CITY_WIDE})"
    op.execute(rows.policy("job", f"({own}) OR {rows.ACTOR} = '{rows.JOB_RUNNER}'"))
    op.execute(rows.policy("import_run", own))
    for table in IMPORT_PARTS:
        op.execute(rows.policy(table, "import_run_id IN (SELECT r.id FROM import_run r)"))
    op.execute(rows.policy("audit_entry", f"{rows.CITY_WIDE} OR actor = {rows.ACTOR} OR community_id {rows.MINE}",
                           check=f"{rows.KNOWN} AND actor = {rows.ACTOR}"))
