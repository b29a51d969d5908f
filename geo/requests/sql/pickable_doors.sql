SELECT b.id AS building_id, u.id AS unit_id, u.number AS unit_number, b.number, b.name, b.address, b.code,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound
FROM building b
JOIN compound c ON c.id = b.compound_id
LEFT JOIN LATERAL (
    SELECT CAST(NULL AS bigint) AS id, CAST(NULL AS text) AS number
    UNION ALL
    SELECT n.id, n.number FROM unit n WHERE n.building_id = b.id AND n.closed_on IS NULL
) u ON true
WHERE b.closed_on IS NULL AND (b.id = ANY (:buildings) OR b.compound_id = ANY (:compounds))
ORDER BY c.name, length(b.number), b.number, b.id, u.id IS NOT NULL, length(u.number), u.number
LIMIT :most
