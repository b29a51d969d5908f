-- Where a request belongs: its unit, else its building, else the community around its point, else the community named.
SELECT CASE WHEN u.id IS NOT NULL THEN 'unit' WHEN b.id IS NOT NULL THEN 'building'
            WHEN p.id IS NOT NULL THEN 'point' ELSE 'community' END AS placed_by,
       coalesce(u.community_id, b.community_id, p.id, c.id) AS community_id,
       coalesce(u.building_id, b.id) AS building_id, u.id AS unit_id,
       coalesce(u.geom, ST_PointOnSurface(ub.geom), ST_PointOnSurface(b.geom), p.point) AS geom
FROM (SELECT ST_SetSRID(ST_MakePoint(CAST(:lon AS double precision), CAST(:lat AS double precision)), 4326) AS point) given
LEFT JOIN unit u ON u.id = CAST(:unit_id AS bigint) AND u.closed_on IS NULL
LEFT JOIN building ub ON ub.id = u.building_id
LEFT JOIN building b ON CAST(:unit_id AS bigint) IS NULL AND b.id = CAST(:building_id AS bigint) AND b.closed_on IS NULL
LEFT JOIN LATERAL (
    SELECT a.id, given.point FROM area a
    WHERE CAST(:unit_id AS bigint) IS NULL AND CAST(:building_id AS bigint) IS NULL AND a.level = 'community'
      AND a.closed_on IS NULL AND NOT a.placeholder AND ST_Intersects(a.geom, given.point)
    ORDER BY a.id = CAST(:community_id AS bigint) DESC NULLS LAST, a.id LIMIT 1
) p ON true
LEFT JOIN area c ON CAST(:unit_id AS bigint) IS NULL AND CAST(:building_id AS bigint) IS NULL
    AND CAST(:lon AS double precision) IS NULL AND c.id = CAST(:community_id AS bigint) AND c.level = 'community'
    AND c.closed_on IS NULL
