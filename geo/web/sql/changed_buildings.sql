WITH change AS (
    SELECT DISTINCT e.entity, e.entity_id FROM audit_entry e WHERE e.id > %(since)s AND e.entity IN ('holding', 'post')
), holding_changed AS (
    SELECT h.post_id, h.person_id FROM change c JOIN holding h ON c.entity = 'holding' AND h.id = c.entity_id
), post_changed AS (
    SELECT hc.post_id FROM holding_changed hc
    UNION SELECT c.entity_id FROM change c WHERE c.entity = 'post'
    UNION SELECT h.post_id FROM holding h WHERE h.person_id IN (SELECT hc.person_id FROM holding_changed hc)
)
SELECT DISTINCT b.id, b.community_id
FROM post_changed pc
JOIN post p ON p.id = pc.post_id
LEFT JOIN unit u ON u.id = p.unit_id
JOIN building b ON b.id = coalesce(p.building_id, u.building_id)
WHERE b.closed_on IS NULL
