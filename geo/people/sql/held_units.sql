SELECT h.person_id, u.building_id, coalesce(u.households, -1) AS households
FROM holding h
JOIN post p ON p.id = h.post_id AND p.kind = 'unit_head' AND p.closed_on IS NULL
JOIN unit u ON u.id = p.unit_id
WHERE h.from_on <= %(on)s AND (h.to_on IS NULL OR h.to_on > %(on)s)
  AND (%(persons)s::bigint[] IS NULL OR h.person_id = ANY (%(persons)s) OR u.building_id = ANY (%(buildings)s))
