INSERT INTO placed (row, community_id, how)
SELECT s.row, a.id, 'code'
FROM incoming s JOIN area a ON a.level = 'community' AND a.code = s.community_code;

INSERT INTO placed (row, community_id, how)
SELECT k.row, c.community_id, 'kept'
FROM known k JOIN compound c ON c.id = k.id JOIN area a ON a.id = c.community_id
WHERE NOT a.placeholder
ON CONFLICT DO NOTHING;

INSERT INTO placed (row, community_id, how)
SELECT DISTINCT ON (s.row) s.row, a.id, 'geometry'
FROM incoming s JOIN area a ON a.level = 'community' AND NOT a.placeholder AND ST_Intersects(a.geom, s.geom)
WHERE NOT EXISTS (SELECT FROM placed p WHERE p.row = s.row)
ORDER BY s.row, ST_Intersects(a.geom, ST_PointOnSurface(s.geom)) DESC, ST_Area(ST_Intersection(a.geom, s.geom)) DESC, a.id
ON CONFLICT DO NOTHING;
