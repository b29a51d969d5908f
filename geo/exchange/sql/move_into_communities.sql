CREATE TEMP TABLE moved (entity text, id int8, before jsonb, compound_id int8, community_id int8) ON COMMIT DROP;

INSERT INTO moved
SELECT DISTINCT ON (c.id) 'compound', c.id, jsonb_build_object('community_id', c.community_id, 'version', c.version), NULL::int8, a.id
FROM compound c
JOIN area w ON w.id = c.community_id AND w.placeholder
JOIN area a ON a.level = 'community' AND NOT a.placeholder AND ST_Intersects(a.geom, c.geom)
WHERE NOT c.placeholder
ORDER BY c.id, ST_Area(ST_Intersection(a.geom, c.geom)) DESC, a.id;

UPDATE compound c SET community_id = m.community_id, version = c.version + 1, changed_at = now()
FROM moved m WHERE m.entity = 'compound' AND m.id = c.id;

INSERT INTO moved
SELECT DISTINCT ON (b.id) 'building', b.id,
    jsonb_build_object('compound_id', b.compound_id, 'community_id', b.community_id, 'version', b.version), NULL::int8, a.id
FROM building b
JOIN compound c ON c.id = b.compound_id AND c.placeholder
JOIN area w ON w.id = b.community_id AND w.placeholder
JOIN area a ON a.level = 'community' AND NOT a.placeholder AND ST_Intersects(a.geom, b.geom)
ORDER BY b.id, ST_Contains(a.geom, ST_PointOnSurface(b.geom)) DESC, a.id;

INSERT INTO compound (code, name, community_id, placeholder)
SELECT DISTINCT 'unassigned-' || a.code, 'unassigned', a.id, true
FROM moved m JOIN area a ON a.id = m.community_id WHERE m.entity = 'building'
ON CONFLICT (code) DO NOTHING;

UPDATE building b SET compound_id = c.id, community_id = c.community_id, version = b.version + 1, changed_at = now()
FROM moved m JOIN area a ON a.id = m.community_id JOIN compound c ON c.code = 'unassigned-' || a.code
WHERE m.entity = 'building' AND m.id = b.id;

INSERT INTO moved
SELECT DISTINCT ON (t.id) 'station', t.id, jsonb_build_object('community_id', t.community_id, 'version', t.version), NULL::int8, a.id
FROM station t
JOIN area w ON w.id = t.community_id AND w.placeholder
JOIN area a ON a.level = 'community' AND NOT a.placeholder AND ST_Intersects(a.geom, t.geom)
WHERE t.compound_id IS NULL ORDER BY t.id, a.id;

INSERT INTO moved
SELECT DISTINCT ON (t.id) 'candidate_site', t.id, jsonb_build_object('community_id', t.community_id, 'version', t.version), NULL::int8, a.id
FROM candidate_site t
JOIN area w ON w.id = t.community_id AND w.placeholder
JOIN area a ON a.level = 'community' AND NOT a.placeholder AND ST_Intersects(a.geom, t.geom)
WHERE t.compound_id IS NULL ORDER BY t.id, a.id;

UPDATE station t SET community_id = m.community_id, version = t.version + 1, changed_at = now()
FROM moved m WHERE m.entity = 'station' AND m.id = t.id;
UPDATE candidate_site t SET community_id = m.community_id, version = t.version + 1, changed_at = now()
FROM moved m WHERE m.entity = 'candidate_site' AND m.id = t.id;
