SELECT coalesce(max(e.id), 0) AS last,
    coalesce(bool_or(e.id > %(since)s AND (e.entity NOT IN ('holding', 'post', 'person') OR e.entity_id IS NULL)), false)
        AS in_bulk
FROM audit_entry e
WHERE e.id > %(since)s OR e.id = (SELECT max(id) FROM audit_entry)
