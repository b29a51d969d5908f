SELECT b.id, ST_X(m.point) AS lon, ST_Y(m.point) AS lat
FROM building b
CROSS JOIN LATERAL (SELECT ST_Centroid(b.geom) AS point) m
WHERE b.closed_on IS NULL
ORDER BY b.id
