SELECT 'building' AS kind, b.id, b.code, coalesce(b.name, b.number) AS name, b.address,
    CASE WHEN NOT c.placeholder THEN c.name END AS compound, b.number,
    ST_X(ST_Centroid(b.geom)) AS lon, ST_Y(ST_Centroid(b.geom)) AS lat
FROM building b JOIN compound c ON c.id = b.compound_id WHERE b.closed_on IS NULL
UNION ALL
SELECT 'unit', u.id, u.code, coalesce(b.name, b.number), b.address, CASE WHEN NOT c.placeholder THEN c.name END, u.number,
    ST_X(coalesce(u.geom, ST_Centroid(b.geom))), ST_Y(coalesce(u.geom, ST_Centroid(b.geom)))
FROM unit u JOIN building b ON b.id = u.building_id JOIN compound c ON c.id = b.compound_id
WHERE u.closed_on IS NULL AND b.closed_on IS NULL
UNION ALL
SELECT 'station', s.id, s.code, s.name, NULL, c.name, NULL, ST_X(s.geom), ST_Y(s.geom)
FROM station s LEFT JOIN compound c ON c.id = s.compound_id WHERE s.closed_on IS NULL
UNION ALL
SELECT 'grid', g.id, g.code, g.name, NULL, NULL, NULL, ST_X(ST_PointOnSurface(g.geom)), ST_Y(ST_PointOnSurface(g.geom))
FROM area g WHERE g.level = 'grid' AND g.closed_on IS NULL
UNION ALL
SELECT 'organisation', o.id, o.code, o.name, NULL, c.name, NULL, NULL, NULL
FROM organisation o LEFT JOIN compound c ON c.id = o.compound_id WHERE o.closed_on IS NULL
