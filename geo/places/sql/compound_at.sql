SELECT c.id
FROM compound c
WHERE c.closed_on IS NULL AND NOT c.placeholder
  AND ST_Intersects(c.geom, ST_PointOnSurface(CAST(:shape AS geometry)))
ORDER BY ST_Area(ST_Intersection(c.geom, CAST(:shape AS geometry))) DESC, c.id
LIMIT 1
