SELECT b.id, b.compound_id, b.community_id, coalesce(b.households, -1) AS households
FROM building b
WHERE b.closed_on IS NULL
ORDER BY b.id
