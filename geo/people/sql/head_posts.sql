SELECT p.id AS post_id, p.building_id
FROM post p
WHERE p.kind = 'building_head' AND p.closed_on IS NULL
  AND (%(community)s::bigint IS NULL OR p.community_id = %(community)s)
