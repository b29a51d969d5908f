SELECT p.id AS post_id, u.building_id, coalesce(u.households, -1) AS households
FROM post p
JOIN unit u ON u.id = p.unit_id
WHERE p.kind = 'unit_head' AND p.closed_on IS NULL
  AND (%(community)s::bigint IS NULL OR p.community_id = %(community)s)
