-- Everybody who stands in the log, one step along the index for each instead of reading all entries.
WITH RECURSIVE people AS (
    (SELECT e.actor FROM audit_entry e ORDER BY e.actor LIMIT 1)
    UNION ALL
    SELECT (SELECT e.actor FROM audit_entry e WHERE e.actor > p.actor ORDER BY e.actor LIMIT 1)
    FROM people p
    WHERE p.actor IS NOT NULL
)
SELECT p.actor AS name, u.shown_name
FROM people p
LEFT JOIN app_user u ON u.name = p.actor
WHERE p.actor IS NOT NULL
ORDER BY p.actor
