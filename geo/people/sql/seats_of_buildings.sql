SELECT p.building_id,
       coalesce(h.person_id, -1) AS person_id,
       h.to_on IS NOT NULL AND h.to_on <= %(ends_by)s AND NOT EXISTS (
           SELECT FROM holding n
           WHERE n.post_id = p.id AND n.from_on = h.to_on AND (n.to_on IS NULL OR n.to_on > n.from_on)
       ) AS ending
FROM post p
LEFT JOIN holding h ON h.post_id = p.id AND h.from_on <= %(on)s AND (h.to_on IS NULL OR h.to_on > %(on)s)
WHERE p.kind = 'building_head' AND p.closed_on IS NULL AND p.building_id = ANY (%(buildings)s::bigint[])
