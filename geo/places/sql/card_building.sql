SELECT b.id, b.code, b.number, b.name, b.address, 'building' AS kind, false AS placeholder, b.version, b.closed_on,
       b.households, b.community_id, b.floors, b.height_m, b.elevator, b.built_year,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       'compound' AS parent_kind, c.id AS parent_id, c.name AS parent_name, c.placeholder AS parent_placeholder,
       ST_X(ST_PointOnSurface(b.geom)) AS lon, ST_Y(ST_PointOnSurface(b.geom)) AS lat,
       ST_XMin(b.geom) AS west, ST_YMin(b.geom) AS south, ST_XMax(b.geom) AS east, ST_YMax(b.geom) AS north
FROM building b
JOIN compound c ON c.id = b.compound_id
WHERE b.id = :id
