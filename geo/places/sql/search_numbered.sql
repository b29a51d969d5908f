SELECT 'building' AS kind, b.id, b.number, b.name, b.address, b.code, c.name AS compound, a.name AS context,
       ST_X(ST_PointOnSurface(b.geom)) AS lon, ST_Y(ST_PointOnSurface(b.geom)) AS lat,
       ST_XMin(b.geom) AS west, ST_YMin(b.geom) AS south, ST_XMax(b.geom) AS east, ST_YMax(b.geom) AS north
FROM (
    SELECT c.id, c.name, c.community_id
    FROM compound c
    WHERE c.closed_on IS NULL AND NOT c.placeholder
      AND (c.name LIKE :named OR c.pinyin LIKE :named_full OR c.pinyin LIKE :named_initials)
    ORDER BY length(c.name), c.name, c.id
    LIMIT 200
) c
JOIN building b ON b.compound_id = c.id AND b.closed_on IS NULL AND b.number = ANY (:numbers)
JOIN area a ON a.id = c.community_id
ORDER BY length(c.name), c.name, b.id
LIMIT :most
