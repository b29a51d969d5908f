INSERT INTO placed (row, compound_id, community_id, how)
SELECT s.row, c.id, c.community_id, 'code'
FROM incoming s JOIN compound c ON c.code = s.compound_code;

INSERT INTO placed (row, compound_id, community_id, how)
SELECT k.row, t.compound_id, t.community_id, 'kept'
FROM known k JOIN {table} t ON t.id = k.id
ON CONFLICT DO NOTHING;

INSERT INTO placed (row, compound_id, community_id, how)
SELECT s.row, min(c.id), min(c.community_id), 'name'
FROM incoming s
JOIN compound c ON c.name = s.compound_name AND NOT c.placeholder AND c.closed_on IS NULL
JOIN area a ON a.id = c.community_id AND (s.community_code IS NULL OR a.code = s.community_code)
GROUP BY s.row HAVING count(*) = 1
ON CONFLICT DO NOTHING;

INSERT INTO placed (row, community_id, how)
SELECT s.row, a.id, 'code'
FROM incoming s JOIN area a ON a.level = 'community' AND a.code = s.community_code
ON CONFLICT DO NOTHING;
