SELECT g.code, g.name, g.kind, CASE WHEN NOT a.placeholder THEN a.code END AS community_code, c.code AS compound_code,
    c.name AS compound_name, ST_AsBinary(g.geom) AS geom
FROM gate g JOIN area a ON a.id = g.community_id JOIN compound c ON c.id = g.compound_id AND NOT c.placeholder
WHERE g.closed_on IS NULL AND (CAST(:community_id AS int8) IS NULL OR g.community_id = :community_id)
ORDER BY g.code
