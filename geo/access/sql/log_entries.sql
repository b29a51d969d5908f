SELECT e.id, e.at, e.actor, u.shown_name, e.action, e.entity, e.entity_id, e.community_id, e.before, e.after, e.note, e.job_id
FROM audit_entry e
LEFT JOIN app_user u ON u.name = e.actor
WHERE {wanted}
ORDER BY e.at DESC, e.id DESC
LIMIT :most
