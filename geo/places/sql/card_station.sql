SELECT s.id, s.code, s.name, 'station' AS kind, false AS placeholder, s.version, s.closed_on, s.community_id,
       s.floor_area_m2, s.status, s.phase, s.opening_hours, s.opened_on,
       CASE WHEN c.id IS NULL THEN 'community' ELSE 'compound' END AS parent_kind, coalesce(c.id, a.id) AS parent_id,
       coalesce(c.name, a.name) AS parent_name, coalesce(c.placeholder, a.placeholder) AS parent_placeholder,
       ST_X(s.geom) AS lon, ST_Y(s.geom) AS lat,
       ST_X(s.geom) AS west, ST_Y(s.geom) AS south, ST_X(s.geom) AS east, ST_Y(s.geom) AS north
FROM station s
JOIN area a ON a.id = s.community_id
LEFT JOIN compound c ON c.id = s.compound_id
WHERE s.id = :id
