WITH seats AS (
    SELECT 'building_head' AS kind, 'building' AS place_kind, b.id AS place_id, b.number, b.households, p.id AS post_id
    FROM building b
    LEFT JOIN post p ON p.building_id = b.id AND p.kind = 'building_head' AND p.closed_on IS NULL
    WHERE b.id = :building_id
    UNION ALL
    SELECT 'unit_head', 'unit', u.id, u.number, u.households, p.id
    FROM unit u
    LEFT JOIN post p ON p.unit_id = u.id AND p.kind = 'unit_head' AND p.closed_on IS NULL
    WHERE u.building_id = :building_id AND u.closed_on IS NULL
)
SELECT s.kind, s.place_kind, s.place_id, s.number, s.households, s.post_id,
       h.id AS holding_id, h.person_id, n.name AS person_name, h.from_on, h.to_on, h.how, h.end_reason, h.version
FROM seats s
LEFT JOIN holding h ON h.post_id = s.post_id
LEFT JOIN person n ON n.id = h.person_id
ORDER BY s.kind, length(s.number), s.number, s.place_id, h.from_on DESC, h.id DESC
