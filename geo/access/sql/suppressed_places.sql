CREATE FUNCTION suppressed_places(wanted text) RETURNS TABLE (
    number int, parent int, kind text, id bigint, name text, community_id bigint, buildings bigint, counted bigint,
    uncounted bigint
) LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
-- The place tree of a family of counts, parents first, siblings by code. Compounds without any building on record for the
-- family are left out; their uncounted buildings stand at the nearest place that is in.
WITH RECURSIVE stock AS (
    SELECT c.id, c.code, c.community_id, CASE WHEN NOT c.placeholder THEN c.name END AS name, count(*) AS buildings,
           count(*) FILTER (WHERE num_nonnulls(r.age_0_17, r.age_18_39, r.age_40_59, r.age_60_69, r.age_70_89,
                                               r.age_90_up) > 0) AS counted
    FROM compound c
    JOIN building b ON b.compound_id = c.id AND b.closed_on IS NULL
    LEFT JOIN residents r ON r.building_id = b.id
    GROUP BY c.id
), kept AS (
    SELECT * FROM stock WHERE wanted <> 'residents' OR counted > 0
), up AS (
    SELECT k.community_id AS id FROM kept k
    UNION
    SELECT a.parent_id FROM up JOIN area a ON a.id = up.id WHERE a.parent_id IS NOT NULL
), down AS (
    SELECT min(a.id) AS id, 0 AS depth, NULL::bigint AS parent FROM area a JOIN up ON up.id = a.id WHERE a.level = 'city'
    UNION ALL
    SELECT a.id, d.depth + 1, d.id
    FROM down d JOIN area a ON a.parent_id = d.id AND a.level <> 'grid' JOIN up ON up.id = a.id
), listed AS (
    SELECT d.depth, d.parent, a.level AS kind, a.id, a.code, CASE WHEN NOT a.placeholder THEN a.name END AS name,
           CASE WHEN a.level = 'community' THEN a.id END AS community_id, 0 AS buildings, 0 AS counted
    FROM down d JOIN area a ON a.id = d.id
    UNION ALL
    SELECT d.depth + 1, d.id, 'compound', k.id, k.code, k.name, k.community_id, k.buildings, k.counted
    FROM kept k JOIN down d ON d.id = k.community_id
), numbered AS (
    SELECT l.*, row_number() OVER (ORDER BY l.depth, l.code, l.kind, l.id)::int AS number FROM listed l
), left_out AS (
    SELECT coalesce(d.id, d1.id, d2.id, d3.id) AS id, sum(s.buildings) AS uncounted
    FROM stock s
    LEFT JOIN down d ON d.id = s.community_id
    LEFT JOIN area a ON a.id = s.community_id LEFT JOIN down d1 ON d1.id = a.parent_id
    LEFT JOIN area a1 ON a1.id = a.parent_id LEFT JOIN down d2 ON d2.id = a1.parent_id
    LEFT JOIN area a2 ON a2.id = a1.parent_id LEFT JOIN down d3 ON d3.id = a2.parent_id
    WHERE s.id NOT IN (SELECT k.id FROM kept k)
    GROUP BY 1
)
SELECT n.number, coalesce(p.number, 0), n.kind, n.id, n.name, n.community_id, n.buildings, n.counted,
       n.buildings - n.counted + coalesce(o.uncounted, 0)::bigint
FROM numbered n
LEFT JOIN numbered p ON p.id = n.parent AND p.kind <> 'compound'
LEFT JOIN left_out o ON o.id = n.id AND n.kind <> 'compound'
ORDER BY n.number $$
