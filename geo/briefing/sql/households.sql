SELECT count(*) AS buildings, count(b.households) AS counted, coalesce(sum(b.households), 0) AS households
FROM building b
JOIN compound c ON c.id = b.compound_id
WHERE b.closed_on IS NULL
    AND (%(community_id)s::bigint IS NULL OR b.community_id = %(community_id)s)
    AND (%(compound_kind)s::text IS NULL OR c.kind = %(compound_kind)s)
