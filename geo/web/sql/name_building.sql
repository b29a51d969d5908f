SELECT CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound, b.number, b.name, b.address, b.code, b.households
FROM building b
JOIN compound c ON c.id = b.compound_id
WHERE b.id = %(id)s
