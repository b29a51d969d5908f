SELECT c.id, c.care_need_id AS need_id, n.number AS need_number, c.community_id, a.name AS community, c.status,
       c.started_on, c.ended_on, c.reason, c.team_id, o.name AS team, c.study_id, c.version, n.status AS need_status,
       n.tasks, n.skills, n.hours_week, n.building_id, n.helped_person_id, b.number, b.name, b.address, b.code,
       u.number AS unit_number, h.room, CASE WHEN k.placeholder THEN NULL ELSE k.name END AS compound
FROM care_circle c
JOIN care_need n ON n.id = c.care_need_id
JOIN building b ON b.id = n.building_id
JOIN compound k ON k.id = b.compound_id
JOIN area a ON a.id = c.community_id
LEFT JOIN unit u ON u.id = n.unit_id
LEFT JOIN household h ON h.id = n.household_id
LEFT JOIN organisation o ON o.id = c.team_id
WHERE (CAST(:circle_id AS bigint) IS NULL OR c.id = :circle_id)
  AND (CAST(:need_id AS bigint) IS NULL OR c.care_need_id = :need_id)
  AND (CAST(:community_id AS bigint) IS NULL OR c.community_id = :community_id)
  AND (CAST(:volunteer_id AS bigint) IS NULL OR EXISTS (
      SELECT FROM circle_member m WHERE m.circle_id = c.id AND m.volunteer_id = :volunteer_id AND m.to_on IS NULL))
  AND c.status = ANY (:statuses)
ORDER BY a.name, k.name, length(b.number), b.number, length(u.number), u.number, h.room, n.number, c.id
LIMIT :most
