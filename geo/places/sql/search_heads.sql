WITH heads AS (
    SELECT n.id, n.name
    FROM person n
    WHERE n.closed_on IS NULL
      AND (n.name LIKE :start OR n.pinyin LIKE :full OR n.pinyin LIKE :initials)
      AND EXISTS (
          SELECT FROM holding h
          WHERE h.person_id = n.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on))
    LIMIT :most
)
SELECT CASE WHEN u.id IS NULL THEN 'building' ELSE 'unit' END AS kind, coalesce(u.id, b.id) AS id,
       coalesce(b.number, o.number) AS number, coalesce(b.name, o.name) AS name,
       coalesce(b.address, o.address) AS address, coalesce(b.code, o.code) AS code, u.number AS unit_number,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound, n.name AS context,
       ST_X(m.point) AS lon, ST_Y(m.point) AS lat,
       ST_XMin(m.shape) AS west, ST_YMin(m.shape) AS south, ST_XMax(m.shape) AS east, ST_YMax(m.shape) AS north
FROM heads n
JOIN holding h ON h.person_id = n.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
JOIN post p ON p.id = h.post_id AND p.kind IN ('building_head', 'unit_head') AND p.closed_on IS NULL
LEFT JOIN building b ON b.id = p.building_id
LEFT JOIN unit u ON u.id = p.unit_id
LEFT JOIN building o ON o.id = u.building_id
LEFT JOIN compound c ON c.id = coalesce(b.compound_id, o.compound_id)
CROSS JOIN LATERAL (SELECT coalesce(b.geom, o.geom) AS shape) s
CROSS JOIN LATERAL (SELECT coalesce(u.geom, ST_PointOnSurface(s.shape)) AS point, s.shape) m
ORDER BY n.name <> :text, n.name, n.id, p.kind, coalesce(u.id, b.id)
LIMIT :most
