SELECT h.kind, h.id, h.name, p.name AS context,
       ST_X(ST_PointOnSurface(h.geom)) AS lon, ST_Y(ST_PointOnSurface(h.geom)) AS lat,
       ST_XMin(h.geom) AS west, ST_YMin(h.geom) AS south, ST_XMax(h.geom) AS east, ST_YMax(h.geom) AS north
FROM (
    SELECT a.level AS kind, a.id, a.name, a.parent_id, a.geom
    FROM area a
    WHERE a.closed_on IS NULL AND NOT a.placeholder
      AND (a.name LIKE :anywhere OR a.code = :text OR a.pinyin LIKE :full OR a.pinyin LIKE :initials)
    ORDER BY a.name <> :text, a.code <> :text, length(a.name), a.name, a.id
    LIMIT :most
) h
LEFT JOIN area p ON p.id = h.parent_id
ORDER BY h.name <> :text, length(h.name), h.name, h.id
