SELECT v.id AS volunteer_id, p.name, v.hours_week, v.status = 'active' AS active,
       coalesce(s.planned, 0) AS planned_minutes, coalesce(s.done, 0) AS done_minutes,
       coalesce(s.missed, 0) AS missed
FROM volunteer v
LEFT JOIN person p ON p.id = v.person_id
LEFT JOIN (
    SELECT s.volunteer_id,
           sum(s.to_minute - s.from_minute) FILTER (WHERE s.status IN ('offered', 'accepted', 'done')) AS planned,
           sum(s.to_minute - s.from_minute) FILTER (WHERE s.status = 'done') AS done,
           count(*) FILTER (WHERE s.status IN ('missed', 'replaced')) AS missed
    FROM shift s WHERE s.on_day BETWEEN :from_day AND :to_day GROUP BY s.volunteer_id) s ON s.volunteer_id = v.id
WHERE (CAST(:community_id AS bigint) IS NULL OR v.community_id = :community_id)
  AND (CAST(:volunteer_ids AS bigint[]) IS NULL OR v.id = ANY (:volunteer_ids))
  AND (s.volunteer_id IS NOT NULL OR CAST(:volunteer_ids AS bigint[]) IS NOT NULL OR EXISTS (
      SELECT FROM circle_member m JOIN care_circle c ON c.id = m.circle_id AND c.status IN ('trial', 'active')
      WHERE m.volunteer_id = v.id AND m.to_on IS NULL))
ORDER BY p.name, v.id
