SELECT b.id, coalesce(b.households, -1) AS households
FROM building b
WHERE b.closed_on IS NULL
  AND (%(community)s::bigint IS NULL OR b.community_id = %(community)s)
