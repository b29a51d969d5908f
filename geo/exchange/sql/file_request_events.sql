-- What is known of how each new request came where it stands: it was imported, with the words of the other system, then
-- the steps whose time the file tells, then the other system's own history.
INSERT INTO request_event (request_id, community_id, happened_at, recorded_by, kind, from_status, to_status, note, details)
SELECT e.id, e.community_id, e.happened_at, current_setting('app.user_name'), e.kind, e.from_status, e.to_status, e.note,
    e.details
FROM (
    SELECT a.id, a.community_id, a.received_at AS happened_at, 1 AS step, 'imported' AS kind, NULL AS from_status,
        'received' AS to_status, NULL AS note,
        a.details || jsonb_build_object('system', a.system, 'number', a.external_id) AS details
    FROM arrived a WHERE a.id IS NOT NULL
    UNION ALL
    SELECT a.id, a.community_id, s.at, s.step, 'status', s.before, s.status, NULL, '{}'
    FROM arrived a CROSS JOIN LATERAL (
        SELECT t.at, t.step, t.status, coalesce(lag(t.status) OVER (ORDER BY t.step), 'received') AS before
        FROM (VALUES
            (2, 'accepted', CASE WHEN a.accepted_at < coalesce(a.dispatched_at, 'infinity') THEN a.accepted_at END),
            (3, 'dispatched', a.dispatched_at),
            (4, 'resolved', a.resolved_at),
            (5, 'called_back', CASE WHEN a.reached THEN a.called_at END),
            (6, a.status, CASE WHEN a.closed_at IS NOT NULL THEN a.closed_at
                WHEN a.status NOT IN ('received', 'accepted', 'dispatched', 'resolved', 'called_back')
                THEN coalesce(a.resolved_at, a.dispatched_at, a.accepted_at, a.received_at) END)
        ) t (step, status, at) WHERE t.at IS NOT NULL
    ) s WHERE a.id IS NOT NULL AND (a.status <> 'received' OR s.step < 6)
    UNION ALL
    SELECT a.id, a.community_id, coalesce((t.told ->> 0)::timestamptz, a.received_at), 7, 'note', NULL, NULL, t.told ->> 1, '{}'
    FROM arrived a CROSS JOIN LATERAL jsonb_array_elements(a.timeline) t (told)
    WHERE a.id IS NOT NULL AND a.timeline IS NOT NULL
) e
ORDER BY e.id, e.happened_at, e.step
