UPDATE post p
SET community_id = w.community_id
FROM (
    SELECT p.id, b.community_id
    FROM building b
    JOIN post p ON p.building_id = b.id
    WHERE (CAST(:kind AS text) = 'building' AND b.id = :id) OR (:kind = 'compound' AND b.compound_id = :id)
    UNION ALL
    SELECT p.id, u.community_id
    FROM building b
    JOIN unit u ON u.building_id = b.id
    JOIN post p ON p.unit_id = u.id
    WHERE (:kind = 'building' AND b.id = :id) OR (:kind = 'compound' AND b.compound_id = :id)
    UNION ALL
    SELECT p.id, u.community_id FROM unit u JOIN post p ON p.unit_id = u.id WHERE :kind = 'unit' AND u.id = :id
    UNION ALL
    SELECT p.id, s.community_id
    FROM station s
    JOIN post p ON p.station_id = s.id
    WHERE (:kind = 'station' AND s.id = :id) OR (:kind = 'compound' AND s.compound_id = :id)
    UNION ALL
    SELECT p.id, a.community_id FROM area a JOIN post p ON p.grid_id = a.id WHERE :kind = 'grid' AND a.id = :id
) w
WHERE p.id = w.id AND p.community_id <> w.community_id
