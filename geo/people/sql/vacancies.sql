SELECT p.id AS post_id, p.kind, p.community_id, a.name AS community,
       CASE WHEN p.building_id IS NOT NULL THEN 'building' WHEN p.unit_id IS NOT NULL THEN 'unit'
            WHEN p.grid_id IS NOT NULL THEN 'grid' ELSE 'station' END AS place_kind,
       coalesce(p.building_id, p.unit_id, p.grid_id, p.station_id) AS place_id,
       CASE p.kind WHEN 'building_head' THEN b.households WHEN 'unit_head' THEN u.households
                   WHEN 'grid_member' THEN g.households END AS households,
       b.id AS building_id, b.number, b.name, b.address, b.code, u.number AS unit_number,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       coalesce(g.name, s.name) AS own_name,
       (SELECT max(h.to_on) FROM holding h WHERE h.post_id = p.id AND h.to_on <= :on) AS since,
       ST_X(m.point) AS lon, ST_Y(m.point) AS lat
FROM (
    SELECT p.*, coalesce(b.households, u.households, g.households) AS affected
    FROM post p
    LEFT JOIN building b ON p.kind = 'building_head' AND b.id = p.building_id
    LEFT JOIN unit u ON p.kind = 'unit_head' AND u.id = p.unit_id
    LEFT JOIN area g ON p.kind = 'grid_member' AND g.id = p.grid_id
    WHERE p.closed_on IS NULL AND p.kind = ANY (:kinds)
      AND (CAST(:community_id AS bigint) IS NULL OR p.community_id = :community_id)
      AND NOT EXISTS (
          SELECT FROM holding h
          WHERE h.post_id = p.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
      )
    ORDER BY affected DESC NULLS LAST, p.id
    LIMIT :most
) p
JOIN area a ON a.id = p.community_id
LEFT JOIN unit u ON u.id = p.unit_id
LEFT JOIN building b ON b.id = coalesce(p.building_id, u.building_id)
LEFT JOIN compound c ON c.id = b.compound_id
LEFT JOIN area g ON g.id = p.grid_id
LEFT JOIN station s ON s.id = p.station_id
LEFT JOIN LATERAL (SELECT coalesce(u.geom, ST_PointOnSurface(b.geom), s.geom, ST_PointOnSurface(g.geom)) AS point) m
       ON true
ORDER BY p.affected DESC NULLS LAST, p.id
