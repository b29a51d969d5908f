SELECT h.code, u.code AS unit_code, b.code AS building_code, u.number AS unit_number, b.address, h.floor, h.room,
    CAST(h.area_m2 AS float8) AS area_m2, h.tenure
FROM household h JOIN unit u ON u.id = h.unit_id JOIN building b ON b.id = u.building_id
WHERE h.closed_on IS NULL AND (CAST(:community_id AS int8) IS NULL OR h.community_id = :community_id)
ORDER BY h.code
