INSERT INTO placed (row, compound_id, community_id, how)
SELECT s.row, c.id, c.community_id, 'code'
FROM incoming s JOIN compound c ON c.code = s.compound_code;

INSERT INTO placed (row, compound_id, community_id, how)
SELECT k.row, b.compound_id, b.community_id, 'kept'
FROM known k JOIN building b ON b.id = k.id JOIN compound c ON c.id = b.compound_id
WHERE NOT c.placeholder
ON CONFLICT DO NOTHING;

INSERT INTO placed (row, compound_id, community_id, how)
SELECT s.row, min(c.id), min(c.community_id), 'name'
FROM incoming s
JOIN compound c ON c.name = s.compound_name AND NOT c.placeholder AND c.closed_on IS NULL
JOIN area a ON a.id = c.community_id AND (s.community_code IS NULL OR a.code = s.community_code)
GROUP BY s.row HAVING count(*) = 1
ON CONFLICT DO NOTHING;

-- Inside exactly one compound: the quick and by far most frequent case, decided without cutting polygons.
INSERT INTO placed (row, compound_id, community_id, how)
SELECT s.row, min(c.id), min(c.community_id), 'geometry'
FROM incoming s JOIN compound c ON NOT c.placeholder AND c.closed_on IS NULL AND ST_Contains(c.geom, ST_PointOnSurface(s.geom))
WHERE NOT EXISTS (SELECT FROM placed p WHERE p.row = s.row)
AND EXISTS (SELECT FROM compound WHERE geom IS NOT NULL)
GROUP BY s.row HAVING count(*) = 1
ON CONFLICT DO NOTHING;

INSERT INTO placed (row, compound_id, community_id, how)
SELECT DISTINCT ON (s.row) s.row, c.id, c.community_id, 'geometry'
FROM incoming s JOIN compound c ON NOT c.placeholder AND c.closed_on IS NULL AND ST_Intersects(c.geom, s.geom)
WHERE NOT EXISTS (SELECT FROM placed p WHERE p.row = s.row)
AND EXISTS (SELECT FROM compound WHERE geom IS NOT NULL)
ORDER BY s.row, ST_Area(ST_Intersection(c.geom, s.geom)) DESC, c.id
ON CONFLICT DO NOTHING;

CREATE TEMP TABLE in_community ON COMMIT DROP AS
SELECT s.row, a.id AS community_id
FROM incoming s JOIN area a ON a.level = 'community' AND a.code = s.community_code
WHERE NOT EXISTS (SELECT FROM placed p WHERE p.row = s.row);

INSERT INTO in_community
SELECT DISTINCT ON (s.row) s.row, a.id
FROM incoming s JOIN area a ON a.level = 'community' AND NOT a.placeholder AND ST_Intersects(a.geom, s.geom)
WHERE NOT EXISTS (SELECT FROM placed p WHERE p.row = s.row)
AND NOT EXISTS (SELECT FROM in_community i WHERE i.row = s.row)
AND EXISTS (SELECT FROM area WHERE level = 'community' AND geom IS NOT NULL)
ORDER BY s.row, ST_Intersects(a.geom, ST_PointOnSurface(s.geom)) DESC, a.id;

INSERT INTO compound (code, name, community_id, placeholder)
SELECT DISTINCT 'unassigned-' || a.code, 'unassigned', a.id, true
FROM in_community i JOIN area a ON a.id = i.community_id
ON CONFLICT (code) DO NOTHING;

INSERT INTO placed (row, compound_id, community_id, how)
SELECT i.row, c.id, c.community_id, 'community'
FROM in_community i JOIN area a ON a.id = i.community_id JOIN compound c ON c.code = 'unassigned-' || a.code;

DROP TABLE in_community;
