SELECT 'unit' AS kind, u.id, u.number AS own_name, u.households, false AS placeholder
FROM unit u
WHERE u.building_id = :id AND u.closed_on IS NULL
ORDER BY length(u.number), u.number, u.id
LIMIT :most
