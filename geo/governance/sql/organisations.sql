SELECT o.id, o.code, o.kind, o.name, o.community_id, a.name AS community, o.compound_id, c.name AS compound
FROM organisation o
JOIN area a ON a.id = o.community_id
LEFT JOIN compound c ON c.id = o.compound_id AND NOT c.placeholder
WHERE o.closed_on IS NULL
ORDER BY a.name, c.name NULLS FIRST, o.name, o.id
