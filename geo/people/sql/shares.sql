SELECT b.{place} AS id,
       count(*)::int AS buildings,
       count(p.id)::int AS in_roster,
       count(h.post_id)::int AS with_head,
       coalesce(sum(b.households) FILTER (WHERE p.id IS NOT NULL AND h.post_id IS NULL), 0) AS households_without
FROM building b
LEFT JOIN post p ON p.building_id = b.id AND p.kind = 'building_head' AND p.closed_on IS NULL
LEFT JOIN holding h ON h.post_id = p.id AND h.from_on <= %(on)s AND (h.to_on IS NULL OR h.to_on > %(on)s)
WHERE b.closed_on IS NULL AND (%(community_id)s::bigint IS NULL OR b.community_id = %(community_id)s)
GROUP BY b.{place}
ORDER BY b.{place}
