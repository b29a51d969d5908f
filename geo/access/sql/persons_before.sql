SELECT p.id, p.name_sealed, p.phone_sealed, p.notes_sealed
FROM personal.helped_person p
WHERE p.id > :after AND EXISTS (
    SELECT FROM (VALUES (p.name_sealed), (p.phone_sealed), (p.notes_sealed)) s (sealed)
    WHERE encode(substr(s.sealed, 2, 4), 'hex') = ANY (:old))
ORDER BY p.id
LIMIT :most
FOR UPDATE
