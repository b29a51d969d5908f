WITH wanted AS (
    SELECT h.id
    FROM holding h
    WHERE h.person_id = ANY (%(persons)s::bigint[])
    UNION
    SELECT h.id
    FROM unit u
    JOIN post p ON p.unit_id = u.id AND p.kind = 'unit_head'
    JOIN holding h ON h.post_id = p.id
    WHERE u.building_id = ANY (%(buildings)s::bigint[])
)
SELECT h.person_id, u.building_id, coalesce(u.households, -1) AS households
FROM wanted w
JOIN holding h ON h.id = w.id
JOIN post p ON p.id = h.post_id AND p.kind = 'unit_head' AND p.closed_on IS NULL
JOIN unit u ON u.id = p.unit_id
WHERE h.from_on <= %(on)s AND (h.to_on IS NULL OR h.to_on > %(on)s)
