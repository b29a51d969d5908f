SELECT a.level AS kind, a.id, a.name AS own_name, a.households, a.placeholder
FROM area a
WHERE a.parent_id = :id AND a.closed_on IS NULL
UNION ALL
SELECT 'compound', c.id, c.name, c.households, c.placeholder
FROM compound c
WHERE c.community_id = :id AND c.closed_on IS NULL
ORDER BY placeholder, kind, own_name, id
LIMIT :most
