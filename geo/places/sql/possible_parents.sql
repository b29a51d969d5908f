SELECT f.id, f.number, f.name, f.address, f.code, f.compound, f.own_name
FROM (
    SELECT a.id, NULL AS number, NULL AS name, NULL AS address, a.code, NULL AS compound, a.name AS own_name
    FROM area a
    WHERE a.closed_on IS NULL AND NOT a.placeholder
      AND CASE CAST(:kind AS text) WHEN 'community' THEN a.level IN ('city', 'district', 'street_office')
               WHEN 'compound' THEN a.level = 'community' WHEN 'grid' THEN a.level = 'community' ELSE false END
    UNION ALL
    SELECT c.id, NULL, NULL, NULL, c.code, NULL, c.name
    FROM compound c
    WHERE c.closed_on IS NULL AND NOT c.placeholder AND :kind IN ('building', 'gate', 'station', 'candidate_site')
      AND c.geom && ST_Expand(ST_GeomFromText(:shape, 4326), 0.01)
    UNION ALL
    SELECT b.id, b.number, b.name, b.address, b.code, c.name, NULL
    FROM building b
    JOIN compound c ON c.id = b.compound_id
    WHERE b.closed_on IS NULL AND :kind = 'unit' AND b.geom && ST_Expand(ST_GeomFromText(:shape, 4326), 0.002)
) f
ORDER BY f.own_name, length(f.number), f.number, f.id
LIMIT :most
