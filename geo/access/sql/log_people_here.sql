-- Everybody in the entries of the communities whose log the actor may read, and the actor.
SELECT p.name, u.shown_name
FROM (
    SELECT e.actor AS name FROM audit_entry e WHERE e.community_id = ANY (:communities)
    UNION
    SELECT current_setting('app.user_name')
) p
LEFT JOIN app_user u ON u.name = p.name
ORDER BY p.name
