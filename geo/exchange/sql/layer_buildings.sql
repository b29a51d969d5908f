SELECT b.code, b.number, b.name, b.address, CASE WHEN NOT c.placeholder THEN c.code END AS compound_code,
    CASE WHEN NOT c.placeholder THEN c.name END AS compound_name, CASE WHEN NOT a.placeholder THEN a.code END AS community_code,
    b.floors, b.height_m, b.elevator, b.built_year, b.households, ST_AsBinary(b.geom) AS geom
FROM building b JOIN compound c ON c.id = b.compound_id JOIN area a ON a.id = b.community_id
WHERE b.closed_on IS NULL AND (CAST(:community_id AS int8) IS NULL OR b.community_id = :community_id)
ORDER BY b.code
