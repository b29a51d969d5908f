SELECT 'building' AS kind, b.id, b.number, b.name, b.address, b.code, b.households, false AS placeholder,
       CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound
FROM building b
JOIN compound c ON c.id = b.compound_id
WHERE b.compound_id = :id AND b.closed_on IS NULL
ORDER BY length(b.number), b.number, b.address, b.id
LIMIT :most
