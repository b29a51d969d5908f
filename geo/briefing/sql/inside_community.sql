SELECT a.id
FROM area a
WHERE a.level = 'community' AND (%(community_id)s::bigint IS NULL OR a.id = %(community_id)s)
    AND (%(compound_kind)s::text IS NULL OR a.id IN (SELECT c.community_id FROM compound c WHERE c.kind = %(compound_kind)s))
