SELECT 'household' AS kind, h.id, h.room AS own_name, 1 AS households, false AS placeholder
FROM household h
WHERE h.unit_id = :id AND h.closed_on IS NULL
ORDER BY h.floor, length(h.room), h.room, h.id
LIMIT :most
