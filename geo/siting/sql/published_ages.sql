WITH behind (count_id, households) AS (
    SELECT o.count_id, sum(b.households)
    FROM published_place o
    JOIN building b ON b.compound_id = o.place_id AND b.closed_on IS NULL
    WHERE o.kind = 'compound'
    GROUP BY o.count_id
    UNION ALL
    SELECT o.count_id, sum(b.households)
    FROM published_place o
    JOIN building b ON b.community_id = o.place_id AND b.closed_on IS NULL
    WHERE o.kind = 'community'
    GROUP BY o.count_id
)
SELECT m.kind, m.place_id, c.id AS count_id, c.groups, p.made_on, coalesce(h.households, 0) AS households
FROM published_count c
JOIN publication p ON p.id = c.publication_id AND p.family = 'residents'
JOIN published_place m ON m.count_id = c.id AND m.kind IN ('compound', 'community')
LEFT JOIN behind h ON h.count_id = c.id
WHERE c.attribute = 'age' AND c.resolution = 1
ORDER BY c.id
