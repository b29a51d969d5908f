SELECT v.result, count(*) AS visits
FROM visit v
WHERE v.visited_at >= now() - make_interval(days => :days)
  AND (CAST(:community_id AS bigint) IS NULL OR v.community_id = :community_id)
  AND (CAST(:compound_id AS bigint) IS NULL
       OR v.building_id IN (SELECT b.id FROM building b WHERE b.compound_id = :compound_id))
GROUP BY v.result
