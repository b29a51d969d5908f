SELECT s.no, encode(s.hash, 'hex') AS hash, e.at
FROM audit_seal s
LEFT JOIN audit_entry e ON e.id = s.entry_id
ORDER BY s.no DESC
LIMIT 1
