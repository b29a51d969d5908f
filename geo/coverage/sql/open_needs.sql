SELECT n.building_id, coalesce(n.unit_id, -1) AS unit_id, coalesce(n.hours_week, -1)::float8 AS hours_week
FROM care_need n
WHERE n.status = 'open' AND (%(skill)s::text IS NULL OR %(skill)s = ANY (n.skills))
  AND NOT EXISTS (
      SELECT FROM care_circle c WHERE c.care_need_id = n.id AND c.status IN ('trial', 'active')
  )
ORDER BY n.id
