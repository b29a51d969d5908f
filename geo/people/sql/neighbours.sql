SELECT n.id AS building_id, n.number, n.name, n.address, n.code,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       p.id AS post_id, h.person_id, pe.name AS person_name, n.households
FROM building b
JOIN LATERAL (
    SELECT o.* FROM building o
    WHERE o.compound_id = b.compound_id AND o.id <> b.id AND o.closed_on IS NULL
    ORDER BY o.geom <-> b.geom, o.id LIMIT :most
) n ON true
JOIN compound c ON c.id = n.compound_id
LEFT JOIN post p ON p.building_id = n.id AND p.kind = 'building_head' AND p.closed_on IS NULL
LEFT JOIN holding h ON h.post_id = p.id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
LEFT JOIN person pe ON pe.id = h.person_id
WHERE b.id = :building_id
ORDER BY n.geom <-> b.geom, n.id
