SELECT o.code, o.name, o.kind, o.team_kind, CASE WHEN NOT a.placeholder THEN a.code END AS community_code, c.code AS compound_code,
    c.name AS compound_name
FROM organisation o JOIN area a ON a.id = o.community_id
LEFT JOIN compound c ON c.id = o.compound_id AND NOT c.placeholder
WHERE o.closed_on IS NULL AND (CAST(:community_id AS int8) IS NULL OR o.community_id = :community_id)
ORDER BY o.code
