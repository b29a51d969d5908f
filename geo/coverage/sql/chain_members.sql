SELECT v.team_id, v.person_id
FROM volunteer v
WHERE v.team_id IS NOT NULL AND v.status = 'active' AND v.closed_on IS NULL
ORDER BY v.team_id, v.person_id
