SELECT t.id, t.community_id
FROM compound t
CROSS JOIN (SELECT CAST(:shape AS geometry) AS point) p
WHERE t.closed_on IS NULL AND t.geom && ST_Expand(p.point, 0.001)
  AND ST_Distance(CAST(t.geom AS geography), CAST(p.point AS geography)) <= :within_m
ORDER BY ST_Distance(CAST(t.geom AS geography), CAST(p.point AS geography)), t.id
LIMIT 1
