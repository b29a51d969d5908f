SELECT s.code, s.name, CASE WHEN NOT a.placeholder THEN a.code END AS community_code, c.code AS compound_code,
    c.name AS compound_name, c.address, s.status, s.phase, s.floor_area_m2, s.opening_hours, s.opened_on,
    ST_AsBinary(s.geom) AS geom
FROM station s JOIN area a ON a.id = s.community_id LEFT JOIN compound c ON c.id = s.compound_id AND NOT c.placeholder
WHERE s.closed_on IS NULL AND (CAST(:community_id AS int8) IS NULL OR s.community_id = :community_id)
ORDER BY s.code
