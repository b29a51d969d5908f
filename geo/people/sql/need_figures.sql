SELECT n.status, n.tasks, count(*) AS needs, count(*) FILTER (WHERE n.helped_person_id IS NULL) AS without_person
FROM care_need n JOIN building b ON b.id = n.building_id
WHERE (CAST(:community_id AS bigint) IS NULL OR n.community_id = :community_id)
  AND (CAST(:compound_id AS bigint) IS NULL OR b.compound_id = :compound_id)
GROUP BY n.status, n.tasks
