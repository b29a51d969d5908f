SELECT i.id, i.community_id, a.name AS community, i.kind, i.name, i.started_at, i.expected_end_at, i.ended_at, i.note,
       i.recorded_by, i.version,
       (SELECT count(*) FROM incident_door d WHERE d.incident_id = i.id) AS doors,
       (SELECT count(*) FROM request r WHERE r.incident_id = i.id) AS requests
FROM incident i JOIN area a ON a.id = i.community_id
WHERE (CAST(:running AS boolean) IS NULL OR (i.ended_at IS NULL) = :running)
  AND (CAST(:incident_id AS bigint) IS NULL OR i.id = :incident_id)
ORDER BY i.ended_at IS NULL DESC, i.started_at DESC, i.id DESC
LIMIT :most
