SELECT o.id, coalesce(c.id, -1) AS compound_id, o.community_id
FROM organisation o
LEFT JOIN compound c ON c.id = o.compound_id AND NOT c.placeholder
WHERE o.kind = 'volunteer_team' AND o.closed_on IS NULL
ORDER BY o.id
