SELECT (SELECT coalesce(max(e.id), 0) FROM audit_entry e) AS last,
    EXISTS (
        SELECT FROM audit_entry e
        WHERE e.id > %(since)s AND e.action NOT IN ('assign_head', 'end_holding', 'undo_holding')
    ) AS in_bulk
