WITH picked AS MATERIALIZED (
    SELECT r.* FROM request r WHERE {wanted} ORDER BY {order} LIMIT :most
)
SELECT r.id, r.number AS request_number, r.version, r.status, r.channel, r.class_code, r.respond_h, r.solve_h,
       r.received_at, r.accepted_at, r.resolved_at, r.closed_at, r.paused_s, r.paused_from, r.waiting_until,
       r.community_id, r.building_id, r.unit_id, r.placed_by, r.address AS written_address, r.summary, r.owner,
       r.incident_id, r.escalated_to, r.returned_times, r.reopened_times, r.duplicate_of, r.recorded_by,
       r.organisation_id, r.person_id, r.external_system, r.external_id, g.code AS category, g.name AS category_name,
       g.name_zh AS category_name_zh, a.name AS community, o.name AS organisation, p.name AS person,
       f.number AS first_number, ST_X(r.geom) AS lon, ST_Y(r.geom) AS lat, u.number AS unit_number, b.number, b.name,
       b.address, b.code, CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound
FROM picked r
JOIN request_category g ON g.id = r.category_id
JOIN area a ON a.id = r.community_id
LEFT JOIN building b ON b.id = r.building_id
LEFT JOIN compound c ON c.id = b.compound_id
LEFT JOIN unit u ON u.id = r.unit_id
LEFT JOIN organisation o ON o.id = r.organisation_id
LEFT JOIN person p ON p.id = r.person_id
LEFT JOIN request f ON f.id = r.duplicate_of
ORDER BY {order}
