"""telephone numbers of who holds a post: sealed in the schema personal, found by a keyed mark."""

import sqlalchemy as sa
from alembic import op

from geo.access import keys
from geo.access.contacts import TABLE, phone_end, sealed_contact
from geo.access.keyring import fitting, known_keys
from geo.access.sealing import Spot, opened
from geo.people.rules import plain_phone
from geo.store import row_security as rows

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BATCH = 10_000
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
BLANKS = "E' \\t\\n\\r\\u00a0\\u200b\\u3000\\ufeff'"

FUNCTIONS = {
    "contact_marks(wanted bigint[])": f"""RETURNS TABLE (person_id bigint, phone_mark bytea) LANGUAGE sql STABLE {DEFINER}
    AS $$
    SELECT c.person_id, c.phone_mark FROM personal.contact c JOIN person n ON n.id = c.person_id
    WHERE c.person_id = ANY (wanted) AND (app_runs_city() OR n.community_id IN (
        SELECT m.community_id FROM membership m WHERE m.role IN ('organiser', 'station_staff'))) $$""",
    "persons_marked(marks bytea[])": f"""RETURNS SETOF bigint LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT c.person_id FROM personal.contact c WHERE c.phone_mark = ANY (marks) AND app_actor_known() $$""",
    "keep_contacts(wanted bigint[], sealed bytea[], marks bytea[])": f"""RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
    BEGIN
        PERFORM personal.require_sealed(VARIADIC sealed);
        IF EXISTS (SELECT FROM unnest(wanted) w WHERE NOT app_runs_city() AND NOT EXISTS (
            SELECT FROM person n WHERE n.id = w AND personal.works_at(n.community_id)))
        THEN PERFORM personal.refuse(); END IF;
        INSERT INTO personal.contact (person_id, phone_sealed, phone_mark)
        SELECT w.id, w.closed, w.mark FROM unnest(wanted, sealed, marks) w (id, closed, mark)
        ON CONFLICT (person_id) DO UPDATE SET phone_sealed = excluded.phone_sealed, phone_mark = excluded.phone_mark;
    END $$""",
    "ask_contacts(wanted bigint[], what_for text, why text)": f"""RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE holder record; asked bigint;
    BEGIN
        IF btrim(coalesce(why, ''), {BLANKS}) = '' OR cardinality(wanted) = 0
           OR what_for NOT IN ('look', 'export', 'calls', 'emergency')
        THEN RAISE EXCEPTION 'a person is looked at for a reason' USING ERRCODE = '22023'; END IF;
        IF EXISTS (SELECT FROM unnest(wanted) w WHERE NOT app_runs_city() AND NOT EXISTS (
            SELECT FROM person n WHERE n.id = w AND personal.works_at(n.community_id)))
        THEN PERFORM personal.refuse(); END IF;
        FOR holder IN SELECT n.id, n.community_id FROM person n JOIN personal.contact c ON c.person_id = n.id
            WHERE n.id = ANY (wanted) ORDER BY n.id
        LOOP
            INSERT INTO audit_entry (actor, action, entity, entity_id, community_id, note, after)
            VALUES (current_setting('app.user_name'), 'reveal', 'person', holder.id, holder.community_id, why,
                    jsonb_build_object('fields', jsonb_build_array('phone'), 'purpose', what_for));
        END LOOP;
        INSERT INTO personal.disclosure (actor, person_ids, fields, transaction_id)
        VALUES (current_setting('app.user_name'), wanted, ARRAY['contact'], pg_current_xact_id()::text)
        RETURNING id INTO asked;
        RETURN asked;
    END $$""",
    "take_contacts(asked bigint)": f"""RETURNS TABLE (person_id bigint, phone_sealed bytea) LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE taken record;
    BEGIN
        DELETE FROM personal.disclosure d WHERE d.id = asked AND d.actor = current_setting('app.user_name', true)
            AND 'contact' = ANY (d.fields) AND d.asked_at > clock_timestamp() - interval '1 minute'
            RETURNING d.* INTO taken;
        IF NOT FOUND OR pg_xact_status(taken.transaction_id::xid8) IS DISTINCT FROM 'committed'
        THEN RAISE EXCEPTION 'nothing is shown before its log entry is kept' USING ERRCODE = '42501'; END IF;
        RETURN QUERY SELECT c.person_id, c.phone_sealed FROM personal.contact c
        WHERE c.person_id = ANY (taken.person_ids) ORDER BY c.person_id;
    END $$""",
}


def upgrade() -> None:
    op.create_table(
        "contact",
        sa.Column("person_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_mark", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name=op.f("fk_contact_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_contact")),
        schema="personal",
    )
    op.create_index("ix_contact_phone_mark", "contact", ["phone_mark"], schema="personal")
    op.execute(rows.enable("personal.contact"))
    for signature, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION personal.{signature} {body}")
        op.execute(f"REVOKE ALL ON FUNCTION personal.{signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION personal.{signature} TO {rows.APP_ROLE}")
    op.add_column("person", sa.Column("phone_end", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_person_phone_end_short"), "person", "char_length(phone_end) <= 4")
    _seal(op.get_bind())
    op.drop_column("person", "phone")


def _seal(connection: sa.Connection) -> None:
    found = connection.execute(sa.text("SELECT id, phone FROM person WHERE phone IS NOT NULL ORDER BY id")).all()
    if not found:
        return
    ring = _ring(connection)
    for start in range(0, len(found), BATCH):
        values = []
        for row in found[start : start + BATCH]:
            phone = plain_phone(row.phone) or row.phone
            sealed, mark = sealed_contact(ring.sealing, row.id, phone)
            values.append({"id": row.id, "sealed": sealed, "mark": mark, "end": phone_end(phone)})
        connection.execute(sa.text("INSERT INTO personal.contact VALUES (:id, :sealed, :mark)"), values)
        connection.execute(sa.text("UPDATE person SET phone_end = :end WHERE id = :id"), values)


def _ring(connection: sa.Connection) -> keys.Keyring:
    """Return the keys; a first one is made even for a database of others, whose numbers have to be sealed now."""
    if not known_keys(connection):
        first = (keys.read() or keys.make_first())[-1]
        connection.execute(
            sa.text("INSERT INTO personal.sealing_key (id, check_value) VALUES (:id, :check)"),
            {"id": first.id, "check": first.check},
        )
    return fitting(known_keys(connection), keys.read())


def downgrade() -> None:
    op.add_column("person", sa.Column("phone", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_person_phone_not_blank"), "person", "char_length(phone) <= 50")
    _open(op.get_bind())
    op.drop_constraint(op.f("ck_person_phone_end_short"), "person")
    op.drop_column("person", "phone_end")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION personal.{signature}")
    op.drop_table("contact", schema="personal")


def _open(connection: sa.Connection) -> None:
    found = connection.execute(sa.text("SELECT person_id, phone_sealed FROM personal.contact")).all()
    if not found:
        return
    ring = fitting(known_keys(connection), keys.read())
    values = [
        {"id": row.person_id, "phone": opened(ring, Spot(TABLE, "phone", row.person_id), row.phone_sealed)}
        for row in found
    ]
    connection.execute(sa.text("UPDATE person SET phone = :phone WHERE id = :id"), values)
