-- What a file tells of requests that have moved on: the steps between with their times, then the state as it is now; a row
-- without a new state tells what it filled in. Where no time is told, it is the time of the import.
INSERT INTO request_event (request_id, community_id, happened_at, recorded_by, kind, from_status, to_status, details)
SELECT m.id, m.community_id, s.at, current_setting('app.user_name'), 'imported', s.before, s.status,
    CASE WHEN s.step = 9 THEN m.details || jsonb_build_object('system', m.system, 'number', m.external_id)
        || CASE WHEN m.answered THEN jsonb_strip_nulls(jsonb_build_object(
            'reached', m.reached, 'responded', m.responded, 'solved', m.solved, 'satisfied', m.satisfied))
        ELSE '{}' END ELSE '{}' END
FROM moved_on m CROSS JOIN LATERAL (
    SELECT t.step, t.at, t.status, CASE WHEN m.moved THEN coalesce(lag(t.status) OVER (ORDER BY t.step), m.was) END AS before
    FROM (VALUES
        (1, 1, 'accepted', m.accepted_at),
        (2, 2, 'dispatched', m.dispatched_at),
        (3, 6, 'resolved', m.resolved_at),
        (4, 7, 'called_back', CASE WHEN m.reached THEN m.called_at END),
        (9, m.place, CASE WHEN m.moved THEN m.status END, CASE
            WHEN NOT m.moved THEN CASE WHEN m.answered THEN m.called_at END
            WHEN m.place = 9 THEN m.closed_at
            WHEN m.status = 'called_back' THEN m.called_at
            WHEN m.status = 'resolved' THEN m.resolved_at
            WHEN m.status = 'dispatched' THEN m.dispatched_at
            WHEN m.status = 'accepted' THEN m.accepted_at END)
    ) given (step, place, status, told)
    CROSS JOIN LATERAL (SELECT given.step, given.status, coalesce(given.told, now()) AS at) t
    WHERE given.step = 9 OR m.moved AND given.told IS NOT NULL AND given.place < m.place
        AND CASE WHEN m.since IS NULL THEN given.place > m.was_place ELSE given.told > m.since END
        AND NOT (given.step = 1 AND m.dispatched_at <= m.accepted_at)
) s
ORDER BY m.id, s.step
