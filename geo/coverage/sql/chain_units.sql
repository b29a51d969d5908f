SELECT u.id, u.building_id, coalesce(u.households, -1) AS households
FROM unit u
JOIN building b ON b.id = u.building_id AND b.closed_on IS NULL
WHERE u.closed_on IS NULL
ORDER BY u.id
