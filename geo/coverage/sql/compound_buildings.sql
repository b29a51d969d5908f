SELECT b.id, ST_X(m.point) AS x_m, ST_Y(m.point) AS y_m
FROM building b
CROSS JOIN LATERAL (SELECT ST_Transform(ST_Centroid(b.geom), (SELECT metric_srid FROM city)) AS point) m
WHERE b.compound_id = %(compound)s AND b.closed_on IS NULL
ORDER BY b.id
