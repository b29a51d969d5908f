SELECT h.person_id, p.building_id, coalesce(b.households, -1) AS households
FROM holding h
JOIN post p ON p.id = h.post_id AND p.kind = 'building_head' AND p.closed_on IS NULL
JOIN building b ON b.id = p.building_id
WHERE h.from_on <= %(on)s AND (h.to_on IS NULL OR h.to_on > %(on)s) AND h.person_id = ANY (%(persons)s::bigint[])
