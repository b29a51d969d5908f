"""a chain of hashes over the audit trail."""

import sqlalchemy as sa
from alembic import op

from geo.store import row_security as rows

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

INDEXES = {
    "at": ("at", "id"),
    "actor": ("actor", "at", "id"),
    "action": ("action", "at", "id"),
    "community": ("community_id", "at", "id"),
}
WRITTEN = "actor, action, entity, entity_id, community_id, before, after, note, job_id"
FUNCTIONS = (
    """CREATE FUNCTION audit_text(entry audit_entry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array('yizhan 1', entry.id, to_char(entry.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'),
        entry.actor, entry.action, entry.entity, entry.entity_id, entry.community_id, entry.before::text,
        entry.after::text, entry.note, entry.job_id)::text $$""",
    """CREATE FUNCTION audit_hash(former bytea, entry audit_entry) RETURNS bytea LANGUAGE sql STABLE AS $$
    SELECT sha256(former || convert_to(audit_text(entry), 'UTF8')) $$""",
    """CREATE FUNCTION audit_seal_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET lock_timeout = 0 AS $$
    DECLARE
        last record;
    BEGIN
        PERFORM pg_advisory_xact_lock(7421002);
        SELECT s.no, s.hash INTO last FROM audit_seal s ORDER BY s.no DESC LIMIT 1;
        INSERT INTO audit_seal (no, entry_id, hash)
        VALUES (coalesce(last.no, 0) + 1, NEW.id, audit_hash(coalesce(last.hash, ''), NEW));
        RETURN NULL;
    END $$""",
    """CREATE FUNCTION app_log_communities() RETURNS TABLE (id bigint, name text) LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    SELECT a.id, a.name FROM area a
    WHERE a.level = 'community' AND NOT a.placeholder AND (app_reads_log() OR a.id IN (
        SELECT m.community_id FROM membership m WHERE m.role IN ('organiser', 'station_staff'))) $$""",
)
IMAGES = """CASE WHEN jsonb_typeof(e.{side} -> 'person') = 'object' THEN jsonb_set(e.{side}, '{{person}}', (
        SELECT jsonb_object_agg(p.key, CASE jsonb_typeof(p.value) WHEN 'object' THEN p.value - 'phone' ELSE p.value END)
        FROM jsonb_each(e.{side} -> 'person') p)) ELSE e.{side} END"""
WITHOUT_PHONES = f"""
    UPDATE audit_entry e SET before = {IMAGES.format(side="before")}, after = {IMAGES.format(side="after")}
    WHERE jsonb_path_exists(e.before, '$.person.*.phone') OR jsonb_path_exists(e.after, '$.person.*.phone')"""  # noqa: S608
SEAL_EXISTING = """
    DO $$
    DECLARE
        entry audit_entry;
        last bytea := '';
        position bigint := 0;
    BEGIN
        FOR entry IN SELECT * FROM audit_entry ORDER BY id LOOP
            position := position + 1;
            last := audit_hash(last, entry);
            INSERT INTO audit_seal (no, entry_id, hash) VALUES (position, entry.id, last);
        END LOOP;
    END $$"""


def upgrade() -> None:
    op.create_table(
        "audit_seal",
        sa.Column("no", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("entry_id", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("no > 0", name=op.f("ck_audit_seal_no_counts_from_one")),
        sa.CheckConstraint("length(hash) = 32", name=op.f("ck_audit_seal_hash_is_sha256")),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_audit_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_audit_seal_entry_id")),
    )
    op.drop_index("ix_audit_entry_at", "audit_entry")
    for name, columns in INDEXES.items():
        op.create_index(f"ix_audit_entry_{name}", "audit_entry", list(columns))
    for function in FUNCTIONS:
        op.execute(function)
    op.execute("REVOKE ALL ON FUNCTION audit_seal_entry() FROM PUBLIC")
    op.execute("ALTER TABLE audit_entry DISABLE TRIGGER audit_entry_final")
    op.execute(WITHOUT_PHONES)
    op.execute("ALTER TABLE audit_entry ENABLE TRIGGER audit_entry_final")
    op.execute(SEAL_EXISTING)
    op.execute(
        "CREATE CONSTRAINT TRIGGER audit_entry_sealed AFTER INSERT ON audit_entry DEFERRABLE INITIALLY DEFERRED "
        "FOR EACH ROW EXECUTE FUNCTION audit_seal_entry()"
    )
    op.execute(
        "CREATE TRIGGER audit_seal_final BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_seal "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_final()"
    )
    op.execute(rows.enable("audit_seal"))
    for statement in rows.policies("audit_seal", rows.Policies(rows.READS_LOG, "false")):
        op.execute(statement)
    op.execute(f"GRANT SELECT ON audit_seal TO {rows.APP_ROLE}")
    op.execute(f"REVOKE INSERT ON audit_entry FROM {rows.APP_ROLE}")
    op.execute(f"GRANT INSERT ({WRITTEN}) ON audit_entry TO {rows.APP_ROLE}")


def downgrade() -> None:
    op.execute(f"REVOKE INSERT ({WRITTEN}) ON audit_entry FROM {rows.APP_ROLE}")
    op.execute(f"GRANT INSERT ON audit_entry TO {rows.APP_ROLE}")
    op.execute("DROP TRIGGER audit_entry_sealed ON audit_entry")
    for function in (
        "app_log_communities()", "audit_seal_entry()", "audit_hash(bytea, audit_entry)", "audit_text(audit_entry)",
    ):  # fmt: skip
        op.execute(f"DROP FUNCTION {function}")
    for name in INDEXES:
        op.drop_index(f"ix_audit_entry_{name}", "audit_entry")
    op.create_index("ix_audit_entry_at", "audit_entry", ["at"])
    op.drop_table("audit_seal")
