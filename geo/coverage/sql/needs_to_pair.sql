SELECT n.id AS need_id, n.number, n.tasks, n.skills, n.hours_week, ST_X(p.point) AS lon, ST_Y(p.point) AS lat
FROM care_need n
JOIN building b ON b.id = n.building_id
LEFT JOIN unit u ON u.id = n.unit_id
CROSS JOIN LATERAL (SELECT coalesce(u.geom, ST_PointOnSurface(b.geom)) AS point) p
WHERE n.id = ANY (:ids) AND n.status = 'open'
ORDER BY n.id
