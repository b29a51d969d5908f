SELECT v.team_id, v.person_id, coalesce(b.compound_id, -1) AS compound_id
FROM volunteer v
LEFT JOIN building b ON b.id = v.building_id AND b.closed_on IS NULL
WHERE v.team_id IS NOT NULL AND v.status = 'active' AND v.closed_on IS NULL
ORDER BY v.team_id, v.person_id
