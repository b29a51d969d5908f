SELECT h.post_id, h.person_id, coalesce(h.to_on, 'infinity') AS to_on
FROM holding h
WHERE h.from_on <= %(on)s AND (h.to_on IS NULL OR h.to_on > %(on)s)
  AND (%(community)s::bigint IS NULL OR h.community_id = %(community)s)
