SELECT s.id, s.circle_id, s.community_id, s.volunteer_id, p.name AS volunteer, s.on_day, s.from_minute, s.to_minute,
       s.task, s.status, s.replaces_id, s.reason, s.version, n.id AS need_id, n.number AS need_number,
       n.helped_person_id, b.number, b.name, b.address, b.code, u.number AS unit_number, h.room,
       CASE WHEN k.placeholder THEN NULL ELSE k.name END AS compound,
       (SELECT q.name FROM shift r JOIN volunteer w ON w.id = r.volunteer_id JOIN person q ON q.id = w.person_id
        WHERE r.replaces_id = s.id AND r.status <> 'cancelled') AS stand_in
FROM shift s
JOIN care_circle c ON c.id = s.circle_id
JOIN care_need n ON n.id = c.care_need_id
JOIN building b ON b.id = n.building_id
JOIN compound k ON k.id = b.compound_id
LEFT JOIN unit u ON u.id = n.unit_id
LEFT JOIN household h ON h.id = n.household_id
LEFT JOIN volunteer v ON v.id = s.volunteer_id
LEFT JOIN person p ON p.id = v.person_id
WHERE (CAST(:shift_id AS bigint) IS NULL OR s.id = :shift_id)
  AND (CAST(:community_id AS bigint) IS NULL OR s.community_id = :community_id)
  AND (CAST(:circle_id AS bigint) IS NULL OR s.circle_id = :circle_id)
  AND (CAST(:volunteer_id AS bigint) IS NULL OR s.volunteer_id = :volunteer_id)
  AND (CAST(:from_day AS date) IS NULL OR s.on_day BETWEEN :from_day AND :to_day)
ORDER BY s.on_day, s.from_minute, s.id
LIMIT :most
