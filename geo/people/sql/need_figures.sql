SELECT n.status, n.tasks, count(*) AS needs, count(*) FILTER (WHERE n.helped_person_id IS NULL) AS without_person
FROM care_need n
WHERE (CAST(:community_id AS bigint) IS NULL OR n.community_id = :community_id)
  AND (CAST(:compound_id AS bigint) IS NULL
       OR n.building_id IN (SELECT b.id FROM building b WHERE b.compound_id = :compound_id))
GROUP BY n.status, n.tasks
