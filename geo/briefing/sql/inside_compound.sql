SELECT c.id
FROM compound c
WHERE (%(community_id)s::bigint IS NULL OR c.community_id = %(community_id)s)
    AND (%(compound_kind)s::text IS NULL OR c.kind = %(compound_kind)s)
