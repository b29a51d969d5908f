SELECT u.id, u.code, u.number AS unit_number, 'unit' AS kind, false AS placeholder, u.version, u.closed_on,
       u.households, u.community_id, b.number, b.name, b.address,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       'building' AS parent_kind, b.id AS parent_id, NULL AS parent_name, false AS parent_placeholder,
       ST_X(m.point) AS lon, ST_Y(m.point) AS lat,
       ST_XMin(m.shape) AS west, ST_YMin(m.shape) AS south, ST_XMax(m.shape) AS east, ST_YMax(m.shape) AS north
FROM unit u
JOIN building b ON b.id = u.building_id
JOIN compound c ON c.id = b.compound_id
CROSS JOIN LATERAL (
    SELECT coalesce(u.geom, ST_PointOnSurface(b.geom)) AS point, coalesce(u.geom, b.geom) AS shape
) m
WHERE u.id = :id
