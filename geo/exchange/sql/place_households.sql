INSERT INTO placed (row, unit_id, community_id, how)
SELECT s.row, u.id, u.community_id, 'code'
FROM incoming s JOIN unit u ON u.code = s.unit_code;

INSERT INTO placed (row, unit_id, community_id, how)
SELECT k.row, h.unit_id, h.community_id, 'kept'
FROM known k JOIN household h ON h.id = k.id
ON CONFLICT DO NOTHING;

INSERT INTO placed (row, unit_id, community_id, how)
SELECT s.row, u.id, u.community_id, 'code'
FROM incoming s JOIN building b ON b.code = s.building_code JOIN unit u ON u.building_id = b.id AND u.number = s.unit_number
ON CONFLICT DO NOTHING;

INSERT INTO placed (row, unit_id, community_id, how)
SELECT s.row, min(u.id), min(u.community_id), 'address'
FROM incoming s
JOIN building b ON b.address = s.place_address AND b.closed_on IS NULL
JOIN unit u ON u.building_id = b.id AND u.number = s.unit_number
GROUP BY s.row HAVING count(*) = 1
ON CONFLICT DO NOTHING;
