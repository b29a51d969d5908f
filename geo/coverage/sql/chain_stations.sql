SELECT s.id, coalesce(c.id, -1) AS compound_id, s.community_id
FROM station s
LEFT JOIN compound c ON c.id = s.compound_id AND NOT c.placeholder
WHERE s.status = 'open' AND s.closed_on IS NULL
ORDER BY s.id
