SELECT c.code, c.name, CASE WHEN NOT a.placeholder THEN a.code END AS community_code, c.kind, c.built_year, c.households,
    c.address, ST_AsBinary(c.geom) AS geom
FROM compound c JOIN area a ON a.id = c.community_id
WHERE NOT c.placeholder AND c.closed_on IS NULL
AND (CAST(:community_id AS int8) IS NULL OR c.community_id = :community_id)
ORDER BY c.code
