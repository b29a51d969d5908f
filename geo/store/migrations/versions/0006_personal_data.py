"""personal data of helped persons, sealed, behind functions that log; care needs by number."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from geo.store import row_security as rows

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

TABLES = ("sealing_key", "helped_person", "consent", "disclosure", "run")
SEALED = "'name', 'phone', 'notes'"
FIELDS = f"{SEALED}, 'risk_class', 'living_alone', 'birth_year'"
BLANKS = "E' \\t\\n\\r\\u00a0\\u200b\\u3000\\ufeff'"
DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

INNER = (
    f"""CREATE FUNCTION personal.works_at(wanted bigint) RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT EXISTS (SELECT FROM membership m
                   WHERE m.community_id = wanted AND m.role IN ('organiser', 'station_staff')) $$""",
    f"""CREATE FUNCTION personal.organises(wanted bigint) RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT EXISTS (SELECT FROM membership m WHERE m.community_id = wanted AND m.role = 'organiser') $$""",
    f"""CREATE FUNCTION personal.require_sealed(VARIADIC given bytea[]) RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
    BEGIN
        IF EXISTS (SELECT FROM unnest(given) g WHERE g IS NOT NULL AND (length(g) < 33 OR NOT EXISTS (
            SELECT FROM personal.sealing_key k
            WHERE k.id = encode(substr(g, 2, 4), 'hex') AND k.retired_at IS NULL)))
        THEN RAISE EXCEPTION 'not sealed with a key of this database' USING ERRCODE = '22023'; END IF;
    END $$""",
    f"""CREATE FUNCTION personal.refuse() RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
    BEGIN RAISE EXCEPTION 'no such person for this actor' USING ERRCODE = '42501'; END $$""",
    f"""CREATE FUNCTION personal.write_log(what text, about bigint, community bigint, why text, said jsonb)
    RETURNS void LANGUAGE sql {DEFINER} AS $$
    INSERT INTO audit_entry (actor, action, entity, entity_id, community_id, note, after)
    VALUES (current_setting('app.user_name'), what, 'helped_person', about, community, why, said) $$""",
    f"""CREATE FUNCTION personal.forget(about bigint) RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE ended integer;
    BEGIN
        UPDATE care_need SET status = 'ended', ended_on = coalesce(ended_on, greatest(app_today(), opened_on)),
            unit_id = NULL, household_id = NULL, helped_person_id = NULL, version = version + 1, changed_at = now()
        WHERE helped_person_id = about;
        GET DIAGNOSTICS ended = ROW_COUNT;
        DELETE FROM personal.helped_person WHERE id = about;
        RETURN ended;
    END $$""",
)
"""Called by the others only."""

OPEN = {
    "known_keys()": f"""RETURNS TABLE (id text, check_value bytea, retired boolean) LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT k.id, k.check_value, k.retired_at IS NOT NULL FROM personal.sealing_key k ORDER BY k.made_at, k.id $$""",
    "know_first_key(named text, checked bytea)": f"""RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
    BEGIN
        LOCK TABLE personal.sealing_key IN SHARE ROW EXCLUSIVE MODE;
        INSERT INTO personal.sealing_key (id, check_value)
        SELECT named, checked WHERE app_actor_known() AND NOT EXISTS (SELECT FROM personal.sealing_key);
        RETURN FOUND;
    END $$""",
    "new_person_ids(how_many integer)": f"""RETURNS SETOF bigint LANGUAGE sql {DEFINER} AS $$
    SELECT nextval(pg_get_serial_sequence('personal.helped_person', 'id'))
    FROM generate_series(1, least(how_many, 10000)) WHERE app_actor_known() $$""",
    "record_person(given_id bigint, at_building bigint, at_unit bigint, at_household bigint, name bytea, phone bytea,"
    " notes bytea, risk text, alone boolean, born integer)": f"""RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE community bigint;
    BEGIN
        SELECT b.community_id INTO community FROM building b WHERE b.id = at_building AND b.closed_on IS NULL;
        IF NOT coalesce(personal.works_at(community), false) AND NOT app_runs_city() OR community IS NULL
           OR (at_unit IS NOT NULL
               AND NOT EXISTS (SELECT FROM unit u WHERE u.id = at_unit AND u.building_id = at_building))
           OR (at_household IS NOT NULL
               AND NOT EXISTS (SELECT FROM household h WHERE h.id = at_household AND h.unit_id = at_unit))
        THEN PERFORM personal.refuse(); END IF;
        PERFORM personal.require_sealed(name, phone, notes);
        INSERT INTO personal.helped_person (id, community_id, building_id, unit_id, household_id, name_sealed,
            phone_sealed, notes_sealed, risk_class, living_alone, birth_year)
        VALUES (given_id, community, at_building, at_unit, at_household, name, phone, notes, risk, alone, born);
        PERFORM personal.write_log('record_person', given_id, community, NULL, NULL);
    END $$""",
    "change_person(wanted bigint, fields text[], name bytea, phone bytea, notes bytea, risk text, alone boolean,"
    " born integer, seen integer)": f"""RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE there record;
    BEGIN
        SELECT p.community_id, p.version INTO there FROM personal.helped_person p WHERE p.id = wanted FOR UPDATE;
        IF NOT FOUND OR NOT (personal.works_at(there.community_id) OR app_runs_city())
        THEN PERFORM personal.refuse(); END IF;
        IF seen IS NOT NULL AND seen <> there.version THEN RETURN false; END IF;
        PERFORM personal.require_sealed(name, phone, notes);
        UPDATE personal.helped_person p SET
            name_sealed = CASE WHEN 'name' = ANY (fields) THEN name ELSE p.name_sealed END,
            phone_sealed = CASE WHEN 'phone' = ANY (fields) THEN phone ELSE p.phone_sealed END,
            notes_sealed = CASE WHEN 'notes' = ANY (fields) THEN notes ELSE p.notes_sealed END,
            risk_class = CASE WHEN 'risk_class' = ANY (fields) THEN risk ELSE p.risk_class END,
            living_alone = CASE WHEN 'living_alone' = ANY (fields) THEN alone ELSE p.living_alone END,
            birth_year = CASE WHEN 'birth_year' = ANY (fields) THEN born ELSE p.birth_year END,
            version = p.version + 1, changed_at = now()
        WHERE p.id = wanted;
        PERFORM personal.write_log('change_person', wanted, there.community_id, NULL,
                                   jsonb_build_object('fields', to_jsonb(fields)));
        RETURN true;
    END $$""",
    "lives_in(wanted bigint, community bigint)": f"""RETURNS boolean LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT EXISTS (SELECT FROM personal.helped_person p WHERE p.id = wanted AND p.community_id = community
                   AND (personal.works_at(p.community_id) OR app_runs_city())) $$""",
    "without_consent(wanted bigint[], what_for text)": f"""RETURNS SETOF bigint LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT p.id FROM personal.helped_person p
    WHERE p.id = ANY (wanted) AND personal.works_at(p.community_id)
      AND NOT EXISTS (SELECT FROM personal.consent c
                      WHERE c.helped_person_id = p.id AND c.purpose = what_for AND c.given_on <= app_today()
                        AND (c.withdrawn_on IS NULL OR c.withdrawn_on > app_today())) $$""",
    "ask(wanted bigint[], fields text[], what_for text, why text)": f"""RETURNS bigint LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE person record; asked bigint;
    BEGIN
        IF btrim(coalesce(why, ''), {BLANKS}) = '' OR cardinality(wanted) = 0 OR coalesce(cardinality(fields), 0) = 0
           OR NOT fields <@ ARRAY[{FIELDS}]
           OR what_for NOT IN ('look', 'copy', 'rota', 'visits', 'calls', 'emergency')
           OR (what_for IN ('look', 'copy') AND cardinality(wanted) > 1)
        THEN RAISE EXCEPTION 'a person is looked at for a reason' USING ERRCODE = '22023'; END IF;
        IF (SELECT count(*) FROM personal.helped_person p
            WHERE p.id = ANY (wanted) AND personal.works_at(p.community_id)
              AND (what_for <> 'copy' OR personal.organises(p.community_id)))
           <> (SELECT count(DISTINCT w) FROM unnest(wanted) w)
        THEN PERFORM personal.refuse(); END IF;
        IF what_for = 'rota' AND EXISTS (SELECT FROM personal.without_consent(wanted, 'volunteers'))
        THEN RAISE EXCEPTION 'volunteers see only who agreed to it' USING ERRCODE = '23514'; END IF;
        FOR person IN SELECT p.id, p.community_id FROM personal.helped_person p WHERE p.id = ANY (wanted) ORDER BY p.id
        LOOP
            PERFORM personal.write_log(CASE what_for WHEN 'copy' THEN 'export_person' ELSE 'reveal' END, person.id,
                person.community_id, why, jsonb_build_object('fields', to_jsonb(fields), 'purpose', what_for));
        END LOOP;
        DELETE FROM personal.disclosure WHERE id IN (SELECT d.id FROM personal.disclosure d
            WHERE d.asked_at < clock_timestamp() - interval '10 minutes' FOR UPDATE SKIP LOCKED);
        INSERT INTO personal.disclosure (actor, person_ids, fields, transaction_id)
        VALUES (current_setting('app.user_name'), wanted, fields, pg_current_xact_id()::text) RETURNING id INTO asked;
        RETURN asked;
    END $$""",
    "take(asked bigint)": f"""RETURNS TABLE (id bigint, community_id bigint, version integer, name_sealed bytea,
        phone_sealed bytea, notes_sealed bytea, risk_class text, living_alone boolean, birth_year smallint)
    LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE taken record;
    BEGIN
        DELETE FROM personal.disclosure d WHERE d.id = asked AND d.actor = current_setting('app.user_name', true)
            AND NOT 'contact' = ANY (d.fields) AND d.asked_at > clock_timestamp() - interval '1 minute'
            RETURNING d.* INTO taken;
        IF NOT FOUND OR pg_xact_status(taken.transaction_id::xid8) IS DISTINCT FROM 'committed'
        THEN RAISE EXCEPTION 'nothing is shown before its log entry is kept' USING ERRCODE = '42501'; END IF;
        RETURN QUERY SELECT p.id, p.community_id, p.version,
            CASE WHEN 'name' = ANY (taken.fields) THEN p.name_sealed END,
            CASE WHEN 'phone' = ANY (taken.fields) THEN p.phone_sealed END,
            CASE WHEN 'notes' = ANY (taken.fields) THEN p.notes_sealed END,
            CASE WHEN 'risk_class' = ANY (taken.fields) THEN p.risk_class END,
            CASE WHEN 'living_alone' = ANY (taken.fields) THEN p.living_alone END,
            CASE WHEN 'birth_year' = ANY (taken.fields) THEN p.birth_year END
        FROM personal.helped_person p WHERE p.id = ANY (taken.person_ids) ORDER BY p.id;
    END $$""",
    "consents_of(wanted bigint)": f"""RETURNS TABLE (id bigint, purpose text, given_on date, withdrawn_on date, how text,
        recorded_by text) LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT c.id, c.purpose, c.given_on, c.withdrawn_on, c.how, c.recorded_by
    FROM personal.consent c JOIN personal.helped_person p ON p.id = c.helped_person_id
    WHERE p.id = wanted AND (personal.works_at(p.community_id) OR app_runs_city())
    ORDER BY c.purpose, c.given_on, c.id $$""",
    "record_consent(wanted bigint, what_for text, since date, way text)": f"""RETURNS bigint LANGUAGE plpgsql {DEFINER}
    AS $$
    DECLARE community bigint; made bigint;
    BEGIN
        SELECT p.community_id INTO community FROM personal.helped_person p WHERE p.id = wanted FOR UPDATE;
        IF NOT FOUND OR NOT (personal.works_at(community) OR app_runs_city()) THEN PERFORM personal.refuse(); END IF;
        INSERT INTO personal.consent (helped_person_id, purpose, given_on, how, recorded_by)
        VALUES (wanted, what_for, since, way, current_setting('app.user_name')) RETURNING id INTO made;
        PERFORM personal.write_log('record_consent', wanted, community, NULL,
                                   jsonb_build_object('purpose', what_for, 'given_on', since, 'how', way));
        RETURN made;
    END $$""",
    "withdraw_consent(wanted bigint, since date)": f"""RETURNS boolean LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE there record;
    BEGIN
        SELECT c.helped_person_id, c.purpose, c.given_on, c.withdrawn_on, p.community_id INTO there
        FROM personal.consent c JOIN personal.helped_person p ON p.id = c.helped_person_id
        WHERE c.id = wanted FOR UPDATE OF c;
        IF NOT FOUND OR NOT (personal.works_at(there.community_id) OR app_runs_city())
        THEN PERFORM personal.refuse(); END IF;
        IF there.withdrawn_on IS NOT NULL OR since < there.given_on THEN RETURN false; END IF;
        UPDATE personal.consent SET withdrawn_on = since WHERE id = wanted;
        PERFORM personal.write_log('withdraw_consent', there.helped_person_id, there.community_id, NULL,
                                   jsonb_build_object('purpose', there.purpose, 'withdrawn_on', since));
        RETURN true;
    END $$""",
    "keep_until(wanted bigint, until date)": f"""RETURNS void LANGUAGE sql {DEFINER} AS $$
    UPDATE personal.helped_person p SET retain_until = CASE WHEN EXISTS (
        SELECT FROM care_need n WHERE n.helped_person_id = p.id AND n.status <> 'ended') THEN NULL ELSE until END
    WHERE p.id = wanted AND (personal.works_at(p.community_id) OR app_runs_city()) $$""",
    "due(on_day date)": f"""RETURNS TABLE (id bigint, community_id bigint, retain_until date) LANGUAGE sql STABLE
    {DEFINER} AS $$
    SELECT p.id, p.community_id, p.retain_until FROM personal.helped_person p
    WHERE p.retain_until < on_day AND (personal.works_at(p.community_id) OR app_runs_city())
    ORDER BY p.retain_until, p.id $$""",
    "purge(on_day date)": f"""RETURNS integer LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE gone record; persons integer := 0;
    BEGIN
        FOR gone IN SELECT p.community_id, array_agg(p.id) AS ids FROM personal.helped_person p
            WHERE p.retain_until < on_day AND (personal.organises(p.community_id) OR app_runs_city())
            GROUP BY 1 ORDER BY 1
        LOOP
            PERFORM personal.forget(one) FROM unnest(gone.ids) one;
            PERFORM personal.write_log('purge_persons', NULL, gone.community_id, NULL,
                jsonb_build_object('persons', cardinality(gone.ids), 'kept_until_before', on_day));
            persons := persons + cardinality(gone.ids);
        END LOOP;
        RETURN persons;
    END $$""",
    "erase(wanted bigint, why text)": f"""RETURNS void LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE community bigint;
    BEGIN
        IF btrim(coalesce(why, ''), {BLANKS}) = ''
        THEN RAISE EXCEPTION 'a person is erased for a reason' USING ERRCODE = '22023'; END IF;
        SELECT p.community_id INTO community FROM personal.helped_person p WHERE p.id = wanted FOR UPDATE;
        IF NOT FOUND OR NOT (personal.organises(community) OR app_runs_city()) THEN PERFORM personal.refuse(); END IF;
        PERFORM personal.write_log('erase_person', NULL, community, why,
                                   jsonb_build_object('needs_ended', personal.forget(wanted)));
    END $$""",
    "ask_run(what_for text, only_community bigint)": f"""RETURNS TABLE (run_id bigint, persons integer,
        left_out integer) LANGUAGE plpgsql {DEFINER} AS $$
    DECLARE city boolean := app_plans_city(); shared bigint[]; helped integer;
    BEGIN
        IF what_for NOT IN ('pairing', 'rota', 'siting')
        THEN RAISE EXCEPTION 'there is no run for %', what_for USING ERRCODE = '22023'; END IF;
        IF NOT city AND NOT EXISTS (SELECT FROM membership m WHERE m.role = 'organiser'
                                    AND (only_community IS NULL OR m.community_id = only_community))
        THEN PERFORM personal.refuse(); END IF;
        SELECT coalesce(array_agg(p.id ORDER BY p.id) FILTER (WHERE agreed), '{{}}'), count(*) INTO shared, helped
        FROM (SELECT p.id, EXISTS (
                  SELECT FROM personal.consent c
                  WHERE c.helped_person_id = p.id AND c.purpose = 'planning' AND c.given_on <= app_today()
                    AND (c.withdrawn_on IS NULL OR c.withdrawn_on > app_today())) AS agreed
              FROM personal.helped_person p
              WHERE (only_community IS NULL OR p.community_id = only_community)
                AND (city OR personal.organises(p.community_id))
                AND EXISTS (SELECT FROM care_need n WHERE n.helped_person_id = p.id AND n.status = 'open')) p;
        INSERT INTO personal.run (purpose, actor, person_ids, salt, transaction_id)
        VALUES (what_for, current_setting('app.user_name'), shared,
                sha256(convert_to(gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')),
                pg_current_xact_id()::text) RETURNING id INTO run_id;
        persons := cardinality(shared);
        left_out := helped - persons;
        PERFORM personal.write_log('run_with_persons', NULL, only_community, NULL, jsonb_build_object(
            'purpose', what_for, 'run', run_id, 'persons', persons, 'left_out', left_out));
        RETURN NEXT;
    END $$""",
    "run_rows(wanted bigint)": f"""RETURNS TABLE (pseudonym text, building_id bigint, unit_id bigint, risk_class text,
        living_alone boolean, birth_decade integer, tasks text[]) LANGUAGE plpgsql STABLE {DEFINER} AS $$
    DECLARE run record;
    BEGIN
        SELECT r.* INTO run FROM personal.run r WHERE r.id = wanted AND r.actor = current_setting('app.user_name', true)
            AND r.at > clock_timestamp() - interval '10 minutes';
        IF NOT FOUND OR pg_xact_status(run.transaction_id::xid8) IS DISTINCT FROM 'committed'
        THEN RAISE EXCEPTION 'nothing is shown before its log entry is kept' USING ERRCODE = '42501'; END IF;
        RETURN QUERY SELECT personal.pseudonym(run.salt, p.id) AS named, p.building_id, p.unit_id, p.risk_class,
            p.living_alone, p.birth_year / 10 * 10,
            (SELECT array_agg(DISTINCT t ORDER BY t) FROM care_need n, unnest(n.tasks) t
             WHERE n.helped_person_id = p.id AND n.status = 'open')
        FROM personal.helped_person p WHERE p.id = ANY (run.person_ids) ORDER BY named;
    END $$""",
    "needs_of_run(wanted bigint, pseudonyms text[])": f"""RETURNS TABLE (pseudonym text, care_need_id bigint)
    LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT personal.pseudonym(r.salt, p.id), n.id
    FROM personal.run r
    JOIN personal.helped_person p ON p.id = ANY (r.person_ids)
    JOIN care_need n ON n.helped_person_id = p.id AND n.status = 'open'
    WHERE r.id = wanted AND r.actor = current_setting('app.user_name', true) AND personal.works_at(p.community_id)
      AND personal.pseudonym(r.salt, p.id) = ANY (pseudonyms)
    ORDER BY 1, 2 $$""",
}
"""Open to the app role: each asks who acts, and logs what it gives or changes."""

PSEUDONYM = """CREATE FUNCTION personal.pseudonym(salt bytea, about bigint) RETURNS text LANGUAGE sql IMMUTABLE
    SET search_path = public, pg_temp AS $$
    SELECT left(encode(sha256(salt || convert_to(about::text, 'UTF8')), 'hex'), 16) $$"""


def upgrade() -> None:
    op.execute("CREATE SCHEMA personal")
    _persons()
    _needs()
    _openings()
    for table in TABLES:
        op.execute(rows.enable(f"personal.{table}"))
    op.execute(rows.enable("care_need"))
    own_doors = (
        "unit_id IN (SELECT app_own_units()) OR (unit_id IS NULL AND building_id IN (SELECT app_own_buildings()) "
        "AND NOT EXISTS (SELECT FROM unit u WHERE u.building_id = care_need.building_id AND u.closed_on IS NULL "
        "AND u.id NOT IN (SELECT app_own_units())))"
    )
    works = f"{rows.RUNS_CITY} OR community_id {rows.WORKS_THERE}"
    for statement in rows.policies("care_need", rows.Policies(f"{works} OR {own_doors}", works)):
        op.execute(statement)
    op.execute(f"GRANT SELECT, INSERT, UPDATE, DELETE ON care_need TO {rows.APP_ROLE}")
    _functions()


def _persons() -> None:
    op.create_table(
        "sealing_key",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("check_value", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing_key")),
        schema="personal",
    )
    op.create_table(
        "helped_person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("name_sealed", sa.LargeBinary(), nullable=False),
        sa.Column("phone_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("notes_sealed", sa.LargeBinary(), nullable=True),
        sa.Column("risk_class", sa.Text(), nullable=False),
        sa.Column("living_alone", sa.Boolean(), nullable=True),
        sa.Column("birth_year", sa.SmallInteger(), nullable=True),
        sa.Column("retain_until", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("risk_class IN ('high', 'key', 'general')", name=op.f("ck_helped_person_risk_class_known")),
        sa.CheckConstraint("birth_year BETWEEN 1890 AND 2200", name=op.f("ck_helped_person_birth_year_plausible")),
        sa.ForeignKeyConstraint(
            ["building_id", "community_id"], ["building.id", "building.community_id"],
            name=op.f("fk_helped_person_building_id_community_id"), onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_helped_person_unit_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_helped_person_household_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_helped_person")),
        sa.UniqueConstraint("id", "community_id", name=op.f("uq_helped_person_id_community_id")),
        schema="personal",
    )
    for column in ("building_id", "community_id", "household_id", "unit_id"):
        op.create_index(f"ix_helped_person_{column}", "helped_person", [column], schema="personal")
    op.create_table(
        "consent",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("helped_person_id", sa.BigInteger(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=False),
        sa.Column("withdrawn_on", sa.Date(), nullable=True),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("recorded_by", sa.Text(), nullable=False),
        sa.CheckConstraint("purpose IN ('care', 'volunteers', 'planning')", name=op.f("ck_consent_purpose_known")),
        sa.CheckConstraint("how IN ('written', 'spoken', 'guardian')", name=op.f("ck_consent_how_known")),
        sa.CheckConstraint("withdrawn_on >= given_on", name=op.f("ck_consent_withdrawn_not_before_given")),
        sa.ForeignKeyConstraint(
            ["helped_person_id"], ["personal.helped_person.id"],
            name=op.f("fk_consent_helped_person_id"), ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        schema="personal",
    )
    op.create_index("ix_consent_helped_person_id", "consent", ["helped_person_id"], schema="personal")


def _needs() -> None:
    op.create_table(
        "care_need",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("community_id", sa.BigInteger(), nullable=False),
        sa.Column("building_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=True),
        sa.Column("household_id", sa.BigInteger(), nullable=True),
        sa.Column("helped_person_id", sa.BigInteger(), nullable=True),
        sa.Column("tasks", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("status", sa.Text(), server_default="open", nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.CheckConstraint("number ~ '^[2-9A-HJ-NP-Z]{6}$'", name=op.f("ck_care_need_number_form")),
        sa.CheckConstraint(
            "cardinality(tasks) > 0 AND tasks <@ ARRAY['visit', 'shopping', 'medicine', 'meal']",
            name=op.f("ck_care_need_tasks_known"),
        ),
        sa.CheckConstraint("status IN ('open', 'paused', 'ended')", name=op.f("ck_care_need_status_known")),
        sa.CheckConstraint("(status = 'ended') = (ended_on IS NOT NULL)", name=op.f("ck_care_need_ended_has_day")),
        sa.CheckConstraint("ended_on >= opened_on", name=op.f("ck_care_need_ends_not_before_start")),
        sa.ForeignKeyConstraint(
            ["building_id", "community_id"], ["building.id", "building.community_id"],
            name=op.f("fk_care_need_building_id_community_id"), onupdate="CASCADE",
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_care_need_unit_id")),
        sa.ForeignKeyConstraint(["household_id"], ["household.id"], name=op.f("fk_care_need_household_id")),
        sa.ForeignKeyConstraint(
            ["helped_person_id", "community_id"],
            ["personal.helped_person.id", "personal.helped_person.community_id"],
            name=op.f("fk_care_need_helped_person_id_community_id"), onupdate="CASCADE", deferrable=True,
            initially="DEFERRED",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_care_need")),
        sa.UniqueConstraint("number", name=op.f("uq_care_need_number")),
    )
    for column in ("building_id", "community_id", "helped_person_id", "household_id", "unit_id"):
        op.create_index(f"ix_care_need_{column}", "care_need", [column])


def _openings() -> None:
    op.create_table(
        "disclosure",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("person_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("fields", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("transaction_id", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disclosure")),
        schema="personal",
    )
    op.create_table(
        "run",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.clock_timestamp(), nullable=False),
        sa.Column("person_ids", postgresql.ARRAY(sa.BigInteger()), nullable=False),
        sa.Column("salt", sa.LargeBinary(), nullable=False),
        sa.Column("transaction_id", sa.Text(), nullable=False),
        sa.CheckConstraint("purpose IN ('pairing', 'rota', 'siting')", name=op.f("ck_run_purpose_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_run")),
        schema="personal",
    )


def _functions() -> None:
    op.execute(PSEUDONYM)
    for function in INNER:
        op.execute(function)
    for signature, body in OPEN.items():
        op.execute(f"CREATE FUNCTION personal.{signature} {body}")
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA personal FROM PUBLIC")
    for signature in OPEN:
        op.execute(f"GRANT EXECUTE ON FUNCTION personal.{signature} TO {rows.APP_ROLE}")
    op.execute(f"GRANT USAGE ON SCHEMA personal TO {rows.APP_ROLE}")


def downgrade() -> None:
    op.drop_table("care_need")
    op.execute("DROP SCHEMA personal CASCADE")
