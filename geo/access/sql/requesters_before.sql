SELECT r.request_id AS id, r.name_sealed, r.phone_sealed
FROM personal.requester r
WHERE r.request_id > :after AND EXISTS (
    SELECT FROM (VALUES (r.name_sealed), (r.phone_sealed)) s (sealed)
    WHERE encode(substr(s.sealed, 2, 4), 'hex') = ANY (:old))
ORDER BY r.request_id
LIMIT :most
FOR UPDATE
