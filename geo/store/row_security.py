"""Row security: which rows an actor may see and write, as statements a migration runs."""

from dataclasses import dataclass

APP_ROLE = "yizhan_app"
JOB_RUNNER = "job-runner"
"""The actor that queues and watches jobs: it sees every job and nothing else, so it is no app_user."""
ACTOR = "(SELECT current_setting('app.user_name', true))"
KNOWN = "(SELECT app_actor_known())"
CITY_WIDE = "(SELECT app_city_wide())"
MINE = (
    "IN (SELECT m.community_id FROM membership m WHERE m.user_name = (SELECT current_setting('app.user_name', true)))"
)

FUNCTIONS = (
    """CREATE FUNCTION app_city_wide() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$ SELECT coalesce((SELECT u.city_wide FROM app_user u
    WHERE u.name = current_setting('app.user_name', true)), false) $$""",
    """CREATE FUNCTION app_actor_known() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$ SELECT EXISTS (SELECT FROM app_user u
    WHERE u.name = current_setting('app.user_name', true)) $$""",
    """CREATE FUNCTION audit_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit entries are never changed or removed' USING ERRCODE = '42501'; END $$""",
)


def enable(table: str) -> str:
    """Return the statement that switches row security on for a table."""
    return f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"


def policy(table: str, using: str, *, check: str | None = None) -> str:
    """Return the one policy of a table: rows to see and change (using), rows to write (check, else the same)."""
    return f"CREATE POLICY actor ON {table} TO {APP_ROLE} USING ({using}) WITH CHECK ({check or using})"


def community_policy(table: str, column: str = "community_id") -> str:
    """Return the policy of a table that belongs to a community: all for the city-wide, else the actor's own."""
    return policy(table, f"{CITY_WIDE} OR {column} {MINE}")


def known_actor_policy(table: str) -> str:
    """Return the policy of a table without community: any known actor reads, the city-wide write."""
    return policy(table, KNOWN, check=CITY_WIDE)


GATEKEEPER = "gatekeeper"
"""The actor that looks up accounts and sessions before anybody is known: it sees nothing else, so it is no app_user."""
RUNS_CITY = "(SELECT app_runs_city())"
PLANS_CITY = "(SELECT app_plans_city())"
READS_LOG = "(SELECT app_reads_log())"
MEMBER = "IN (SELECT m.community_id FROM membership m)"
WORKS_THERE = "IN (SELECT m.community_id FROM membership m WHERE m.role IN ('organiser', 'station_staff'))"
AT_THE_GATE = f"{ACTOR} = '{GATEKEEPER}'"


@dataclass(frozen=True)
class Policies:
    """Who may see the rows of a table, and who may add, change and remove them, as SQL conditions on a row."""

    read: str
    write: str
    remove: str | None = None


def policies(table: str, wanted: Policies) -> tuple[str, ...]:
    """Return one policy a command, so that a reader's condition is never mixed with a writer's."""
    remove = wanted.remove or wanted.write
    return (
        f"CREATE POLICY reads ON {table} FOR SELECT TO {APP_ROLE} USING ({wanted.read})",
        f"CREATE POLICY adds ON {table} FOR INSERT TO {APP_ROLE} WITH CHECK ({wanted.write})",
        f"CREATE POLICY changes ON {table} FOR UPDATE TO {APP_ROLE} USING ({wanted.write}) WITH CHECK ({wanted.write})",
        f"CREATE POLICY removes ON {table} FOR DELETE TO {APP_ROLE} USING ({remove})",
    )


def of_a_community(*, read: str = CITY_WIDE, write: str = RUNS_CITY, column: str = "community_id") -> Policies:
    """Return the policies of a table that belongs to a community: its members read, who works there writes.

    ``read`` and ``write`` say who else may, whatever the community.
    """
    return Policies(f"{read} OR {column} {MEMBER}", f"{write} OR {column} {WORKS_THERE}")
