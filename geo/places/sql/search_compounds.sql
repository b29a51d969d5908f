SELECT 'compound' AS kind, h.id, h.name, a.name AS context,
       ST_X(ST_PointOnSurface(h.geom)) AS lon, ST_Y(ST_PointOnSurface(h.geom)) AS lat,
       ST_XMin(h.geom) AS west, ST_YMin(h.geom) AS south, ST_XMax(h.geom) AS east, ST_YMax(h.geom) AS north
FROM (
    SELECT c.*
    FROM compound c
    WHERE c.closed_on IS NULL AND NOT c.placeholder
      AND (c.name LIKE :anywhere OR c.code = :text OR c.address LIKE :anywhere
           OR c.pinyin LIKE :full OR c.pinyin LIKE :initials)
    ORDER BY c.name <> :text, length(c.name), c.name, c.id
    LIMIT :most
) h
JOIN area a ON a.id = h.community_id
ORDER BY h.name <> :text, length(h.name), h.name, h.id
