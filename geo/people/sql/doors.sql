SELECT p.kind, p.id AS post_id, h.id AS holding_id, h.version, h.from_on, h.to_on,
       b.id AS building_id, u.id AS unit_id, b.number, b.name, b.address, b.code, u.number AS unit_number,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound, b.compound_id,
       CASE p.kind WHEN 'building_head' THEN b.households ELSE u.households END AS households,
       CASE p.kind WHEN 'building_head' THEN b.floors END AS floors,
       ST_X(coalesce(u.geom, ST_PointOnSurface(b.geom))) AS lon, ST_Y(coalesce(u.geom, ST_PointOnSurface(b.geom))) AS lat
FROM holding h
JOIN post p ON p.id = h.post_id AND p.kind IN ('building_head', 'unit_head') AND p.closed_on IS NULL
LEFT JOIN unit u ON u.id = p.unit_id
JOIN building b ON b.id = coalesce(p.building_id, u.building_id)
JOIN compound c ON c.id = b.compound_id
WHERE h.person_id = :person_id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
ORDER BY c.name, length(b.number), b.number, b.id, p.kind, length(u.number), u.number
