"""when the next visit is due, for who works with the need, and how well the rhythm is kept, as counts."""

from alembic import op

from geo.store import row_security as rows

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DEFINER = "SECURITY DEFINER SET search_path = public, pg_temp"

STANDING = f"""CREATE FUNCTION personal.visit_standing(zone text, only_community bigint, only_needs bigint[])
RETURNS TABLE (care_need_id bigint, community_id bigint, works boolean, risk text, days integer,
    last_met_at timestamptz, last_tried_at timestamptz, due_on date, after_change boolean, state text)
LANGUAGE plpgsql STABLE {DEFINER} AS $$
#variable_conflict use_column
-- Open needs the actor sees (the policy of care_need), each with its rhythm; a visit that met somebody unwell or fallen
-- tells of a change, which at high risk is looked after within a day, by a visit of the kind after_change.
DECLARE
    city boolean := app_runs_city();
    mine bigint[] := ARRAY(SELECT m.community_id FROM membership m WHERE m.role IN ('organiser', 'station_staff'));
    units bigint[] := ARRAY(SELECT app_own_units());
    buildings bigint[] := ARRAY(SELECT app_own_buildings());
    today date := app_today();
    week_end date := app_today() + 7 - extract(isodow FROM app_today())::integer;
    high integer := coalesce((SELECT value::text::numeric FROM parameter WHERE name = 'visit_high_risk_days'), 7);
    key integer := coalesce((SELECT value::text::numeric FROM parameter WHERE name = 'visit_key_days'), 30);
    general integer := coalesce((SELECT value::text::numeric FROM parameter WHERE name = 'visit_general_days'), 90);
BEGIN
    RETURN QUERY
    WITH seen AS (
        SELECT n.id, n.community_id, city OR n.community_id = ANY (mine) AS works, n.opened_on, p.risk_class,
               coalesce(n.cadence_days::integer,
                        CASE p.risk_class WHEN 'high' THEN high WHEN 'key' THEN key ELSE general END) AS days
        FROM care_need n LEFT JOIN personal.helped_person p ON p.id = n.helped_person_id
        WHERE n.status = 'open' AND (only_community IS NULL OR n.community_id = only_community)
          AND (only_needs IS NULL OR n.id = ANY (only_needs))
          AND (city OR n.community_id = ANY (mine) OR n.unit_id = ANY (units)
               OR (n.unit_id IS NULL AND n.building_id = ANY (buildings) AND NOT EXISTS (
                   SELECT FROM unit u WHERE u.building_id = n.building_id AND u.closed_on IS NULL
                   AND u.id <> ALL (units))))
    ), dated AS (
        SELECT s.id, s.community_id, s.works, s.risk_class, s.days, met.visited_at AS met_at,
               tried.visited_at AS tried_at, coalesce(met.change AND s.risk_class = 'high', false) AS changed,
               CASE WHEN met.visited_at IS NULL THEN s.opened_on
                    ELSE (met.visited_at AT TIME ZONE zone)::date
                         + CASE WHEN met.change AND s.risk_class = 'high' THEN 1 ELSE s.days END END AS due
        FROM seen s
        LEFT JOIN LATERAL (
            SELECT v.visited_at, v.kind <> 'after_change' AND v.findings && ARRAY['unwell', 'fell'] AS change
            FROM visit v WHERE v.care_need_id = s.id AND v.result = 'met'
            ORDER BY v.visited_at DESC, v.id DESC LIMIT 1) met ON true
        LEFT JOIN LATERAL (
            SELECT max(v.visited_at) AS visited_at FROM visit v WHERE v.care_need_id = s.id) tried ON true
    )
    SELECT d.id, d.community_id, d.works, d.risk_class, d.days, d.met_at, d.tried_at, d.due, d.changed,
           CASE WHEN d.met_at IS NULL THEN 'never' WHEN d.due < today THEN 'overdue'
                WHEN d.due <= week_end THEN 'due' ELSE 'kept' END
    FROM dated d;
END $$"""
"""Tells the class of risk, so only the functions below may ask it. A city without own numbers goes by the defaults."""

OPEN = {
    "visits_due(zone text, only_community bigint, only_needs bigint[])": f"""RETURNS TABLE (care_need_id bigint,
        last_met_on date, last_tried_on date, due_on date, after_change boolean, state text)
    LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT s.care_need_id, (s.last_met_at AT TIME ZONE zone)::date, (s.last_tried_at AT TIME ZONE zone)::date, s.due_on,
           s.after_change, s.state
    FROM personal.visit_standing(zone, only_community, only_needs) s $$""",
    "visit_next_due(zone text, wanted bigint, met_at timestamptz, change boolean)": f"""RETURNS date
    LANGUAGE sql STABLE {DEFINER} AS $$
    SELECT CASE WHEN met_at IS NULL OR s.last_met_at >= met_at THEN s.due_on
                ELSE (met_at AT TIME ZONE zone)::date + CASE WHEN change AND s.risk = 'high' THEN 1 ELSE s.days END END
    FROM personal.visit_standing(zone, NULL, ARRAY[wanted]) s $$""",
    "visit_counts(zone text)": f"""RETURNS TABLE (community_id bigint, risks text[], states text[], needs bigint,
        at_least integer) LANGUAGE plpgsql STABLE {DEFINER} AS $$
    #variable_conflict use_column
    -- One table a community at the finest of three resolutions whose every cell holds enough; by state alone always,
    -- because that follows from the list of what is due.
    DECLARE
        enough integer := greatest(5, (SELECT value::text::numeric FROM parameter WHERE name = 'suppress_below'));
    BEGIN
        RETURN QUERY
        WITH levels (level, risks, states) AS (
            SELECT 1, ARRAY[r], ARRAY[s] FROM unnest(ARRAY['high', 'key', 'general']) r,
                unnest(ARRAY['kept', 'due', 'overdue', 'never']) s
            UNION ALL SELECT 2, ARRAY[r], s.states FROM unnest(ARRAY['high', 'key', 'general']) r,
                (VALUES (ARRAY['kept', 'due']), (ARRAY['overdue', 'never'])) s (states)
            UNION ALL SELECT 3, r.risks, s.states FROM (VALUES (ARRAY['high', 'key']), (ARRAY['general'])) r (risks),
                (VALUES (ARRAY['kept', 'due']), (ARRAY['overdue', 'never'])) s (states)
            UNION ALL SELECT 4, ARRAY['high', 'key', 'general'], ARRAY[s]
                FROM unnest(ARRAY['kept', 'due', 'overdue', 'never']) s
        ), raw AS (
            SELECT s.community_id, s.risk, s.state, count(*) AS needs FROM personal.visit_standing(zone, NULL, NULL) s
            WHERE s.works AND s.risk IS NOT NULL GROUP BY 1, 2, 3
        ), cells AS (
            SELECT c.community_id, l.level, l.risks, l.states, coalesce(sum(r.needs), 0)::bigint AS needs
            FROM (SELECT DISTINCT raw.community_id FROM raw) c CROSS JOIN levels l
            LEFT JOIN raw r ON r.community_id = c.community_id AND r.risk = ANY (l.risks) AND r.state = ANY (l.states)
            GROUP BY 1, 2, 3, 4
        ), chosen AS (
            SELECT f.community_id, min(f.level) AS level
            FROM (SELECT community_id, level FROM cells WHERE level < 4
                  GROUP BY 1, 2 HAVING min(needs) >= enough) f GROUP BY 1
        )
        SELECT c.community_id, c.risks, c.states, c.needs, enough FROM cells c
        LEFT JOIN chosen h ON h.community_id = c.community_id
        WHERE c.level = 4 OR c.level = h.level ORDER BY c.community_id, c.level, c.risks, c.states;
    END $$""",
}
"""Open to the app role: each asks who acts."""


def upgrade() -> None:
    op.execute(STANDING)
    op.execute("REVOKE ALL ON FUNCTION personal.visit_standing(text, bigint, bigint[]) FROM PUBLIC")
    for signature, body in OPEN.items():
        op.execute(f"CREATE FUNCTION personal.{signature} {body}")
        op.execute(f"REVOKE ALL ON FUNCTION personal.{signature} FROM PUBLIC")
        op.execute(f"GRANT EXECUTE ON FUNCTION personal.{signature} TO {rows.APP_ROLE}")


def downgrade() -> None:
    for signature in OPEN:
        op.execute(f"DROP FUNCTION personal.{signature}")
    op.execute("DROP FUNCTION personal.visit_standing(text, bigint, bigint[])")
