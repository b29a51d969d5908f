SELECT p.id AS post_id, coalesce(g.households, -1) AS households
FROM post p
LEFT JOIN area g ON g.id = p.grid_id
WHERE p.kind = %(kind)s AND p.closed_on IS NULL
  AND (%(community)s::bigint IS NULL OR p.community_id = %(community)s)
