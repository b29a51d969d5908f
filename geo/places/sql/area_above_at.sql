SELECT a.id
FROM area a
WHERE a.level IN ('street_office', 'district', 'city') AND a.closed_on IS NULL
  AND (a.level = 'city' OR ST_Intersects(a.geom, ST_PointOnSurface(CAST(:shape AS geometry))))
ORDER BY array_position(ARRAY['street_office', 'district', 'city'], a.level), ST_Area(a.geom), a.id
LIMIT 1
