SELECT c.id, c.code, c.name, 'compound' AS kind, c.placeholder, c.version, c.closed_on, c.households, c.community_id,
       c.kind AS sort, c.built_year, c.address,
       'community' AS parent_kind, a.id AS parent_id, a.name AS parent_name, a.placeholder AS parent_placeholder,
       ST_X(ST_PointOnSurface(c.geom)) AS lon, ST_Y(ST_PointOnSurface(c.geom)) AS lat,
       ST_XMin(c.geom) AS west, ST_YMin(c.geom) AS south, ST_XMax(c.geom) AS east, ST_YMax(c.geom) AS north
FROM compound c
JOIN area a ON a.id = c.community_id
WHERE c.id = :id
