-- What residents answered, as the file tells it.
INSERT INTO call_back (request_id, community_id, called_at, recorded_by, reached, responded, solved, satisfied)
SELECT a.id, a.community_id, a.called_at, current_setting('app.user_name'), a.reached, a.responded, a.solved, a.satisfied
FROM arrived a
WHERE a.id IS NOT NULL AND a.reached IS NOT NULL
ORDER BY a.id
