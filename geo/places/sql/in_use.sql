SELECT u.kind, u.name
FROM (
    SELECT a.level AS kind, a.name FROM area a
    WHERE a.parent_id = :id AND a.closed_on IS NULL
      AND CAST(:kind AS text) IN ('city', 'district', 'street_office', 'community')
    UNION ALL
    SELECT 'compound', c.name FROM compound c
    WHERE c.community_id = :id AND c.closed_on IS NULL AND :kind = 'community'
    UNION ALL
    SELECT 'building', coalesce(b.number, b.name, b.address, b.code) FROM building b
    WHERE b.compound_id = :id AND b.closed_on IS NULL AND :kind = 'compound'
    UNION ALL
    SELECT 'gate', coalesce(g.name, g.code) FROM gate g
    WHERE g.compound_id = :id AND g.closed_on IS NULL AND :kind = 'compound'
    UNION ALL
    SELECT 'station', s.name FROM station s
    WHERE s.closed_on IS NULL
      AND ((:kind = 'compound' AND s.compound_id = :id) OR (:kind = 'community' AND s.community_id = :id))
    UNION ALL
    SELECT 'candidate_site', s.name FROM candidate_site s
    WHERE s.closed_on IS NULL
      AND ((:kind = 'compound' AND s.compound_id = :id) OR (:kind = 'community' AND s.community_id = :id))
    UNION ALL
    SELECT 'unit', u.number FROM unit u
    WHERE u.building_id = :id AND u.closed_on IS NULL AND :kind = 'building'
    UNION ALL
    SELECT 'household', h.room FROM household h
    WHERE h.unit_id = :id AND h.closed_on IS NULL AND :kind = 'unit'
    UNION ALL
    SELECT 'holding', n.name
    FROM post p
    JOIN holding h ON h.post_id = p.id AND (h.to_on IS NULL OR h.to_on > :on) AND h.to_on IS DISTINCT FROM h.from_on
    LEFT JOIN person n ON n.id = h.person_id
    WHERE (:kind = 'building' AND p.building_id = :id) OR (:kind = 'unit' AND p.unit_id = :id)
       OR (:kind = 'grid' AND p.grid_id = :id) OR (:kind = 'station' AND p.station_id = :id)
    UNION ALL
    SELECT 'need', n.number FROM care_need n
    WHERE n.status <> 'ended' AND ((:kind = 'building' AND n.building_id = :id) OR (:kind = 'unit' AND n.unit_id = :id)
       OR (:kind = 'household' AND n.household_id = :id))
) u
ORDER BY u.kind, length(u.name), u.name
