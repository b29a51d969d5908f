-- What is wrong with the chain over the audit trail: every link is computed anew from the hash before it and its entry.
WITH linked AS (
    SELECT s.no, s.entry_id, s.hash, lag(s.no, 1, 0::bigint) OVER chain AS former_no,
           lag(s.hash, 1, ''::bytea) OVER chain AS former_hash
    FROM audit_seal s
    WINDOW chain AS (ORDER BY s.no)
), looked_at AS (
    SELECT l.no, coalesce(l.entry_id, e.id) AS entry_id, e.at,
           CASE WHEN l.no IS NULL THEN 'unsealed'
                WHEN l.no <> l.former_no + 1 THEN 'gap'
                WHEN e.id IS NULL THEN 'removed'
                WHEN l.hash <> audit_hash(l.former_hash, e) THEN 'changed' END AS problem
    FROM linked l
    FULL JOIN audit_entry e ON e.id = l.entry_id
)
SELECT no, entry_id, at, problem, count(*) OVER () AS found
FROM looked_at
WHERE problem IS NOT NULL
ORDER BY no NULLS LAST, entry_id
LIMIT :most
