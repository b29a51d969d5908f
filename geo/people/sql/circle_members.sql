SELECT m.circle_id, m.volunteer_id, p.name, m.role, m.tasks, m.weekdays, m.hours_week, m.distance_m, m.from_on, m.to_on,
       m.reason, v.status AS volunteer_status
FROM circle_member m
JOIN volunteer v ON v.id = m.volunteer_id
LEFT JOIN person p ON p.id = v.person_id
WHERE m.circle_id = ANY (:circle_ids) AND (:past OR m.to_on IS NULL)
ORDER BY m.circle_id, m.to_on NULLS FIRST, CASE m.role WHEN 'primary' THEN 1 WHEN 'turn' THEN 2 ELSE 3 END, p.name, m.id
