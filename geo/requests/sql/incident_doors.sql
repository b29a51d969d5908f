SELECT d.building_id, d.unit_id, u.number AS unit_number, b.number, b.name, b.address, b.code,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       CASE WHEN d.unit_id IS NULL THEN b.households ELSE u.households END AS households,
       ARRAY(
           SELECT DISTINCT n.name FROM post p
           JOIN holding h ON h.post_id = p.id AND h.from_on <= app_today() AND (h.to_on IS NULL OR h.to_on > app_today())
           JOIN person n ON n.id = h.person_id
           WHERE p.closed_on IS NULL AND (
               p.kind = 'building_head' AND p.building_id = d.building_id
               OR p.kind = 'unit_head' AND p.unit_id IN (
                   SELECT o.id FROM unit o WHERE o.building_id = d.building_id
                   AND (d.unit_id IS NULL OR o.id = d.unit_id)))
           ORDER BY 1
       ) AS heads
FROM incident_door d
JOIN building b ON b.id = d.building_id
JOIN compound c ON c.id = b.compound_id
LEFT JOIN unit u ON u.id = d.unit_id
WHERE d.incident_id = :incident_id
ORDER BY c.name, length(b.number), b.number, length(u.number), u.number, b.id
