-- Rows of a file whose request is known and further on there than here: a later state of the life cycle (moved), times that
-- were unknown (filled), an answer that is new (answered). Nothing goes back: after a return or a new opening only times later
-- than what is known lead on, and none of the two comes a second time without a new answer. touched: somebody has worked on the request here, as events outside imports tell.
CREATE TEMP TABLE moved_on ON COMMIT DROP AS
WITH stage (status, place) AS (
    VALUES ('received', 0), ('accepted', 1), ('dispatched', 2), ('returned', 3), ('in_progress', 4), ('waiting', 4),
        ('escalated', 5), ('resolved', 6), ('called_back', 7), ('reopened', 8), ('closed', 9), ('out_of_scope', 9),
        ('duplicate', 9)
), known AS (
    SELECT a."row", r.id FROM arrived a JOIN request r ON r.external_system = a.system AND r.external_id = a.external_id
    UNION
    SELECT a."row", r.id FROM arrived a JOIN request r ON a.system = 'yizhan' AND r.number = a.external_id
), compared AS (
    SELECT DISTINCT ON (r.id) a."row", r.id, r.number, r.community_id, r.version, r.status AS was, s.place AS was_place,
        a.status, t.place, a.accepted_at, a.dispatched_at, a.resolved_at, a.closed_at, a.called_at, a.reached, a.responded,
        a.solved, a.satisfied, a.details, a.system, a.external_id,
        r.accepted_at IS NULL AND a.accepted_at IS NOT NULL OR r.resolved_at IS NULL AND a.resolved_at IS NOT NULL AS filled
    FROM known k JOIN arrived a ON a."row" = k."row" JOIN request r ON r.id = k.id
    JOIN stage s ON s.status = r.status JOIN stage t ON t.status = a.status
    WHERE a.status = r.status OR s.place < t.place OR r.status IN ('returned', 'reopened')
    ORDER BY r.id, a."row"
), judged AS (
    SELECT c.*, e.since,
        c.was_place < 9 AND c.status <> c.was
        AND (c.was_place < c.place AND (c.was <> 'reopened' OR c.place = 9)
            OR e.since IS NOT NULL AND c.status NOT IN ('received', 'returned')
            AND greatest(c.accepted_at, c.dispatched_at, c.resolved_at) > e.since) AS moved,
        c.reached IS NOT NULL AND (l.called_at IS NULL
            OR (c.reached, c.responded, c.solved, c.satisfied) IS DISTINCT FROM (l.reached, l.responded, l.solved, l.satisfied)
            AND (c.called_at > l.called_at OR c.called_at = l.called_at AND c.reached AND NOT l.reached)) AS answered
    FROM compared c
    LEFT JOIN LATERAL (
        SELECT coalesce(max(v.happened_at) FILTER (WHERE v.to_status IN ('dispatched', 'resolved', 'called_back')),
            max(v.recorded_at)) AS since
        FROM request_event v WHERE v.request_id = c.id AND c.was IN ('returned', 'reopened')
    ) e ON true
    LEFT JOIN LATERAL (
        SELECT b.called_at, b.reached, b.responded, b.solved, b.satisfied FROM call_back b
        WHERE b.request_id = c.id AND c.reached IS NOT NULL ORDER BY b.called_at DESC, b.id DESC LIMIT 1
    ) l ON true
)
SELECT j.*, EXISTS (
    SELECT FROM request_event v WHERE v.request_id = j.id AND NOT EXISTS (
        SELECT FROM request_event i
        WHERE i.request_id = j.id AND i.kind = 'imported' AND i.recorded_at = v.recorded_at)
) AS touched
FROM judged j
WHERE j.moved AND (j.status NOT IN ('returned', 'reopened') OR j.status = 'reopened' AND j.answered OR NOT EXISTS (
    SELECT FROM request_event v WHERE v.request_id = j.id AND v.to_status = j.status))
OR j.status = j.was AND (j.filled OR j.answered)
