SELECT c.person_id AS id, c.phone_sealed, c.phone_mark
FROM personal.contact c
WHERE c.person_id > :after AND encode(substr(c.phone_sealed, 2, 4), 'hex') = ANY (:old)
ORDER BY c.person_id
LIMIT :most
FOR UPDATE
