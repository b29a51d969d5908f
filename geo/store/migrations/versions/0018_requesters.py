"""who brought a request, sealed; counts of requests per cell; rows for a run of hotspots."""

import sqlalchemy as sa
from alembic import op

from geo.store import row_security as rows

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"
BLANKS = "E' \\t\\n\\r\\u00a0\\u200b\\u3000\\ufeff'"
MAY_REVEAL = """EXISTS (SELECT FROM request r JOIN personal.requester q ON q.request_id = r.id
            WHERE r.id = wanted AND personal.works_at(r.community_id))"""
ENDED = """r.closed_at < on_day::timestamp - make_interval(days => keep_days)
        AND (personal.organises(r.community_id) OR app_runs_city())"""

PERSONAL = {
    "keep_requester(wanted bigint, name bytea, phone bytea)": f"""RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
    BEGIN
        PERFORM personal.require_sealed(name, phone);
        IF NOT EXISTS (SELECT FROM request r WHERE r.id = wanted AND (
            app_runs_city() OR personal.works_at(r.community_id)
            OR r.recorded_by = current_setting('app.user_name', true)))
        THEN PERFORM personal.refuse(); END IF;
        INSERT INTO personal.requester (request_id, name_sealed, phone_sealed) VALUES (wanted, name, phone)
        ON CONFLICT (request_id) DO UPDATE SET name_sealed = coalesce(excluded.name_sealed, requester.name_sealed),
            phone_sealed = coalesce(excluded.phone_sealed, requester.phone_sealed);
    END $$""",
    "requesters_kept(wanted bigint[])": f"""RETURNS TABLE (request_id bigint, has_name boolean, has_phone boolean)
    LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT q.request_id, q.name_sealed IS NOT NULL, q.phone_sealed IS NOT NULL
    FROM personal.requester q JOIN request r ON r.id = q.request_id
    WHERE q.request_id = ANY (wanted) AND (app_runs_city() OR personal.works_at(r.community_id)) $$""",
    "ask_requester(wanted bigint, why text)": f"""RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE asked bigint;
    BEGIN
        IF btrim(coalesce(why, ''), {BLANKS}) = ''
        THEN RAISE EXCEPTION 'a person is looked at for a reason' USING ERRCODE = '22023'; END IF;
        IF NOT {MAY_REVEAL} THEN PERFORM personal.refuse(); END IF;
        INSERT INTO audit_entry (actor, action, entity, entity_id, community_id, note, after)
        SELECT current_setting('app.user_name'), 'reveal', 'request', r.id, r.community_id, why,
               jsonb_build_object('fields', jsonb_build_array('name', 'phone'), 'purpose', 'look')
        FROM request r WHERE r.id = wanted;
        INSERT INTO personal.disclosure (actor, person_ids, request_id, fields, transaction_id)
        VALUES (current_setting('app.user_name'), '{{}}', wanted, ARRAY['requester'], pg_current_xact_id()::text)
        RETURNING id INTO asked;
        RETURN asked;
    END $$""",
    "take_requester(asked bigint)": f"""RETURNS TABLE (request_id bigint, name_sealed bytea, phone_sealed bytea)
    LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE taken record;
    BEGIN
        DELETE FROM personal.disclosure d WHERE d.id = asked AND d.actor = current_setting('app.user_name', true)
            AND d.request_id IS NOT NULL AND d.asked_at > clock_timestamp() - interval '1 minute'
            RETURNING d.* INTO taken;
        IF NOT FOUND OR pg_xact_status(taken.transaction_id::xid8) IS DISTINCT FROM 'committed'
        THEN RAISE EXCEPTION 'nothing is shown before its log entry is kept' USING ERRCODE = '42501'; END IF;
        RETURN QUERY SELECT q.request_id, q.name_sealed, q.phone_sealed FROM personal.requester q
        WHERE q.request_id = taken.request_id;
    END $$""",
    "erase_requester(wanted bigint, why text)": f"""RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE community bigint;
    BEGIN
        IF btrim(coalesce(why, ''), {BLANKS}) = ''
        THEN RAISE EXCEPTION 'a person is erased for a reason' USING ERRCODE = '22023'; END IF;
        SELECT r.community_id INTO community FROM request r JOIN personal.requester q ON q.request_id = r.id
        WHERE r.id = wanted;
        IF NOT FOUND OR NOT (personal.organises(community) OR app_runs_city()) THEN PERFORM personal.refuse(); END IF;
        DELETE FROM personal.requester q WHERE q.request_id = wanted;
        INSERT INTO audit_entry (actor, action, entity, entity_id, community_id, note)
        VALUES (current_setting('app.user_name'), 'erase_requester', 'request', wanted, community, why);
    END $$""",
    "requesters_due(on_day date, keep_days integer)": f"""RETURNS bigint LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT count(*) FROM personal.requester q JOIN request r ON r.id = q.request_id WHERE {ENDED} $$""",
    "purge_requesters(on_day date, keep_days integer)": f"""RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE gone record; erased bigint := 0;
    BEGIN
        FOR gone IN SELECT r.community_id, array_agg(r.id) AS ids
            FROM personal.requester q JOIN request r ON r.id = q.request_id WHERE {ENDED} GROUP BY 1 ORDER BY 1
        LOOP
            DELETE FROM personal.requester q WHERE q.request_id = ANY (gone.ids);
            INSERT INTO audit_entry (actor, action, entity, community_id, after)
            VALUES (current_setting('app.user_name'), 'purge_requesters', 'request', gone.community_id,
                    jsonb_build_object('requesters', cardinality(gone.ids), 'closed_before', on_day - keep_days));
            erased := erased + cardinality(gone.ids);
        END LOOP;
        RETURN erased;
    END $$""",
}
"""Open to the app role: each asks who acts, and logs what it gives or removes."""

COUNTED = """SELECT DISTINCT ON (coalesce(-r.incident_id, r.id)) r.community_id, r.category_id,
                r.received_at AT TIME ZONE zone AS received_at, b.called_at, b.responded, b.solved, b.satisfied
            FROM request r LEFT JOIN call_back b ON b.request_id = r.id AND b.reached
            WHERE r.status <> 'duplicate' AND r.received_at >= since::timestamp AT TIME ZONE zone
              AND r.received_at < until::timestamp AT TIME ZONE zone
            ORDER BY coalesce(-r.incident_id, r.id), b.called_at DESC NULLS LAST, b.id DESC, r.id"""
CITY = {
    "app_colleagues()": f"""RETURNS TABLE (community_id bigint, name text, shown_name text) LANGUAGE sql STABLE {DEFINER}
    AS $$
    SELECT DISTINCT coalesce(r.community_id, s.community_id), u.name, coalesce(u.shown_name, u.name)
    FROM user_role r JOIN app_user u ON u.name = r.user_name AND u.status = 'active'
    LEFT JOIN station s ON s.id = r.station_id
    WHERE r.role IN ('organiser', 'station_staff') AND r.from_on <= app_today()
      AND (r.to_on IS NULL OR r.to_on > app_today())
      AND (app_runs_city() OR coalesce(r.community_id, s.community_id) IN (
          SELECT m.community_id FROM membership m WHERE m.role IN ('organiser', 'station_staff'))) $$""",
    "app_request_counts(dimension text, zone text)": f"""RETURNS TABLE (keys text[], requests bigint, called bigint,
        responded bigint, solved bigint, satisfied bigint, basically bigint, since date, until date, at_least integer)
    LANGUAGE plpgsql STABLE {DEFINER} AS $$
    #variable_conflict use_variable
    -- Twelve whole months, one dimension at a time: small neighbours are joined until a block holds enough requests and
    -- enough calls. No other window and no cross table is given, so no smaller number follows by subtraction.
    DECLARE
        enough integer := greatest(5, (SELECT p.value::text::numeric FROM parameter p WHERE p.name = 'suppress_below'));
        one record; taking text[] := '{{}}'; sums bigint[] := '{{}}';
    BEGIN
        IF dimension NOT IN ('community', 'category', 'month')
        THEN RAISE EXCEPTION 'no such count of requests' USING ERRCODE = '22023'; END IF;
        IF NOT app_city_wide() THEN RETURN; END IF;
        until := date_trunc('month', app_today())::date;
        since := (until - interval '12 months')::date;
        at_least := coalesce(enough, 5);
        FOR one IN
            WITH counted AS ({COUNTED}), keyed AS (
                SELECT c.*, CASE dimension WHEN 'community' THEN a.id::text WHEN 'category' THEN g.code
                            ELSE to_char(c.received_at, 'YYYY-MM') END AS key,
                       CASE dimension WHEN 'community' THEN a.parent_id WHEN 'category' THEN
                            array_position(ARRAY['urgent', 'utilities', 'normal', 'hard'], g.class_code) END AS above,
                       CASE dimension WHEN 'community' THEN a.id WHEN 'category' THEN g.position END AS place
                FROM counted c JOIN area a ON a.id = c.community_id JOIN request_category g ON g.id = c.category_id
            )
            SELECT k.key, ARRAY[count(*), count(k.called_at), count(*) FILTER (WHERE k.responded),
                   count(*) FILTER (WHERE k.solved), count(*) FILTER (WHERE k.satisfied = 'yes'),
                   count(*) FILTER (WHERE k.satisfied = 'basically')] AS counts
            FROM keyed k GROUP BY k.key, k.above, k.place ORDER BY k.above, k.place, k.key
        LOOP
            taking := taking || one.key;
            sums := ARRAY(SELECT coalesce(s.n, 0) + c.n FROM unnest(one.counts) WITH ORDINALITY c (n, at)
                          LEFT JOIN unnest(sums) WITH ORDINALITY s (n, at) ON s.at = c.at ORDER BY c.at);
            IF least(sums[1], sums[2]) >= at_least THEN
                IF keys IS NOT NULL THEN RETURN NEXT; END IF;
                keys := taking; requests := sums[1]; called := sums[2]; responded := sums[3]; solved := sums[4];
                satisfied := sums[5]; basically := sums[6]; taking := '{{}}'; sums := '{{}}';
            END IF;
        END LOOP;
        IF keys IS NULL THEN RETURN; END IF;
        IF cardinality(taking) > 0 THEN
            keys := keys || taking; requests := requests + sums[1]; called := called + sums[2];
            responded := responded + sums[3]; solved := solved + sums[4]; satisfied := satisfied + sums[5];
            basically := basically + sums[6];
        END IF;
        RETURN NEXT;
    END $$""",
    "app_requests_of_run(what_for text)": f"""RETURNS TABLE (community_id bigint, building_id bigint,
        lon double precision, lat double precision, category text, received_at timestamptz, resolved_at timestamptz,
        in_incident boolean, address_hash bigint) LANGUAGE plpgsql {DEFINER} AS $$
    #variable_conflict use_column
    DECLARE
        city boolean := app_plans_city();
        mine bigint[] := ARRAY(SELECT m.community_id FROM membership m WHERE m.role = 'organiser');
        salt bigint := (random() * 9e15)::bigint;
        found bigint;
    BEGIN
        IF btrim(coalesce(what_for, ''), {BLANKS}) = '' OR char_length(what_for) > 200
        THEN RAISE EXCEPTION 'a run has a purpose' USING ERRCODE = '22023'; END IF;
        IF NOT city AND cardinality(mine) = 0 THEN PERFORM personal.refuse(); END IF;
        SELECT count(*) INTO found FROM request r
        WHERE r.status <> 'duplicate' AND (city OR r.community_id = ANY (mine));
        INSERT INTO audit_entry (actor, action, entity, after)
        VALUES (current_setting('app.user_name'), 'run_with_requests', 'request',
                jsonb_build_object('purpose', what_for, 'requests', found));
        RETURN QUERY SELECT r.community_id, r.building_id, ST_X(r.geom), ST_Y(r.geom), g.code, r.received_at,
            r.resolved_at, r.incident_id IS NOT NULL, hashtextextended(r.address, salt)
        FROM request r JOIN request_category g ON g.id = r.category_id
        WHERE r.status <> 'duplicate' AND (city OR r.community_id = ANY (mine));
    END $$""",
}


def upgrade() -> None:
    op.create_table(
        "requester",
        sa.Column("request_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.CheckConstraint("num_nonnulls(name_sealed, phone_sealed) > 0", name=op.f("ck_requester_something_kept")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["request.id"], name=op.f("fk_requester_request_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("request_id", name=op.f("pk_requester")),
        schema="personal",
    )
    op.add_column("disclosure", sa.Column("request_id", sa.BigInteger(), nullable=True), schema="personal")
    op.execute(rows.enable("personal.requester"))
    for room, functions in (("personal.", PERSONAL), ("", CITY)):
        for signature, body in functions.items():
            op.execute(f"CREATE FUNCTION {room}{signature} {body}")
            op.execute(f"REVOKE ALL ON FUNCTION {room}{signature} FROM PUBLIC")
            op.execute(f"GRANT EXECUTE ON FUNCTION {room}{signature} TO {rows.APP_ROLE}")
    op.create_index("ix_request_received_at", "request", ["received_at"])
    op.create_index(
        "ix_request_open", "request", ["community_id", "received_at"], postgresql_where=sa.text("closed_at IS NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_request_open", table_name="request", postgresql_where=sa.text("closed_at IS NULL"))
    op.drop_index("ix_request_received_at", table_name="request")
    for room, functions in (("", CITY), ("personal.", PERSONAL)):
        for signature in functions:
            op.execute(f"DROP FUNCTION {room}{signature}")
    op.drop_column("disclosure", "request_id", schema="personal")
    op.drop_table("requester", schema="personal")
