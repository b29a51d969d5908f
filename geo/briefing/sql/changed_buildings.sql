WITH change AS (
    SELECT e.entity, e.entity_id, e.before, e.after
    FROM audit_entry e
    WHERE e.id > %(since)s AND e.action IN ('assign_head', 'end_holding', 'undo_holding')
), building_changed AS (
    SELECT DISTINCT coalesce(u.building_id, c.entity_id) AS id
    FROM change c
    LEFT JOIN unit u ON c.entity = 'unit' AND u.id = c.entity_id
    WHERE c.entity IN ('building', 'unit')
), person_changed AS (
    SELECT (image.value ->> 'person_id')::bigint AS id
    FROM change c
    CROSS JOIN LATERAL (SELECT c.before -> 'holding' AS holdings UNION ALL SELECT c.after -> 'holding') side
    CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(side.holdings) WHEN 'object' THEN side.holdings ELSE '{}' END) image
    UNION
    -- A unit's own head takes its doors off the head of the building, who may head other buildings too.
    SELECT h.person_id
    FROM building_changed bc
    JOIN post p ON p.building_id = bc.id AND p.kind = 'building_head'
    JOIN holding h ON h.post_id = p.id
), touched AS (
    SELECT id FROM building_changed
    UNION
    SELECT coalesce(p.building_id, u.building_id)
    FROM person_changed pc
    JOIN holding h ON h.person_id = pc.id
    JOIN post p ON p.id = h.post_id
    LEFT JOIN unit u ON u.id = p.unit_id
)
SELECT b.id, b.community_id
FROM touched t
JOIN building b ON b.id = t.id
WHERE b.closed_on IS NULL
