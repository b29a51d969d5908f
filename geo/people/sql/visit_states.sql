SELECT d.state, count(*) AS needs
FROM personal.visits_due(:zone, CAST(:community_id AS bigint), NULL) d
WHERE CAST(:compound_id AS bigint) IS NULL OR d.care_need_id IN (
    SELECT n.id FROM care_need n JOIN building b ON b.id = n.building_id WHERE b.compound_id = :compound_id)
GROUP BY d.state
