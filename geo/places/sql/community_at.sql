SELECT a.id
FROM area a
WHERE a.level = 'community' AND a.closed_on IS NULL AND NOT a.placeholder
  AND ST_Intersects(a.geom, ST_PointOnSurface(CAST(:shape AS geometry)))
ORDER BY ST_Area(ST_Intersection(a.geom, CAST(:shape AS geometry))) DESC, a.id
LIMIT 1
