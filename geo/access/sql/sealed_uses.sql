SELECT encode(substr(s.sealed, 2, 4), 'hex') AS key_id, count(*) AS values
FROM personal.helped_person p
CROSS JOIN LATERAL (VALUES (p.name_sealed), (p.phone_sealed), (p.notes_sealed)) s (sealed)
WHERE s.sealed IS NOT NULL
GROUP BY 1
