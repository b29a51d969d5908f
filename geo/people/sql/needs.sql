SELECT n.id, n.number AS need_number, n.community_id, a.name AS community, n.building_id, n.unit_id, n.household_id,
       n.helped_person_id, n.tasks, n.skills, n.hours_week, n.cadence_days, n.status, n.opened_on, n.ended_on, n.version,
       b.number, b.name, b.address, b.code, u.number AS unit_number, h.room,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound, ST_X(m.point) AS lon, ST_Y(m.point) AS lat
FROM care_need n
JOIN building b ON b.id = n.building_id
JOIN compound c ON c.id = b.compound_id
JOIN area a ON a.id = n.community_id
LEFT JOIN unit u ON u.id = n.unit_id
LEFT JOIN household h ON h.id = n.household_id
CROSS JOIN LATERAL (SELECT coalesce(u.geom, ST_PointOnSurface(b.geom)) AS point) m
WHERE (CAST(:need_id AS bigint) IS NULL OR n.id = :need_id)
  AND (CAST(:number AS text) IS NULL OR n.number = :number)
  AND (CAST(:community_id AS bigint) IS NULL OR n.community_id = :community_id)
  AND (CAST(:compound_id AS bigint) IS NULL OR b.compound_id = :compound_id)
  AND (CAST(:building_id AS bigint) IS NULL OR n.building_id = :building_id)
  AND (CAST(:helped_person_id AS bigint) IS NULL OR n.helped_person_id = :helped_person_id)
  AND (CAST(:status AS text) IS NULL OR n.status = :status)
  AND (CAST(:task AS text) IS NULL OR :task = ANY (n.tasks))
ORDER BY a.name, c.name, length(b.number), b.number, length(u.number), u.number, h.room, n.opened_on, n.number
LIMIT :most
