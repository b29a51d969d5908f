CREATE TEMP TABLE wanted ON COMMIT DROP AS
WITH ranked AS (
    SELECT a.*, array_position(ARRAY['city', 'district', 'street_office', 'community', 'grid'], a.level) AS rank FROM area a
), scope AS (
    SELECT a.id, a.level, a.code, a.geom, a.rank, a.parent_id, s.parent_code, s.community_code,
        s.row IS NOT NULL AND k.id IS NULL OR up.level = 'city' AND a.rank > 2 OR up.placeholder AS open
    FROM ranked a
    LEFT JOIN incoming s ON s.level = a.level AND s.code = a.code
    LEFT JOIN known k ON k.row = s.row
    LEFT JOIN area up ON up.id = a.parent_id
    WHERE a.rank > 1 AND NOT a.placeholder
)
SELECT s.id, s.level, coalesce(named.id, CASE WHEN s.open THEN coalesce(coded.id, around.id) END) AS parent_id
FROM scope s
LEFT JOIN LATERAL (
    SELECT a.id FROM area a
    WHERE a.level = ANY (
        CASE s.level WHEN 'grid' THEN ARRAY['community']
        ELSE (ARRAY['city', 'district', 'street_office', 'community', 'grid'])[1 : s.rank - 1] END
    )
    AND a.code = ANY (ARRAY[s.parent_code, s.community_code])
    ORDER BY array_position(ARRAY['city', 'district', 'street_office', 'community', 'grid'], a.level) DESC LIMIT 1
) named ON true
LEFT JOIN LATERAL (
    SELECT a.id FROM area a
    WHERE s.open AND s.code ~ '^[0-9]{8,}$' AND s.level <> 'grid'
    AND (a.level, a.code) IN (('street_office', left(s.code, 9)), ('district', left(s.code, 6)))
    AND array_position(ARRAY['city', 'district', 'street_office', 'community', 'grid'], a.level) < s.rank
    ORDER BY length(a.code) DESC LIMIT 1
) coded ON true
LEFT JOIN LATERAL (
    SELECT a.id FROM ranked a
    WHERE s.open AND s.geom IS NOT NULL AND named.id IS NULL AND coded.id IS NULL AND a.rank BETWEEN 2 AND s.rank - 1 AND NOT a.placeholder
    AND (s.level <> 'grid' OR a.level = 'community') AND ST_Contains(a.geom, ST_PointOnSurface(s.geom))
    ORDER BY a.rank DESC, a.id LIMIT 1
) around ON true
WHERE s.open OR s.parent_code IS NOT NULL OR s.community_code IS NOT NULL;

INSERT INTO import_change (import_run_id, entity, entity_id, before)
SELECT current_setting('app.import_run')::int8, 'area', a.id,
    jsonb_build_object('parent_id', a.parent_id, 'community_id', a.community_id, 'version', a.version)
FROM wanted w JOIN area a USING (id)
WHERE w.parent_id <> a.parent_id AND a.import_id IS DISTINCT FROM current_setting('app.import_run')::int8;

UPDATE area a SET parent_id = w.parent_id, community_id = CASE WHEN a.level = 'grid' THEN w.parent_id END,
    version = a.version + CASE WHEN a.import_id IS DISTINCT FROM current_setting('app.import_run')::int8 THEN 1 ELSE 0 END,
    changed_at = now()
FROM wanted w WHERE w.id = a.id AND w.parent_id <> a.parent_id;

DROP TABLE wanted;
