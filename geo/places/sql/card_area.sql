SELECT a.id, a.code, a.name, a.level AS kind, a.placeholder, a.version, a.closed_on, a.households, a.community_id,
       p.level AS parent_kind, p.id AS parent_id, p.name AS parent_name, p.placeholder AS parent_placeholder,
       ST_X(ST_PointOnSurface(a.geom)) AS lon, ST_Y(ST_PointOnSurface(a.geom)) AS lat,
       ST_XMin(a.geom) AS west, ST_YMin(a.geom) AS south, ST_XMax(a.geom) AS east, ST_YMax(a.geom) AS north
FROM area a
LEFT JOIN area p ON p.id = a.parent_id
WHERE a.id = :id AND a.level = :kind
