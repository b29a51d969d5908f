WITH bound AS (
    SELECT m.volunteer_id, sum(m.hours_week) AS hours
    FROM circle_member m
    JOIN care_circle c ON c.id = m.circle_id AND c.status <> 'ended'
    WHERE (m.to_on IS NULL OR m.to_on > :on)
      AND (CAST(:community_id AS bigint) IS NULL OR m.community_id = :community_id)
    GROUP BY 1
), held AS (
    SELECT h.person_id, array_agg(DISTINCT p.kind || coalesce(':' || o.kind, '')) AS posts
    FROM volunteer v
    JOIN holding h ON h.person_id = v.person_id AND h.from_on <= :on AND (h.to_on IS NULL OR h.to_on > :on)
    JOIN post p ON p.id = h.post_id AND p.closed_on IS NULL
    LEFT JOIN organisation o ON o.id = p.organisation_id
    WHERE v.status = 'active' AND (CAST(:community_id AS bigint) IS NULL OR v.community_id = :community_id)
    GROUP BY 1
)
SELECT v.id AS volunteer_id, v.person_id, v.community_id, b.compound_id, v.building_id, v.unit_id,
       ST_X(p.point) AS lon, ST_Y(p.point) AS lat, v.skills, v.hours_week, coalesce(d.hours, 0) AS bound, v.limit_m,
       v.birth_year, v.team_id, o.team_kind, v.party_member, v.checked_in_on, coalesce(e.posts, '{}') AS posts
FROM volunteer v
LEFT JOIN building b ON b.id = v.building_id
LEFT JOIN unit u ON u.id = v.unit_id
LEFT JOIN organisation o ON o.id = v.team_id
LEFT JOIN bound d ON d.volunteer_id = v.id
LEFT JOIN held e ON e.person_id = v.person_id
CROSS JOIN LATERAL (SELECT coalesce(u.geom, ST_PointOnSurface(b.geom)) AS point) p
WHERE v.status = 'active' AND (CAST(:community_id AS bigint) IS NULL OR v.community_id = :community_id)
ORDER BY v.id
