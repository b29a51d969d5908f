SELECT u.id, coalesce(ST_X(u.geom), 'NaN') AS lon, coalesce(ST_Y(u.geom), 'NaN') AS lat
FROM unit u
JOIN building b ON b.id = u.building_id AND b.closed_on IS NULL
WHERE u.closed_on IS NULL
ORDER BY u.id
