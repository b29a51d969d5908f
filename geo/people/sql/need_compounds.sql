SELECT n.community_id, a.name AS community, c.id AS compound_id, CASE WHEN c.placeholder THEN NULL ELSE c.name END,
       count(*) FILTER (WHERE n.status = 'open') AS open
FROM care_need n
JOIN building b ON b.id = n.building_id
JOIN compound c ON c.id = b.compound_id
JOIN area a ON a.id = n.community_id
GROUP BY n.community_id, a.name, c.id, c.name, c.placeholder
ORDER BY a.name, c.name, c.id
