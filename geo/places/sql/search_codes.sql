SELECT f.kind, f.id, b.number, b.name, b.address, b.code, f.unit_number,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound, a.name AS context, f.own_name,
       ST_X(m.point) AS lon, ST_Y(m.point) AS lat,
       ST_XMin(m.shape) AS west, ST_YMin(m.shape) AS south, ST_XMax(m.shape) AS east, ST_YMax(m.shape) AS north
FROM (
    SELECT 'building' AS kind, b.id, b.id AS building_id, b.community_id, NULL AS unit_number, NULL AS own_name,
           b.geom
    FROM building b WHERE b.code = :text AND b.closed_on IS NULL
    UNION ALL
    SELECT 'unit', u.id, u.building_id, u.community_id, u.number, NULL, u.geom
    FROM unit u WHERE u.code = :text AND u.closed_on IS NULL
    UNION ALL
    SELECT 'station', s.id, NULL, s.community_id, NULL, s.name, s.geom
    FROM station s
    WHERE s.closed_on IS NULL
      AND (s.code = :text OR s.name LIKE :anywhere OR s.pinyin LIKE :full OR s.pinyin LIKE :initials)
    UNION ALL
    SELECT 'candidate_site', s.id, NULL, s.community_id, NULL, s.name, s.geom
    FROM candidate_site s WHERE s.closed_on IS NULL AND (s.code = :text OR s.name LIKE :anywhere)
    LIMIT :most
) f
LEFT JOIN building b ON b.id = f.building_id
LEFT JOIN compound c ON c.id = b.compound_id
JOIN area a ON a.id = f.community_id
CROSS JOIN LATERAL (
    SELECT ST_PointOnSurface(coalesce(f.geom, b.geom)) AS point, coalesce(f.geom, b.geom) AS shape
) m
ORDER BY f.kind, f.own_name, f.id
