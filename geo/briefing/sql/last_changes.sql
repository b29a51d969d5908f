SELECT (SELECT coalesce(max(e.id), 0) FROM audit_entry e) AS last,
    count(*) FILTER (WHERE e.action IN ('assign_head', 'end_holding', 'undo_holding')) AS of_heads,
    count(*) FILTER (WHERE e.action NOT IN ('assign_head', 'end_holding', 'undo_holding')) AS others
FROM audit_entry e
WHERE e.id > %(since)s
