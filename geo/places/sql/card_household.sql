SELECT h.id, h.code, h.room, 'household' AS kind, false AS placeholder, h.version, h.closed_on, h.community_id,
       h.floor, h.area_m2, h.tenure, u.number AS unit_number, b.number, b.name, b.address,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       'unit' AS parent_kind, u.id AS parent_id, NULL AS parent_name, false AS parent_placeholder,
       ST_X(m.point) AS lon, ST_Y(m.point) AS lat,
       ST_XMin(m.shape) AS west, ST_YMin(m.shape) AS south, ST_XMax(m.shape) AS east, ST_YMax(m.shape) AS north
FROM household h
JOIN unit u ON u.id = h.unit_id
JOIN building b ON b.id = u.building_id
JOIN compound c ON c.id = b.compound_id
CROSS JOIN LATERAL (
    SELECT coalesce(u.geom, ST_PointOnSurface(b.geom)) AS point, coalesce(u.geom, b.geom) AS shape
) m
WHERE h.id = :id
