CREATE FUNCTION publish_counts() RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
-- Publishes every family whose last publication is 31 days old, in place of it; returns how many blocks by family. Two
-- publications a day apart would differ by single people.
DECLARE
    this_month date := date_trunc('month', current_date)::date;
    below bigint := greatest(5, (SELECT p.value::text::numeric FROM parameter p WHERE p.name = 'suppress_below'));
    below_alone bigint := greatest(10, below,
        (SELECT p.value::text::numeric FROM parameter p WHERE p.name = 'suppress_below_alone'));
    wanted text;
    made bigint;
    blocks bigint;
    found jsonb := '{}';
BEGIN
    IF NOT app_runs_city() THEN
        RAISE EXCEPTION 'only an administrator publishes counts' USING ERRCODE = '42501';
    END IF;
    PERFORM pg_advisory_xact_lock(379900007);
    FOREACH wanted IN ARRAY ARRAY['residents', 'helped'] LOOP
        CONTINUE WHEN EXISTS (SELECT FROM publication p WHERE p.family = wanted AND p.made_on > current_date - 31);
        INSERT INTO publication (family, month, made_on, made_by, suppress_below, suppress_below_alone)
        VALUES (wanted, this_month, current_date, current_setting('app.user_name'), below, below_alone)
        RETURNING id INTO made;
        blocks := suppressed_family(wanted, made, below, below_alone);
        IF blocks = 0 THEN
            DELETE FROM publication p WHERE p.id = made;
        ELSE
            DELETE FROM published_count c USING publication p
            WHERE p.id = c.publication_id AND p.family = wanted AND p.month < this_month;
            found := found || jsonb_build_object(wanted, blocks);
        END IF;
    END LOOP;
    IF found <> '{}' THEN
        INSERT INTO audit_entry (actor, action, entity, after)
        VALUES (current_setting('app.user_name'), 'publish_counts', 'publication', found);
    END IF;
    RETURN found;
END $$
