-- The last valid call-back of each request counts; the requests of one incident count once, by the latest of theirs.
WITH counted AS (
    SELECT DISTINCT ON (coalesce(-r.incident_id, r.id)) r.community_id, r.category_id, r.received_at, h.called_at,
           h.responded, h.solved, h.satisfied
    FROM request r LEFT JOIN call_back h ON h.request_id = r.id AND h.reached
    WHERE r.status <> 'duplicate' AND r.received_at >= CAST(:since AS date)::timestamp AT TIME ZONE :zone
      AND r.received_at < CAST(:until AS date)::timestamp AT TIME ZONE :zone
      AND (CAST(:community_id AS bigint) IS NULL OR r.community_id = :community_id)
    ORDER BY coalesce(-r.incident_id, r.id), h.called_at DESC NULLS LAST, h.id DESC, r.id
)
SELECT {key} AS key, count(*) AS requests, count(c.called_at) AS called, count(*) FILTER (WHERE c.responded) AS responded,
       count(*) FILTER (WHERE c.solved) AS solved, count(*) FILTER (WHERE c.satisfied = 'yes') AS satisfied,
       count(*) FILTER (WHERE c.satisfied = 'basically') AS basically
FROM counted c JOIN request_category g ON g.id = c.category_id
GROUP BY 1
