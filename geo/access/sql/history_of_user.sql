SELECT e.id, e.at, e.actor, e.action, e.before, e.after, e.note
FROM audit_entry e
WHERE e.entity = 'app_user' AND (e.actor = :name OR e.note = :name OR e.after ->> 'user_name' = :name)
ORDER BY e.at DESC, e.id DESC
LIMIT :most
