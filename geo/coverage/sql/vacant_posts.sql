SELECT p.id AS post_id, coalesce(p.building_id, p.unit_id) AS place_id, p.kind = 'unit_head' AS of_unit
FROM post p
WHERE p.kind IN ('building_head', 'unit_head') AND p.closed_on IS NULL
  AND (%(community)s::bigint IS NULL OR p.community_id = %(community)s)
  AND NOT EXISTS (
      SELECT FROM holding h
      WHERE h.post_id = p.id AND h.from_on <= %(on)s AND (h.to_on IS NULL OR h.to_on > %(on)s)
  )
ORDER BY p.id
