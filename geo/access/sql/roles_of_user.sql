SELECT r.id, r.role, r.from_on, r.to_on, r.reason, r.given_by, r.version,
       coalesce(a.name, s.name, p.name) AS place, c.name AS within
FROM user_role r
LEFT JOIN area a ON a.id = r.community_id
LEFT JOIN station s ON s.id = r.station_id
LEFT JOIN person p ON p.id = r.person_id
LEFT JOIN area c ON c.id = coalesce(s.community_id, p.community_id)
WHERE r.user_name = :name
ORDER BY r.to_on IS NOT NULL AND r.to_on <= :on, r.role, place, r.from_on DESC, r.id
