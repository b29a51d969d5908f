WITH bound AS (
    SELECT m.volunteer_id, sum(m.hours_week) AS hours
    FROM circle_member m
    JOIN care_circle c ON c.id = m.circle_id AND c.status <> 'ended'
    WHERE (m.to_on IS NULL OR m.to_on > :on)
      AND (CAST(:community_id AS bigint) IS NULL OR m.community_id = :community_id)
    GROUP BY 1
), here AS (
    SELECT v.id, v.status, v.hours_week, v.building_id, v.checked_in_on, d.hours AS bound
    FROM volunteer v
    LEFT JOIN bound d ON d.volunteer_id = v.id
    WHERE CAST(:community_id AS bigint) IS NULL OR v.community_id = :community_id
), timed AS (
    SELECT DISTINCT w.volunteer_id AS id FROM availability w
    WHERE CAST(:community_id AS bigint) IS NULL OR w.community_id = :community_id
)
SELECT count(*) AS records,
       count(*) FILTER (WHERE h.status = 'active') AS active,
       coalesce(sum(h.hours_week) FILTER (WHERE h.status = 'active'), 0) AS hours_offered,
       coalesce(sum(h.bound) FILTER (WHERE h.status = 'active'), 0) AS hours_bound,
       count(*) FILTER (WHERE h.status = 'active' AND h.building_id IS NULL) AS without_place,
       count(*) FILTER (WHERE h.status = 'active' AND t.id IS NULL) AS without_times,
       count(*) FILTER (WHERE h.status = 'active' AND h.bound > h.hours_week) AS over_hours,
       count(*) FILTER (WHERE h.status = 'active' AND h.checked_in_on IS NOT NULL) AS checked_in
FROM here h
LEFT JOIN timed t ON t.id = h.id
