WITH RECURSIVE way (kind, id, steps) AS (
    SELECT CAST(:kind AS text), CAST(:place_id AS bigint), 0
    UNION ALL
    SELECT above.kind, above.id, w.steps + 1
    FROM way w
    CROSS JOIN LATERAL (
        SELECT 'community' AS kind, c.community_id AS id FROM compound c WHERE w.kind = 'compound' AND c.id = w.id
        UNION ALL
        SELECT p.level, p.id FROM area a JOIN area p ON p.id = a.parent_id WHERE w.kind <> 'compound' AND a.id = w.id
    ) above
)
SELECT DISTINCT ON (p.family, c.attribute, c.resolution)
       p.family, p.made_on, p.suppress_below, p.suppress_below_alone, c.attribute, c.resolution, c.groups, c.records,
       c.unknown, w.steps,
       (SELECT jsonb_agg(jsonb_build_array(m.kind, m.place_id, m.name) ORDER BY m.name, m.place_id)
        FROM published_place m WHERE m.count_id = c.id) AS places
FROM way w
JOIN published_place s ON s.kind = w.kind AND s.place_id = w.id
JOIN published_count c ON c.id = s.count_id
JOIN publication p ON p.id = c.publication_id
ORDER BY p.family, c.attribute, c.resolution, w.steps, c.id
