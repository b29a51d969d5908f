CREATE TEMP TABLE moved (entity text, id int8, before jsonb, compound_id int8, community_id int8) ON COMMIT DROP;

CREATE TEMP TABLE fresh ON COMMIT DROP AS
SELECT c.* FROM compound c JOIN incoming s ON s.code = c.code
WHERE c.geom IS NOT NULL AND NOT c.placeholder AND c.closed_on IS NULL;
CREATE INDEX ON fresh USING gist (geom);
ANALYZE fresh;

CREATE TEMP TABLE fitting ON COMMIT DROP AS
SELECT b.id, min(c.id) AS compound_id, count(*) AS found
FROM building b JOIN compound w ON w.id = b.compound_id AND w.placeholder
JOIN fresh c ON ST_Contains(c.geom, ST_PointOnSurface(b.geom))
GROUP BY b.id;

INSERT INTO fitting
SELECT DISTINCT ON (b.id) b.id, c.id, 1
FROM building b JOIN compound w ON w.id = b.compound_id AND w.placeholder
JOIN fresh c ON ST_Intersects(c.geom, b.geom)
WHERE NOT EXISTS (SELECT FROM fitting f WHERE f.id = b.id AND f.found = 1)
ORDER BY b.id, ST_Area(ST_Intersection(c.geom, b.geom)) DESC, c.id;

INSERT INTO moved
SELECT 'building', b.id, jsonb_build_object('compound_id', b.compound_id, 'community_id', b.community_id, 'version', b.version),
    c.id, c.community_id
FROM fitting f JOIN building b ON b.id = f.id JOIN compound c ON c.id = f.compound_id WHERE f.found = 1;

UPDATE building b SET compound_id = m.compound_id, community_id = m.community_id, version = b.version + 1, changed_at = now()
FROM moved m WHERE m.entity = 'building' AND m.id = b.id;

INSERT INTO moved
SELECT DISTINCT ON (t.id) 'station', t.id,
    jsonb_build_object('compound_id', t.compound_id, 'community_id', t.community_id, 'version', t.version), c.id, c.community_id
FROM station t JOIN area w ON w.id = t.community_id
JOIN fresh c ON ST_Intersects(c.geom, t.geom) AND (w.placeholder OR c.community_id = t.community_id)
WHERE t.compound_id IS NULL ORDER BY t.id, ST_Area(c.geom), c.id;

INSERT INTO moved
SELECT DISTINCT ON (t.id) 'candidate_site', t.id,
    jsonb_build_object('compound_id', t.compound_id, 'community_id', t.community_id, 'version', t.version), c.id, c.community_id
FROM candidate_site t JOIN area w ON w.id = t.community_id
JOIN fresh c ON ST_Intersects(c.geom, t.geom) AND (w.placeholder OR c.community_id = t.community_id)
WHERE t.compound_id IS NULL ORDER BY t.id, ST_Area(c.geom), c.id;

UPDATE station t SET compound_id = m.compound_id, community_id = m.community_id, version = t.version + 1, changed_at = now()
FROM moved m WHERE m.entity = 'station' AND m.id = t.id;
UPDATE candidate_site t SET compound_id = m.compound_id, community_id = m.community_id, version = t.version + 1, changed_at = now()
FROM moved m WHERE m.entity = 'candidate_site' AND m.id = t.id;

DROP TABLE fresh;
DROP TABLE fitting;
