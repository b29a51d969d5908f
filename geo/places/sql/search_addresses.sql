SELECT 'building' AS kind, b.id, b.number, b.name, b.address, b.code,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound, coalesce(b.address, a.name) AS context,
       ST_X(ST_PointOnSurface(b.geom)) AS lon, ST_Y(ST_PointOnSurface(b.geom)) AS lat,
       ST_XMin(b.geom) AS west, ST_YMin(b.geom) AS south, ST_XMax(b.geom) AS east, ST_YMax(b.geom) AS north
FROM app_buildings_called(:words, :most) AS found (id)
JOIN building b ON b.id = found.id
JOIN compound c ON c.id = b.compound_id
JOIN area a ON a.id = b.community_id
ORDER BY length(b.address), b.address, b.id
