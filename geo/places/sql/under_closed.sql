SELECT EXISTS (
    SELECT FROM building b JOIN compound c ON c.id = b.compound_id
    WHERE CAST(:kind AS text) = 'building' AND b.id = :id AND b.closed_on IS NULL AND c.closed_on IS NOT NULL
    UNION ALL
    SELECT FROM unit u JOIN building b ON b.id = u.building_id
    WHERE :kind = 'unit' AND u.id = :id AND u.closed_on IS NULL AND b.closed_on IS NOT NULL
    UNION ALL
    SELECT FROM gate g JOIN compound c ON c.id = g.compound_id
    WHERE :kind = 'gate' AND g.id = :id AND g.closed_on IS NULL AND c.closed_on IS NOT NULL
    UNION ALL
    SELECT FROM compound c JOIN area a ON a.id = c.community_id
    WHERE :kind = 'compound' AND c.id = :id AND c.closed_on IS NULL AND a.closed_on IS NOT NULL
    UNION ALL
    SELECT FROM area a JOIN area p ON p.id = a.parent_id
    WHERE :kind IN ('grid', 'community') AND a.id = :id AND a.closed_on IS NULL AND p.closed_on IS NOT NULL
)
