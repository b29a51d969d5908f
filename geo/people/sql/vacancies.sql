SELECT p.id AS post_id, p.kind, p.community_id, a.name AS community,
       CASE WHEN p.building_id IS NOT NULL THEN 'building' WHEN p.unit_id IS NOT NULL THEN 'unit'
            WHEN p.grid_id IS NOT NULL THEN 'grid' ELSE 'station' END AS place_kind,
       coalesce(p.building_id, p.unit_id, p.grid_id, p.station_id) AS place_id,
       coalesce(b.number, o.number) AS number, coalesce(b.name, o.name) AS name,
       coalesce(b.address, o.address) AS address, coalesce(b.code, o.code) AS code, u.number AS unit_number,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       coalesce(g.name, s.name) AS own_name,
       CASE p.kind WHEN 'building_head' THEN b.households WHEN 'unit_head' THEN u.households ELSE g.households END
           AS households,
       (SELECT max(h.to_on) FROM holding h WHERE h.post_id = p.id AND h.to_on <= :on) AS since,
       ST_X(m.point) AS lon, ST_Y(m.point) AS lat
FROM unnest(CAST(:posts AS bigint[])) WITH ORDINALITY wanted (id, place)
JOIN post p ON p.id = wanted.id
JOIN area a ON a.id = p.community_id
LEFT JOIN building b ON b.id = p.building_id
LEFT JOIN unit u ON u.id = p.unit_id
LEFT JOIN building o ON o.id = u.building_id
LEFT JOIN compound c ON c.id = coalesce(b.compound_id, o.compound_id)
LEFT JOIN area g ON g.id = p.grid_id
LEFT JOIN station s ON s.id = p.station_id
CROSS JOIN LATERAL (
    SELECT coalesce(u.geom, ST_PointOnSurface(coalesce(b.geom, o.geom, g.geom)), s.geom) AS point
) m
ORDER BY wanted.place
