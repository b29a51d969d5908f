SELECT (SELECT jsonb_object_agg(s.status, s.circles) FROM (
            SELECT c.status, count(*) AS circles FROM care_circle c
            WHERE CAST(:community_id AS bigint) IS NULL OR c.community_id = :community_id GROUP BY c.status) s) AS by_status,
       (SELECT count(*) FROM care_need n
        WHERE n.status = 'open'
          AND (CAST(:community_id AS bigint) IS NULL OR n.community_id = :community_id)) AS open_needs,
       (SELECT count(*) FROM care_need n
        WHERE n.status = 'open' AND (CAST(:community_id AS bigint) IS NULL OR n.community_id = :community_id)
          AND NOT EXISTS (SELECT FROM care_circle c
                          WHERE c.care_need_id = n.id AND c.status IN ('trial', 'active'))) AS without_circle,
       m.volunteers, m.mean_m
FROM (SELECT count(DISTINCT m.volunteer_id) AS volunteers, avg(m.distance_m) AS mean_m
      FROM circle_member m JOIN care_circle c ON c.id = m.circle_id AND c.status IN ('trial', 'active')
      WHERE m.to_on IS NULL AND (CAST(:community_id AS bigint) IS NULL OR m.community_id = :community_id)) m
