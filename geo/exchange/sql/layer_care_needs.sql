SELECT b.address, coalesce(u.code, b.code) AS place_code, CASE WHEN NOT c.placeholder THEN c.name END AS compound_name,
    b.number AS building_number, u.number AS unit_number, h.room, array_to_string(n.tasks, ';') AS tasks,
    nullif(array_to_string(n.skills, ';'), '') AS skills, n.hours_week, n.cadence_days, n.opened_on, n.number, n.status
FROM care_need n JOIN building b ON b.id = n.building_id JOIN compound c ON c.id = b.compound_id
LEFT JOIN unit u ON u.id = n.unit_id LEFT JOIN household h ON h.id = n.household_id
WHERE n.status <> 'ended' AND (CAST(:community_id AS int8) IS NULL OR n.community_id = :community_id)
ORDER BY b.code, u.number, h.room, n.number
