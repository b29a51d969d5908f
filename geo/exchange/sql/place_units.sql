INSERT INTO placed (row, building_id, community_id, how)
SELECT s.row, b.id, b.community_id, 'code'
FROM incoming s JOIN building b ON b.code = s.building_code;

INSERT INTO placed (row, building_id, community_id, how)
SELECT k.row, u.building_id, u.community_id, 'kept'
FROM known k JOIN unit u ON u.id = k.id
ON CONFLICT DO NOTHING;

INSERT INTO placed (row, building_id, community_id, how)
SELECT s.row, min(b.id), min(b.community_id), 'address'
FROM incoming s JOIN building b ON b.address = s.place_address AND b.closed_on IS NULL
GROUP BY s.row HAVING count(*) = 1
ON CONFLICT DO NOTHING;

-- An entrance lies on the wall or just before it: the nearest building within about 15 m.
INSERT INTO placed (row, building_id, community_id, how)
SELECT s.row, n.id, n.community_id, 'geometry'
FROM incoming s CROSS JOIN LATERAL (
    SELECT b.id, b.community_id
    FROM building b
    WHERE b.closed_on IS NULL AND b.geom && ST_Expand(s.geom, 0.0003)
    AND ST_Distance(b.geom::geography, s.geom::geography) <= 15
    ORDER BY ST_Distance(b.geom, s.geom), b.id LIMIT 1
) n
WHERE NOT EXISTS (SELECT FROM placed p WHERE p.row = s.row)
ON CONFLICT DO NOTHING;
