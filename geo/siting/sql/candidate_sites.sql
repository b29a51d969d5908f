SELECT c.id, ST_X(c.geom) AS lon, ST_Y(c.geom) AS lat, coalesce(c.cost_fen, -1) AS cost_fen, c.community_id
FROM candidate_site c
WHERE c.closed_on IS NULL
  AND (CAST(%(community)s AS bigint) IS NULL OR c.community_id = %(community)s)
ORDER BY c.id
