SELECT b.id
FROM building b
JOIN compound c ON c.id = b.compound_id
WHERE (%(community_id)s::bigint IS NULL OR b.community_id = %(community_id)s)
    AND (%(compound_kind)s::text IS NULL OR c.kind = %(compound_kind)s)
