WITH share AS (
    SELECT 'building' AS kind, b.id, b.compound_id AS parent_id,
           CASE WHEN ST_Covers(c.geom, b.geom) THEN 1
                ELSE ST_Area(ST_Intersection(b.geom, c.geom)) / nullif(ST_Area(b.geom), 0) END AS share
    FROM building b
    JOIN compound c ON c.id = b.compound_id AND c.geom IS NOT NULL AND NOT c.placeholder
    WHERE b.closed_on IS NULL AND (CAST(:community_id AS bigint) IS NULL OR b.community_id = :community_id)
    UNION ALL
    SELECT 'compound', c.id, c.community_id,
           CASE WHEN ST_Covers(a.geom, c.geom) THEN 1
                ELSE ST_Area(ST_Intersection(c.geom, a.geom)) / nullif(ST_Area(c.geom), 0) END
    FROM compound c
    JOIN area a ON a.id = c.community_id AND a.geom IS NOT NULL AND NOT a.placeholder
    WHERE c.closed_on IS NULL AND c.geom IS NOT NULL AND NOT c.placeholder
      AND (CAST(:community_id AS bigint) IS NULL OR c.community_id = :community_id)
    UNION ALL
    SELECT a.level, a.id, a.parent_id,
           CASE WHEN ST_Covers(p.geom, a.geom) THEN 1
                ELSE ST_Area(ST_Intersection(a.geom, p.geom)) / nullif(ST_Area(a.geom), 0) END
    FROM area a
    JOIN area p ON p.id = a.parent_id AND p.geom IS NOT NULL
    WHERE a.closed_on IS NULL AND a.geom IS NOT NULL AND NOT a.placeholder
      AND (CAST(:community_id AS bigint) IS NULL OR a.id = :community_id OR a.community_id = :community_id)
), worst AS (
    SELECT s.* FROM share s WHERE s.share < :inside_share ORDER BY s.share, s.kind, s.id LIMIT :most
)
SELECT w.kind, w.id, w.share, w.parent_id, coalesce(pc.name, pa.name) AS parent_name,
       CASE w.kind WHEN 'building' THEN 'compound' WHEN 'compound' THEN 'community' ELSE pa.level END AS parent_kind,
       coalesce(c.name, a.name) AS own_name, b.number, b.name, b.address, b.code, pc.name AS compound,
       ST_X(ST_PointOnSurface(g.geom)) AS lon, ST_Y(ST_PointOnSurface(g.geom)) AS lat
FROM worst w
LEFT JOIN building b ON w.kind = 'building' AND b.id = w.id
LEFT JOIN compound c ON w.kind = 'compound' AND c.id = w.id
LEFT JOIN area a ON w.kind NOT IN ('building', 'compound') AND a.id = w.id
LEFT JOIN compound pc ON w.kind = 'building' AND pc.id = w.parent_id
LEFT JOIN area pa ON w.kind <> 'building' AND pa.id = w.parent_id
CROSS JOIN LATERAL (SELECT coalesce(b.geom, c.geom, a.geom) AS geom) g
ORDER BY w.share, w.kind, w.id
