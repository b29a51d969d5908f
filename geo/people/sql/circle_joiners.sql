SELECT v.id AS volunteer_id, p.name, v.skills, v.hours_week, coalesce(d.hours, 0) AS bound, o.name AS team,
       v.limit_m, ST_DistanceSphere(coalesce(vu.geom, ST_Centroid(vb.geom)), w.point) * :factor AS metres
FROM care_circle c
JOIN care_need n ON n.id = c.care_need_id
JOIN building b ON b.id = n.building_id
LEFT JOIN unit u ON u.id = n.unit_id
CROSS JOIN LATERAL (SELECT coalesce(u.geom, ST_Centroid(b.geom)) AS point) w
JOIN volunteer v ON v.community_id = c.community_id AND v.status = 'active'
LEFT JOIN person p ON p.id = v.person_id
LEFT JOIN organisation o ON o.id = v.team_id
LEFT JOIN building vb ON vb.id = v.building_id
LEFT JOIN unit vu ON vu.id = v.unit_id
LEFT JOIN (
    SELECT m.volunteer_id, sum(m.hours_week) AS hours
    FROM circle_member m JOIN care_circle k ON k.id = m.circle_id AND k.status <> 'ended'
    WHERE m.to_on IS NULL GROUP BY m.volunteer_id) d ON d.volunteer_id = v.id
WHERE c.id = :circle_id AND NOT EXISTS (
    SELECT FROM circle_member m WHERE m.circle_id = c.id AND m.volunteer_id = v.id AND m.to_on IS NULL)
ORDER BY metres NULLS LAST, v.id
LIMIT :most
