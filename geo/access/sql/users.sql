WITH held AS (
    SELECT r.user_name, r.role, r.to_on, r.from_on > :on AS coming, a.name AS community, s.name AS station, p.name AS person
    FROM user_role r
    LEFT JOIN area a ON a.id = r.community_id
    LEFT JOIN station s ON s.id = r.station_id
    LEFT JOIN person p ON p.id = r.person_id
    WHERE (r.to_on IS NULL OR r.to_on > :on) AND r.to_on IS DISTINCT FROM r.from_on
), seen AS (
    SELECT t.user_name, max(t.seen_at) AS seen_at,
           count(*) FILTER (WHERE t.ended_at IS NULL AND t.expires_at > now()) AS devices
    FROM user_session t
    GROUP BY t.user_name
), roles AS (
    SELECT h.user_name, array_agg(DISTINCT h.role ORDER BY h.role) AS roles, min(h.to_on) AS next_end,
           array_remove(array_agg(DISTINCT coalesce(h.community, h.station, h.person)), NULL) AS places
    FROM held h
    GROUP BY h.user_name
)
SELECT u.name, u.shown_name, u.email, u.status, u.version, coalesce(r.roles, '{}') AS roles,
       coalesce(r.places, '{}') AS places, r.next_end, s.seen_at, coalesce(s.devices, 0) AS devices
FROM app_user u
LEFT JOIN roles r ON r.user_name = u.name
LEFT JOIN seen s ON s.user_name = u.name
WHERE u.name <> :operator
  AND (:wanted = '' OR u.name ILIKE :anywhere OR u.shown_name ILIKE :anywhere OR u.email ILIKE :anywhere
       OR EXISTS (SELECT FROM unnest(r.places) place WHERE place ILIKE :anywhere))
  AND (CAST(:role AS text) IS NULL OR :role = ANY (r.roles))
  AND (CAST(:status AS text) IS NULL OR u.status = :status)
  AND (NOT :expiring OR r.next_end <= :ends_by)
ORDER BY coalesce(r.next_end <= :ends_by, false) DESC, CASE WHEN r.next_end <= :ends_by THEN r.next_end END, lower(u.name)
