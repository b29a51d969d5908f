WITH bound AS (
    SELECT m.volunteer_id, sum(m.hours_week) AS hours
    FROM circle_member m
    JOIN care_circle c ON c.id = m.circle_id AND c.status <> 'ended'
    WHERE (m.to_on IS NULL OR m.to_on > :on)
      AND (CAST(:community_id AS bigint) IS NULL OR m.community_id = :community_id)
      AND (CAST(:volunteer_id AS bigint) IS NULL OR m.volunteer_id = :volunteer_id)
    GROUP BY 1
), chosen AS MATERIALIZED (
    SELECT v.*, coalesce(d.hours, 0) AS bound, n.name AS person_name, n.phone_end, a.name AS community
    FROM volunteer v
    JOIN area a ON a.id = v.community_id
    LEFT JOIN person n ON n.id = v.person_id
    LEFT JOIN bound d ON d.volunteer_id = v.id
    WHERE (CAST(:volunteer_id AS bigint) IS NULL OR v.id = :volunteer_id)
      AND (CAST(:community_id AS bigint) IS NULL OR v.community_id = :community_id)
      AND (CAST(:team_id AS bigint) IS NULL OR v.team_id = :team_id)
      AND (CAST(:status AS text) IS NULL OR v.status = :status)
      AND (CAST(:skill AS text) IS NULL OR :skill = ANY (v.skills))
      AND (CAST(:anywhere AS text) IS NULL OR n.name LIKE :anywhere OR n.pinyin LIKE :pinyin_start
           OR n.pinyin LIKE :initials)
      AND (CAST(:free_hours AS numeric) IS NULL OR v.hours_week - coalesce(d.hours, 0) >= :free_hours)
      AND CASE CAST(:found AS text)
          WHEN 'no_place' THEN v.building_id IS NULL
          WHEN 'no_times' THEN NOT EXISTS (SELECT FROM availability w WHERE w.volunteer_id = v.id)
          WHEN 'over_hours' THEN coalesce(d.hours, 0) > v.hours_week
          WHEN 'checked_in' THEN v.checked_in_on IS NOT NULL
          WHEN 'unconfirmed' THEN EXISTS (
              SELECT FROM hours_given g WHERE g.volunteer_id = v.id AND g.confirmed_by IS NULL)
          ELSE true END
    ORDER BY a.name, n.name, v.id
    LIMIT :most
)
SELECT v.id, v.person_id, v.person_name, v.phone_end, v.community_id, v.community, v.team_id, o.name AS team,
       o.team_kind, v.building_id, v.unit_id, v.skills, v.hours_week, v.bound, v.limit_m, v.birth_year, v.party_member,
       v.checked_in_on, v.status, v.closed_on, v.version, b.number, b.name, b.address, b.code, u.number AS unit_number,
       b.compound_id, CASE WHEN c.placeholder THEN NULL ELSE c.name END AS compound,
       ST_X(p.point) AS lon, ST_Y(p.point) AS lat, w.windows, w.free_minutes, g.given, g.confirmed, g.waiting
FROM chosen v
LEFT JOIN organisation o ON o.id = v.team_id
LEFT JOIN building b ON b.id = v.building_id
LEFT JOIN compound c ON c.id = b.compound_id
LEFT JOIN unit u ON u.id = v.unit_id
CROSS JOIN LATERAL (SELECT coalesce(u.geom, ST_PointOnSurface(b.geom)) AS point) p
CROSS JOIN LATERAL (
    SELECT count(*) AS windows, coalesce(sum(t.to_minute - t.from_minute), 0) AS free_minutes
    FROM availability t WHERE t.volunteer_id = v.id
) w
CROSS JOIN LATERAL (
    SELECT coalesce(sum(h.minutes) FILTER (WHERE h.given_on >= :since), 0) AS given,
           coalesce(sum(h.minutes) FILTER (WHERE h.given_on >= :since AND h.confirmed_by IS NOT NULL), 0) AS confirmed,
           count(*) FILTER (WHERE h.confirmed_by IS NULL) AS waiting
    FROM hours_given h WHERE h.volunteer_id = v.id
) g
ORDER BY v.community, v.person_name, v.id
