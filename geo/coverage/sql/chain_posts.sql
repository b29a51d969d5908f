SELECT p.id AS post_id, coalesce(p.building_id, p.unit_id) AS place_id
FROM post p
WHERE p.kind = %(kind)s AND p.closed_on IS NULL
ORDER BY p.id
