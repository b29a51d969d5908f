SELECT p.kind, p.id AS post_id, h.id AS holding_id, h.version, h.from_on, h.to_on,
       coalesce(b.id, o.id) AS building_id, u.id AS unit_id, coalesce(b.number, o.number) AS number,
       coalesce(b.name, o.name) AS name, coalesce(b.address, o.address) AS address, coalesce(b.code, o.code) AS code,
       u.number AS unit_number, CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       CASE p.kind WHEN 'building_head' THEN b.households ELSE u.households END AS households,
       ST_X(m.point) AS lon, ST_Y(m.point) AS lat
FROM holding h
JOIN post p ON p.id = h.post_id AND p.kind IN ('building_head', 'unit_head') AND p.closed_on IS NULL
LEFT JOIN building b ON b.id = p.building_id
LEFT JOIN unit u ON u.id = p.unit_id
LEFT JOIN building o ON o.id = u.building_id
LEFT JOIN compound c ON c.id = coalesce(b.compound_id, o.compound_id)
CROSS JOIN LATERAL (SELECT coalesce(u.geom, ST_PointOnSurface(coalesce(b.geom, o.geom))) AS point) m
WHERE h.person_id = :person_id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
ORDER BY c.name, length(coalesce(b.number, o.number)), coalesce(b.number, o.number), p.kind, length(u.number), u.number
