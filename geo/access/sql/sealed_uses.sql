SELECT encode(substr(s.sealed, 2, 4), 'hex') AS key_id, count(*) AS values
FROM (
    SELECT p.name_sealed AS sealed FROM personal.helped_person p
    UNION ALL
    SELECT p.phone_sealed FROM personal.helped_person p
    UNION ALL
    SELECT p.notes_sealed FROM personal.helped_person p
    UNION ALL
    SELECT c.phone_sealed FROM personal.contact c
    UNION ALL
    SELECT r.name_sealed FROM personal.requester r
    UNION ALL
    SELECT r.phone_sealed FROM personal.requester r
) s
WHERE s.sealed IS NOT NULL
GROUP BY 1
