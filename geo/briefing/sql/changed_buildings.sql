WITH change AS (
    SELECT e.entity, e.entity_id, e.before, e.after
    FROM audit_entry e
    WHERE e.id > %(since)s AND e.action IN ('assign_head', 'end_holding', 'undo_holding')
), person_changed AS (
    SELECT DISTINCT (image.value ->> 'person_id')::bigint AS id
    FROM change c
    CROSS JOIN LATERAL (SELECT c.before -> 'holding' AS holdings UNION ALL SELECT c.after -> 'holding') side
    CROSS JOIN LATERAL jsonb_each(CASE jsonb_typeof(side.holdings) WHEN 'object' THEN side.holdings ELSE '{}' END) image
), place_changed AS (
    SELECT CASE c.entity WHEN 'building' THEN c.entity_id END AS building_id,
        CASE c.entity WHEN 'unit' THEN c.entity_id END AS unit_id
    FROM change c
    UNION
    SELECT p.building_id, p.unit_id
    FROM person_changed pc
    JOIN holding h ON h.person_id = pc.id
    JOIN post p ON p.id = h.post_id
)
SELECT DISTINCT b.id, b.community_id
FROM place_changed pc
LEFT JOIN unit u ON u.id = pc.unit_id
JOIN building b ON b.id = coalesce(pc.building_id, u.building_id)
WHERE b.closed_on IS NULL
