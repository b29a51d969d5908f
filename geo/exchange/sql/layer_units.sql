SELECT u.code, u.number, b.code AS building_code, b.address, u.households, ST_AsBinary(u.geom) AS geom
FROM unit u JOIN building b ON b.id = u.building_id
WHERE u.closed_on IS NULL AND (CAST(:community_id AS int8) IS NULL OR u.community_id = :community_id)
ORDER BY u.code
