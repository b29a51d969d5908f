SELECT a.level, a.code, a.name, CASE WHEN p.code NOT IN ('city', 'unassigned') THEN p.code END AS parent_code,
    CASE WHEN NOT c.placeholder THEN c.code END AS community_code, a.households, ST_AsBinary(a.geom) AS geom
FROM area a LEFT JOIN area p ON p.id = a.parent_id LEFT JOIN area c ON c.id = a.community_id
WHERE NOT a.placeholder AND a.closed_on IS NULL
AND (CAST(:community_id AS int8) IS NULL OR :community_id IN (a.id, a.community_id))
ORDER BY array_position(ARRAY['city', 'district', 'street_office', 'community', 'grid'], a.level), a.code
