SELECT coalesce(b.address, ub.address) AS address, coalesce(b.code, u.code, s.code, g.code, o.code) AS place_code,
    CASE WHEN NOT c.placeholder THEN c.name END AS compound_name, coalesce(b.number, ub.number) AS building_number,
    u.number AS unit_number, p.kind AS post, n.name, n.id AS person_id, h.from_on, h.to_on, h.how,
    CASE WHEN n.id IS NULL THEN 'yes' END AS held
FROM holding h JOIN post p ON p.id = h.post_id LEFT JOIN person n ON n.id = h.person_id
LEFT JOIN building b ON b.id = p.building_id
LEFT JOIN unit u ON u.id = p.unit_id LEFT JOIN building ub ON ub.id = u.building_id
LEFT JOIN station s ON s.id = p.station_id LEFT JOIN area g ON g.id = p.grid_id
LEFT JOIN organisation o ON o.id = p.organisation_id
LEFT JOIN compound c ON c.id = coalesce(b.compound_id, ub.compound_id, s.compound_id, o.compound_id)
WHERE (h.to_on IS NULL OR h.to_on > greatest(CAST(:today AS date), h.from_on)) AND p.closed_on IS NULL
AND (CAST(:community_id AS int8) IS NULL OR h.community_id = :community_id)
ORDER BY p.kind, place_code, h.from_on, n.name
